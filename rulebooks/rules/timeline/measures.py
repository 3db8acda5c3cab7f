"""Cases and what they lead to: clocks, standing, rights.

The clock of a case runs from the recorded service of its notice, never from an earlier day.
A measure is what a decision imposed; standing is the gravest measure in force, and a right is
held unless some measure in force has taken it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import (
    AnswerReceived,
    AppealDecided,
    AppealFiled,
    CaseOpened,
    DecisionTaken,
    Fact,
    MeasureLifted,
    NoticeServed,
    What,
)
from rulebooks.rules.ladder import Step
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.history import History

# The stage that each act brings a case to; a decision's outcome says which.
STAGES: tuple[tuple[type[What], str], ...] = (
    (NoticeServed, "notified"),
    (AnswerReceived, "answered"),
    (DecisionTaken, ""),
    (AppealFiled, "appealed"),
    (AppealDecided, ""),
    (MeasureLifted, "lifted"),
)
OUTCOMES = {
    "impose": "imposed",
    "dismiss": "dismissed",
    "upheld": "final",
    "set_aside": "set_aside",
}
GRAVITY = {"good": 0, "warned": 1, "suspended": 2, "excluded": 3}


@dataclass(frozen=True, slots=True)
class Force:
    """A stretch during which a measure holds: its first day, the first day out, what ended it."""

    begin: date
    end: date | None
    ended_by: Fact | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A step imposed by a decision, in force during ``periods``."""

    step: Step
    edition: Edition
    decision: Fact
    periods: tuple[Force, ...]

    def in_force(self, day: date) -> bool:
        """Return whether the measure holds on a day."""
        return any(p.begin <= day and (p.end is None or day < p.end) for p in self.periods)

    def takes(self, right: str, day: date) -> bool:
        """Return whether the measure keeps a right from the member on a day."""
        return any(
            lost.right == right and lost.lost_on(period.begin) <= day
            for lost in self.step.rights_lost
            for period in self.periods
            if period.end is None or day < period.end
        )

    def ends(self, by: date) -> Iterator[Force]:
        """Yield the stretches of force that were over by a day."""
        return (p for p in self.periods if p.end is not None and p.begin < p.end <= by)


def case_changes(history: History) -> list[Change]:
    """Return the stages of the member's cases, and their clocks to answer and to appeal."""
    changes: list[Change] = []
    for opened in history.facts(CaseOpened):
        edition, step = _step(history, opened)
        if edition is None or step is None:
            continue
        notice = history.first(NoticeServed, opened.key)
        answer = history.first(AnswerReceived, opened.key)
        decision = history.last(DecisionTaken, opened.key)
        appeal = history.first(AppealFiled, opened.key)
        imposed = decision if decision and decision.what.outcome == "impose" else None
        clocks = [
            *_clock(opened.key, edition, step, "answer", notice, answer, step.answer_days),
            *_clock(opened.key, edition, step, "appeal", imposed, appeal, step.appeal_days),
        ]
        changes += [*clocks, *_stages(history, opened, edition, step, clocks)]
    return changes


def _stages(
    history: History, opened: Fact, edition: Edition, step: Step, clocks: list[Change]
) -> Iterator[Change]:
    """Yield the stage that each recorded act, or the end of a clock, brought a case to."""

    def change(fact: Fact, state: str) -> Change:
        return Change(
            on=fact.about_on,
            kind=Kind.CASE,
            key=opened.key,
            state=state,
            ground=fact.what.kind,
            clause=step.clause,
            edition=edition.code,
            facts=(fact.id,),
        )

    overtaken = {
        "answer": history.last(DecisionTaken, opened.key),
        "appeal": history.last(MeasureLifted, opened.key),
    }
    for clock in clocks:
        act = overtaken[clock.key.partition(":")[0]]
        if clock.state == "lapsed" and (act is None or act.about_on > clock.on):
            stage = "unanswered" if clock.key.startswith("answer:") else "final"
            yield replace(clock, kind=Kind.CASE, key=opened.key, state=stage)
    yield change(opened, "opened")
    for kind, stage in STAGES:
        for fact in history.facts(kind, opened.key):
            yield change(fact, stage or OUTCOMES[fact.what.outcome])


def _clock(
    case: str,
    edition: Edition,
    step: Step,
    name: str,
    begun: Fact | None,
    stopped: Fact | None,
    days: int,
) -> Iterator[Change]:
    """Yield a clock that runs ``days`` days from a recorded act, until another stops it."""
    if begun is None:
        return
    ends = add_days(begun.about_on, days)

    def change(on: date, state: str, fact: Fact) -> Change:
        return Change(
            on=on,
            kind=Kind.CLOCK,
            key=f"{name}:{case}",
            state=state,
            ground=fact.what.kind,
            clause=step.clause,
            edition=edition.code,
            because=f"{begun.about_on} + {days} days = {ends}",
            facts=(fact.id,),
        )

    yield change(begun.about_on, "running", begun)
    if stopped is not None and stopped.about_on <= ends:
        yield change(stopped.about_on, "stopped", stopped)
    else:
        yield change(add_days(ends, 1), "lapsed", begun)


def standing_changes(history: History) -> list[Change]:
    """Return how the member stood and which rights it held, from admission on."""
    admitted, measures = history.admitted, list(_measures(history))
    if admitted is None:
        return []
    changes: list[Change] = []
    for day in _days(history, admitted, measures):
        changes.append(_standing(history, admitted, measures, day))
        changes += _rights(history, admitted, measures, day)
    return changes


def _measures(history: History) -> Iterator[Measure]:
    for opened in history.facts(CaseOpened):
        edition, step = _step(history, opened)
        decision = history.last(DecisionTaken, opened.key)
        if step is None or decision is None or decision.what.outcome != "impose":
            continue
        yield Measure(step, edition, decision, tuple(_periods(history, opened.key, step, decision)))


def _periods(history: History, case: str, step: Step, decision: Fact) -> Iterator[Force]:
    """Yield when a measure held: until an appeal that rests it, and again until it ended."""
    begin = decision.what.effective_on
    filed = history.first(AppealFiled, case)
    decided = history.last(AppealDecided, case)
    if filed is not None and step.appeal_suspends:
        yield Force(begin, max(begin, filed.about_on), filed)
        if decided is None:
            return
        begin = max(begin, decided.about_on)
    set_aside = decided is not None and decided.what.outcome == "set_aside"
    ended_by = decided if set_aside else history.last(MeasureLifted, case)
    if ended_by is None or begin < ended_by.about_on:
        yield Force(begin, ended_by and ended_by.about_on, ended_by)


def _days(history: History, admitted: Fact, measures: list[Measure]) -> list[date]:
    """Return every day on which standing or a right could change, none before admission."""
    days = {admitted.about_on, *(e.in_force_from for e in history.editions)}
    days |= {history.left_on} if history.left_on else set()
    for measure in measures:
        for force in measure.periods:
            days |= {lost.lost_on(force.begin) for lost in measure.step.rights_lost}
            days |= {force.begin} | ({force.end} if force.end else set())
    return sorted(day for day in days if day >= admitted.about_on)


def _standing(history: History, admitted: Fact, measures: list[Measure], day: date) -> Change:
    edition = history.edition_on(day)
    if history.left_on and day >= history.left_on:
        return _state(day, Kind.STANDING, "", "left", "member.left", "", edition, ())
    in_force = [m for m in measures if m.in_force(day)]
    if not in_force:
        ended = [force for m in measures for force in m.ends(day)]
        last = max(ended, key=lambda force: force.end).ended_by if ended else admitted
        clause = _class_clause(history, edition)
        return _state(day, Kind.STANDING, "", "good", last.what.kind, clause, edition, (last.id,))
    gravest = max(in_force, key=lambda m: GRAVITY[m.step.standing])
    return _state(
        day,
        Kind.STANDING,
        "",
        gravest.step.standing,
        gravest.decision.what.kind,
        gravest.step.clause,
        gravest.edition,
        tuple(m.decision.id for m in in_force),
    )


def _rights(
    history: History, admitted: Fact, measures: list[Measure], day: date
) -> Iterator[Change]:
    """Yield held or lost for each right of the member's class on a day."""
    edition = history.edition_on(day)
    member_class = history.member_class(edition) if edition else None
    if member_class is None:
        return
    gone = bool(history.left_on and day >= history.left_on)
    for right in member_class.rights:
        takers = [m for m in measures if m.takes(right, day)]
        taker = takers[0] if takers else None
        yield _state(
            day,
            Kind.RIGHT,
            right,
            "lost" if taker or gone else "held",
            taker.decision.what.kind if taker else "member.left" if gone else "class",
            taker.step.clause if taker else member_class.clause,
            taker.edition if taker else edition,
            tuple(m.decision.id for m in takers) or (admitted.id,),
        )


def _state(
    on: date,
    kind: Kind,
    key: str,
    state: str,
    ground: str,
    clause: str,
    edition: Edition | None,
    facts: tuple[int, ...],
) -> Change:
    return Change(
        on=on,
        kind=kind,
        key=key,
        state=state,
        ground=ground,
        clause=clause,
        edition=edition.code if edition else "",
        facts=facts,
    )


def _class_clause(history: History, edition: Edition | None) -> str:
    member_class = history.member_class(edition) if edition else None
    return member_class.clause if member_class else ""


def _step(history: History, opened: Fact) -> tuple[Edition | None, Step | None]:
    """Return the step a case aims at, on a ladder of the edition the case began under."""
    edition = history.edition(opened.what.edition)
    steps = (step for ladder in edition.ladders for step in ladder.steps) if edition else ()
    return edition, next((step for step in steps if step.code == opened.what.step), None)
