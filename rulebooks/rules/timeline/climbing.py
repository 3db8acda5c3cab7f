"""How a member climbs a ladder: step by step while nothing is cured, or by counting its misses.

A *rung* is a stretch on one step. It is ``held`` where a decision imposed the step, or where it
follows from its day alone; else it is ``proposed`` to the body that decides, and people act.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import CaseOpened
from rulebooks.rules.ladder import Ladder, Step
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.cures import cured, over_on
from rulebooks.rules.timeline.history import Cycle, History
from rulebooks.rules.timeline.hits import Cured, Hit, calendars, runs
from rulebooks.rules.timeline.standstills import Deadline, deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A stretch on one step; ``key`` names its clocks: the case's code, else the ladder's."""

    step: Step
    ladder: Ladder
    edition: Edition
    key: str
    begin: date
    held: bool
    ground: str
    because: str
    facts: tuple[int, ...]
    over: Cured | None = None
    due: Deadline | None = None

    @property
    def end(self) -> date | None:
        """Return the first day that is no longer of it, None when nothing ends it."""
        return self.over and max(self.over.on, self.begin)


@dataclass(frozen=True, slots=True)
class Climb:
    """From where a member climbs on: what it failed in, since when it is on the first step."""

    history: History
    edition: Edition
    ladder: Ladder
    key: str
    failures: tuple[Hit, ...]
    found: Sequence[Hit]

    def rungs(self, first: Rung) -> Iterator[Rung]:
        """Yield the rungs from ``first`` on, each ended by the next or by its cure."""
        rung = first
        while True:
            over = cured(self.history, rung.step.cure, self.failures, self.found)
            following = self.ladder.step(rung.step.next) if rung.step.next else None
            due = self.due(following, rung)
            rung = replace(rung, due=due)
            if due is None or due.on is None or (over is not None and over.on <= due.on):
                yield replace(rung, over=over)
                return
            step_due = self.rung(following, rung, due)
            if not following.by_itself:
                yield replace(rung, over=over)
                yield replace(step_due, over=self._taken_up(over))
                return
            yield replace(rung, over=Cured(due.on, "cure_period.lapsed", rung.facts))
            rung = step_due

    def due(self, step: Step | None, rung: Rung) -> Deadline | None:
        """Return when a step is due after a rung, None where no time leads to it."""
        if step is None or step.when is None or step.when.consecutive is not None:
            return None
        written = self._written(step, rung.begin)
        return written and deadline(
            self.history, self.key, self.ladder, clock="cure", begun=rung.begin, ends=written
        )

    def _written(self, step: Step, begin: date) -> date | None:
        if step.when.cycles is not None:
            return _after_cycles(self.history, begin, step.when.cycles)
        from_due = step.when.anchor == "due" and self.failures
        anchor = self.failures[-1].due_on if from_due else begin
        return step.when.due_on(anchor, holidays=self.edition.closed_days)

    def rung(self, step: Step, before: Rung, due: Deadline) -> Rung:
        when = step.when
        from_due = when.anchor == "due" and self.failures
        anchor = self.failures[-1].due_on if from_due else before.begin
        length = when.term or f"{when.cycles} periods"
        return replace(
            before,
            step=step,
            begin=due.on,
            held=step.by_itself,
            ground="cure_period.lapsed",
            because=f"{anchor} + {length}{due.words} = {due.on}",
            facts=tuple(dict.fromkeys((*before.facts, *due.facts))),
            over=None,
            due=None,
        )

    def _taken_up(self, over: Cured | None) -> Cured | None:
        """Return when a proposal is over: a case took it up, or the failure was cured."""
        cases = (f for f in self.history.facts(CaseOpened) if f.what.follows == self.key)
        taken = next(cases, None)
        return Cured(taken.about_on, taken.what.kind, (taken.id,)) if taken else over


def _after_cycles(history: History, begin: date, count: int) -> date | None:
    """Return the day after the last of ``count`` periods has closed whose window opens later."""
    later = [cycle.period for cycle in history.cycles if cycle.period.opens_on >= begin]
    return add_days(later[count - 1].late_until, 1) if len(later) >= count else None


def leading_to(ladder: Ladder, edition: Edition, standing: Sequence[Hit]) -> list[Hit]:
    """Return the hits under an edition that lead to one of its ladders."""
    return [
        hit
        for hit in standing
        if hit.edition.code == edition.code
        and hit.rule.opens_case
        and ladder.leads_here(hit.rule.code)
    ]


def climbed(
    history: History, edition: Edition, ladder: Ladder, found: Sequence[Hit]
) -> Iterator[Rung]:
    """Yield the rungs of each failure that sets a climb off; a further one meanwhile sets none."""
    busy_until: date | None = date.min
    for hit in sorted(found, key=lambda hit: (hit.on, hit.key)):
        if busy_until is None or hit.on < busy_until:
            continue
        climb = Climb(history, edition, ladder, ladder.code, (hit,), found)
        first = first_rung(climb, hit)
        if first is None or (hit.cured is not None and hit.cured.on <= first.begin):
            continue
        rungs = list(climb.rungs(first))
        yield from rungs
        ends = [rung.end for rung in rungs]
        busy_until = None if None in ends else max(ends)


def first_rung(climb: Climb, hit: Hit) -> Rung | None:
    """Return the first rung of a ladder that a failure sets off, None while no time leads to it."""
    step = climb.ladder.step(climb.ladder.start)
    rung = Rung(
        step=step,
        ladder=climb.ladder,
        edition=climb.edition,
        key=climb.key,
        begin=hit.on,
        held=True,
        ground=hit.rule.detector.kind,
        because=hit.because,
        facts=hit.facts,
    )
    if step.when is None:
        return rung
    due = climb.due(step, rung)
    return climb.rung(step, rung, due) if due and due.on else None


def counted(
    history: History, edition: Edition, ladder: Ladder, found: Sequence[Hit]
) -> Iterator[Rung]:
    """Yield the rung of each run of misses, ended by the next one or by what ends the run."""
    for calendar in calendars(history, found):
        yield from _counted_in(calendar, history, edition, ladder, found)


def _counted_in(
    calendar: Sequence[Cycle],
    history: History,
    edition: Edition,
    ladder: Ladder,
    found: Sequence[Hit],
) -> Iterator[Rung]:
    on: Rung | None = None
    last: Hit | None = None
    fires_at = min(step.when.consecutive or 1 for step in ladder.steps if step.when)
    for cycle, run in runs(calendar, found, ladder.reset, fires_at=fires_at):
        if on is not None and not run:
            by_cure = last.cured if ladder.reset == "cure" else None
            over = by_cure or Cured(over_on(history, cycle), "run.ended", on.facts)
            yield replace(on, over=over)
            on = None
        hit = run[-1] if run else None
        if hit is None or not _counts_in(hit, cycle, edition):
            continue
        last = hit
        step = ladder.counted_step(len(run))
        if step is None:
            continue
        rung = _counted_rung(edition, ladder, step, run, cycle.period.sanctions_on)
        if on is not None:
            yield replace(on, over=Cured(rung.begin, "run.went_on", rung.facts))
        on = rung
        if step.standing == "excluded" and step.by_itself:
            break
    if on is not None:
        yield on


def _counts_in(hit: Hit, cycle: Cycle, edition: Edition) -> bool:
    """Return whether the last hit of a run is of a period, and leads to a step under ``edition``.

    A quiet one may make a later one the second, and leads nowhere itself.
    """
    here = hit.about == cycle.period.code and cycle.edition.code == edition.code
    return here and not hit.quiet


def _counted_rung(
    edition: Edition, ladder: Ladder, step: Step, run: Sequence[Hit], announced: date | None
) -> Rung:
    hit = run[-1]
    begin = max(hit.on, announced) if step.holds_from == "announced" and announced else hit.on
    return Rung(
        step=step,
        ladder=ladder,
        edition=edition,
        key=ladder.code,
        begin=begin,
        held=step.by_itself,
        ground="consecutive",
        because=f"{len(run)} running: {', '.join(hit.about for hit in run)}",
        facts=tuple(dict.fromkeys(fact for hit in run for fact in hit.facts)),
    )


def step_changes(rungs: Sequence[Rung]) -> list[Change]:
    """Return which steps the rules hold a member on, or propose, and the time to make good.

    The key of a step is ``ladder:step``, that of its clock ``cure:key:step``.
    """
    changes: list[Change] = []
    for rung in rungs:
        changes += _cure_clock(rung)
        change = Change(
            on=rung.begin,
            kind=Kind.STEP,
            key=f"{rung.ladder.code}:{rung.step.code}",
            state="held" if rung.held else "proposed",
            ground=rung.ground,
            clause=rung.step.clause,
            edition=rung.edition.code,
            because=rung.because,
            facts=rung.facts,
        )
        if rung.end is None or rung.end > rung.begin:
            changes.append(change)
        if rung.end is not None and rung.end > rung.begin:
            over = {"on": rung.end, "state": "over", "ground": rung.over.ground}
            changes.append(replace(change, **over, because="", facts=rung.over.facts))
    return sorted(changes, key=lambda change: (change.on, change.state != "over"))


def _cure_clock(rung: Rung) -> Iterator[Change]:
    """Yield the time that a member on a step has to make good before the next one is due."""
    if rung.due is None or not rung.held or (rung.end is not None and rung.end <= rung.begin):
        return
    change = Change(
        on=rung.begin,
        kind=Kind.CLOCK,
        key=f"cure:{rung.key}:{rung.step.code}",
        state="running" if rung.due.on else "paused",
        ground=rung.ground,
        clause=rung.step.clause,
        edition=rung.edition.code,
        because=f"{rung.begin}{rung.due.words} until {rung.due.on or 'it runs on'}",
        facts=rung.facts,
    )
    yield change
    due, over = rung.due.on, rung.over
    if over is not None and (due is None or over.on < due):
        yield replace(change, on=rung.end, state="stopped", ground=over.ground, facts=over.facts)
    elif due is not None:
        yield replace(change, on=due, state="lapsed")
