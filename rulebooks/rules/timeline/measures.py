"""Measures: what holds against a member, since when and until when.

A measure is a step of a ladder that a decision imposed, or one that follows from its day alone
where the edition departs from serving anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import (
    AppealDecided,
    AppealFiled,
    Fact,
    MeasureLifted,
    MemberAdmitted,
)
from rulebooks.rules.ladder import Step
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.cases import Case, cases
from rulebooks.rules.timeline.climbing import Climb, Rung
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.hits import Cured, Hit
from rulebooks.rules.timeline.rungs import by_themselves
from rulebooks.rules.timeline.standstills import deadline


@dataclass(frozen=True, slots=True)
class Force:
    """A stretch during which a measure holds: its first day, the first day out, what ended it."""

    begin: date
    over: Cured | None

    @property
    def end(self) -> date | None:
        return self.over and self.over.on


@dataclass(frozen=True, slots=True)
class Measure:
    """A step that holds during ``periods``; ``public_from`` is when it may be published."""

    step: Step
    edition: Edition
    ground: str
    facts: tuple[int, ...]
    periods: tuple[Force, ...]
    public_from: date | None
    because: str = ""

    def in_force(self, day: date) -> bool:
        """Return whether the measure holds on a day."""
        return any(p.begin <= day and (p.end is None or day < p.end) for p in self.periods)

    def takes(self, right: str, day: date) -> bool:
        """Return whether the measure keeps a right from the member on a day."""
        return any(
            lost.right == right
            and lost.lost_on(period.begin, holidays=self.edition.closed_days) <= day
            for lost in self.step.rights_lost
            for period in self.periods
            if period.end is None or day < period.end
        )

    def is_public(self, day: date) -> bool:
        """Return whether what holds on a day may be published by then."""
        return self.public_from is not None and self.public_from <= day and self.in_force(day)

    def days(self) -> Iterator[date]:
        """Yield every day on which something that the measure does could change."""
        if self.public_from is not None:
            yield self.public_from
        for force in self.periods:
            yield force.begin
            yield from (force.end,) if force.end else ()
            for lost in self.step.rights_lost:
                yield lost.lost_on(force.begin, holidays=self.edition.closed_days)

    def ends(self, by: date) -> Iterator[Force]:
        """Yield the stretches of force that were over by a day."""
        return (p for p in self.periods if p.end is not None and p.begin < p.end <= by)


def measures(history: History, found: Sequence[Hit]) -> tuple[list[Measure], list[Rung]]:
    """Return what holds or held against the member, and the rungs that it stands on or may."""
    rungs = by_themselves(history, found)
    made = [_of_rung(rung) for rung in rungs if rung.held]
    for case in cases(history):
        if case.imposed is None:
            continue
        of_case = _climbed(case, found)
        rungs += of_case
        made.append(_of_case(case, of_case[0]))
        made += [_of_rung(rung) for rung in of_case[1:] if rung.held]
    return [_until_readmission(history, measure) for measure in made], rungs


def _climbed(case: Case, found: Sequence[Hit]) -> list[Rung]:
    """Return the rungs from the step that a case imposed on, until a decision ended it."""
    decision = case.imposed
    first = Rung(
        step=case.step,
        ladder=case.ladder,
        edition=case.edition,
        key=case.key,
        begin=decision.what.effective_on,
        held=True,
        ground=decision.what.kind,
        because="",
        facts=(decision.id,),
    )
    failures = tuple(case.failures(found))
    climb = Climb(case.history, case.edition, case.ladder, case.key, failures, found)
    lifted = _lifted(case)
    return [
        _cut(rung, lifted)
        for place, rung in enumerate(climb.rungs(first))
        if place == 0 or lifted is None or rung.begin < lifted.on
    ]


def _cut(rung: Rung, lifted: Cured | None) -> Rung:
    """Return a rung that ends with a decision, if that comes before its own end."""
    if lifted is None or (rung.over is not None and rung.over.on <= lifted.on):
        return rung
    return replace(rung, over=lifted)


def _lifted(case: Case) -> Cured | None:
    """Return when a decision ended what a case had imposed: set aside, or lifted."""
    decided = case.history.last(AppealDecided, case.key)
    set_aside = decided is not None and decided.what.outcome == "set_aside"
    ended_by = decided if set_aside else case.history.last(MeasureLifted, case.key)
    return ended_by and Cured(ended_by.about_on, ended_by.what.kind, (ended_by.id,))


def _of_case(case: Case, rung: Rung) -> Measure:
    return Measure(
        step=case.step,
        edition=case.edition,
        ground=rung.ground,
        facts=rung.facts,
        periods=tuple(_periods(case, rung)),
        public_from=_public_from(case, case.imposed),
    )


def _periods(case: Case, rung: Rung) -> Iterator[Force]:
    """Yield when a measure held: until an appeal that rests it, and again until it ended."""
    begin = rung.begin
    filed = case.history.first(AppealFiled, case.key)
    decided = case.history.last(AppealDecided, case.key)
    if filed is not None and case.step.appeal_suspends:
        rests = Cured(max(begin, filed.about_on), filed.what.kind, (filed.id,))
        if rung.over is not None and rung.over.on <= rests.on:
            rests = rung.over
        yield Force(begin, rests)
        if decided is None or rests is rung.over:
            return
        begin = max(begin, decided.about_on)
    if rung.over is None or begin < rung.over.on:
        yield Force(begin, rung.over)


def _public_from(case: Case, decision: Fact) -> date | None:
    """Return the first day on which a measure may be published, None while it waits."""
    told = case.step.published
    if told != "once_final":
        return decision.about_on
    history, key = case.history, case.key
    if history.first(AppealFiled, key):
        decided = history.last(AppealDecided, key)
        return decided and decided.about_on
    written = add_days(decision.about_on, case.step.appeal_days)
    end = deadline(history, key, case.ladder, clock="appeal", begun=decision.about_on, ends=written)
    return end.on and add_days(end.on, 1)


def _of_rung(rung: Rung) -> Measure:
    waits = rung.step.published == "once_final" and rung.step.appeal_days
    return Measure(
        step=rung.step,
        edition=rung.edition,
        ground=rung.ground,
        facts=rung.facts,
        periods=(Force(rung.begin, rung.over and replace(rung.over, on=rung.end)),),
        public_from=add_days(rung.begin, rung.step.appeal_days + 1) if waits else rung.begin,
        because=rung.because,
    )


def _until_readmission(history: History, measure: Measure) -> Measure:
    """Return a measure that ends when the organisation is admitted anew, if it lasted so long."""
    facts = history.facts(MemberAdmitted)[1:]
    if not facts:
        return measure
    periods = []
    for force in measure.periods:
        anew = next((f for f in facts if f.about_on > force.begin), None)
        if anew is not None and (force.end is None or anew.about_on < force.end):
            force = Force(force.begin, Cured(anew.about_on, anew.what.kind, (anew.id,)))
        periods.append(force)
    return replace(measure, periods=tuple(periods))
