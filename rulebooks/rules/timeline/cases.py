"""Cases: the stage that each recorded act brought them to, and their clocks.

The clock of a case runs from the recorded service of its notice, never from an earlier day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    HearingHeld,
    MeasureLifted,
    NoticeServed,
    PlanReceived,
    What,
)
from rulebooks.rules.ladder import Ladder, Step
from rulebooks.rules.terms import add_days, after
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.cures import cured
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.hits import Cured, Hit
from rulebooks.rules.timeline.standstills import deadline, standstills

# The stage that each act brings a case to; a decision's outcome says which.
STAGES: tuple[tuple[type[What], str], ...] = (
    (NoticeServed, "notified"),
    (AnswerReceived, "answered"),
    (HearingHeld, "heard"),
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


@dataclass(frozen=True, slots=True)
class Case:
    """A case with the step that it aims at, on a ladder of the edition it began under."""

    history: History
    opened: Fact
    edition: Edition
    ladder: Ladder
    step: Step

    @property
    def key(self) -> str:
        return self.opened.key

    @property
    def imposed(self) -> Fact | None:
        """Return the decision that imposed the step, None when there is none."""
        decision = self.history.last(DecisionTaken, self.key)
        return decision if decision and decision.what.outcome == "impose" else None

    def ended_by(self) -> list[Fact]:
        """Return the acts that ended the case: it was dismissed, set aside, or lifted."""
        decided = [
            fact
            for kind in (DecisionTaken, AppealDecided)
            for fact in self.history.facts(kind, self.key)
            if fact.what.outcome in ("dismiss", "set_aside")
        ]
        return [*self.history.facts(MeasureLifted, self.key), *decided]

    def failures(self, found: Sequence[Hit]) -> list[Hit]:
        """Return the hits that the case stands on, the one that triggered it last."""
        by_key = {hit.key: hit for hit in found}
        return [by_key[key] for key in self.opened.what.breaches or () if key in by_key]

    def cured(self, found: Sequence[Hit]) -> Cured | None:
        """Return when what the step asks for was made good, None while it was not."""
        return cured(self.history, self.step.cure, self.failures(found), found)


def cases(history: History) -> Iterator[Case]:
    """Yield the member's cases whose step is known."""
    for opened in history.facts(CaseOpened):
        edition = history.edition(opened.what.edition)
        ladders = edition.ladders if edition else ()
        for ladder in ladders:
            step = next((s for s in ladder.steps if s.code == opened.what.step), None)
            if step is not None:
                yield Case(history, opened, edition, ladder, step)


def case_changes(history: History, found: Sequence[Hit]) -> list[Change]:
    """Return the stages of the member's cases, and their clocks to answer and to appeal."""
    changes: list[Change] = []
    for case in cases(history):
        notice = history.first(NoticeServed, case.key)
        answer = history.first(AnswerReceived, case.key)
        appeal = history.first(AppealFiled, case.key)
        clocks = [
            *_clock(case, "answer", notice, answer, case.step.answer_days),
            *_clock(case, "appeal", case.imposed, appeal, case.step.appeal_days),
        ]
        changes += [*clocks, *_plan(case), *_stages(case, clocks), *_closed(case, found)]
    return changes


def _stages(case: Case, clocks: list[Change]) -> Iterator[Change]:
    """Yield the stage that each recorded act, or the end of a clock, brought a case to."""
    history = case.history
    heard = history.last(HearingHeld, case.key)
    overtaken = {
        "answer": [f for f in (history.last(DecisionTaken, case.key), heard) if f],
        "appeal": [f for f in (history.last(MeasureLifted, case.key),) if f],
    }
    for clock in clocks:
        acts = overtaken[clock.key.partition(":")[0]]
        if clock.state == "lapsed" and all(act.about_on > clock.on for act in acts):
            stage = "unanswered" if clock.key.startswith("answer:") else "final"
            yield replace(clock, kind=Kind.CASE, key=case.key, state=stage)
    yield _stage(case, case.opened, "opened")
    for kind, stage in STAGES:
        for fact in history.facts(kind, case.key):
            yield _stage(case, fact, stage or OUTCOMES[fact.what.outcome])


def _stage(case: Case, fact: Fact, state: str) -> Change:
    return Change(
        on=fact.about_on,
        kind=Kind.CASE,
        key=case.key,
        state=state,
        ground=fact.what.kind,
        clause=case.step.clause,
        edition=case.edition.code,
        facts=(fact.id,),
    )


def _closed(case: Case, found: Sequence[Hit]) -> Iterator[Change]:
    """Yield that a case is closed because what it is about was made good, unless it was before."""
    over = case.cured(found)
    if over is None:
        return
    on = max(over.on, case.opened.about_on)
    if all(fact.about_on > on for fact in case.ended_by()):
        change = _stage(case, case.opened, "cured")
        yield replace(change, on=on, ground=over.ground, facts=over.facts)


def _plan(case: Case) -> Iterator[Change]:
    """Yield the time that the member has to hand in a corrective action plan."""
    owed, decision = case.step.on_entry.plan, case.imposed
    if owed is None or decision is None:
        return
    first = decision.what.effective_on
    last = after(first, owed.within, holidays=case.edition.closed_days)
    ends = [case.history.first(PlanReceived, case.key), *case.ended_by()]
    stopped = min((f for f in ends if f), key=lambda fact: fact.about_on, default=None)
    for change in run_clock(case, "plan", decision, stopped, Run(first, last, str(owed.within))):
        yield replace(change, clause=owed.clause)


def _clock(
    case: Case, name: str, begun: Fact | None, stopped: Fact | None, days: int
) -> Iterator[Change]:
    """Yield a clock that runs ``days`` days from a recorded act, until another stops it."""
    if begun is not None:
        run = Run(begun.about_on, add_days(begun.about_on, days), f"{days} days")
        yield from run_clock(case, name, begun, stopped, run)


@dataclass(frozen=True, slots=True)
class Run:
    """From when a clock runs until when, as the rule has it, and how long that is in words."""

    start: date
    written: date
    length: str


def run_clock(
    case: Case, name: str, begun: Fact, stopped: Fact | None, run: Run
) -> Iterator[Change]:
    """Yield a clock of a case that an act began, until another stops it or its last day passed."""
    end = deadline(
        case.history, case.key, case.ladder, clock=name, begun=run.start, ends=run.written
    )
    because = f"{run.start} + {run.length}{end.words} = {end.on or 'open'}"

    def change(on: date, state: str, facts: tuple[int, ...]) -> Change:
        return Change(
            on=on,
            kind=Kind.CLOCK,
            key=f"{name}:{case.key}",
            state=state,
            ground=begun.what.kind,
            clause=case.step.clause,
            edition=case.edition.code,
            because=because,
            facts=facts,
        )

    last = end.on or date.max
    yield change(run.start, "running", (begun.id,))
    over = stopped.about_on if stopped is not None and stopped.about_on <= last else None
    yield from _standing_still(case, run.start, min(over or last, last), change)
    if over is not None:
        yield replace(change(over, "stopped", (stopped.id,)), ground=stopped.what.kind)
    elif end.on is not None:
        yield change(add_days(end.on, 1), "lapsed", (begun.id,))


def _standing_still(
    case: Case, begun: date, last: date, change: Callable[..., Change]
) -> Iterator[Change]:
    """Yield the days on which a clock is paused and runs on, between two days."""
    for still in standstills(case.history, case.key, case.ladder):
        if still.begins < last and (still.ends is None or still.ends > begun):
            yield change(max(still.begins, begun), "paused", still.facts)
            if still.ends is not None and still.ends <= last:
                yield change(still.ends, "running", still.facts)
