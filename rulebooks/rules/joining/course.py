"""The course of an application: where it stands, which clocks run, what a decision waits for.

All of it follows from the admission part of the edition and the days on which something was
recorded, so it is the same on the page of the applicant, of the staff and of the body.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from rulebooks.rules.joining.parts import Admission
from rulebooks.rules.terms import WEEKENDS, Term, after


class Stage(StrEnum):
    """Where an application stands."""

    CHECKED = "checked"
    COMMENTED = "commented"
    DECIDED_NEXT = "decided_next"
    ADMITTED = "admitted"
    REFUSED = "refused"
    APPEALED = "appealed"
    FINAL = "final"
    WITHDRAWN = "withdrawn"


Outcome = Literal["", "admitted", "refused", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Days:
    """What is recorded of an application: the day of each step, None where it was not taken.

    ``put`` are the comments that were put to the applicant, each with the day of that and of the
    reply; ``waiting`` is how many were not put yet.
    """

    filed_on: date
    checked_on: date | None = None
    put: tuple[tuple[date, date | None], ...] = ()
    waiting: int = 0
    outcome: Outcome = ""
    decided_on: date | None = None
    appealed_on: date | None = None
    appeal_decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time that runs: for what, for whom, until which day, and how that day follows."""

    code: str
    words: str
    whose: Literal["applicant", "secretariat", "members", "body"]
    due_on: date
    because: str


@dataclass(frozen=True, slots=True)
class Course:
    """The stage of an application on a day, its running clocks, and what a decision waits for."""

    stage: Stage
    clocks: tuple[Clock, ...]
    waits_for: tuple[str, ...]

    @property
    def next(self) -> Clock | None:
        """The clock that runs out first."""
        return min(self.clocks, key=lambda clock: clock.due_on, default=None)


def course(
    admission: Admission | None,
    days: Days,
    *,
    on: date,
    holidays: Container[date] = WEEKENDS,
) -> Course:
    """Return where an application stands on a day; without steps it only waits for a decision."""
    if admission is None:
        stage = Stage(days.outcome) if days.outcome else Stage.DECIDED_NEXT
        return Course(Stage.FINAL if stage is Stage.REFUSED else stage, (), ())
    clocks = tuple(_clocks(admission, days, holidays, on))
    waits = () if days.outcome else tuple(_waits(admission, days, clocks))
    return Course(_stage(days, clocks), clocks, waits)


def _stage(days: Days, clocks: tuple[Clock, ...]) -> Stage:
    running = {clock.code for clock in clocks}
    if days.outcome == "refused":
        if days.appealed_on is not None and days.appeal_decided_on is None:
            return Stage.APPEALED
        return Stage.REFUSED if "appeal" in running else Stage.FINAL
    if days.outcome:
        return Stage(days.outcome)
    if days.checked_on is None:
        return Stage.CHECKED
    open_ones = running & {"objections", "reply"}
    return Stage.COMMENTED if open_ones or days.waiting else Stage.DECIDED_NEXT


def _clocks(
    admission: Admission, days: Days, holidays: Container[date], on: date
) -> Iterator[Clock]:
    """Yield what runs: a time for somebody to act ends with the day, one for an act with it."""

    def clock(code: str, words: str, whose: str, since: date, term: Term) -> Clock:
        due = after(since, term, holidays=holidays)
        return Clock(code, words, whose, due, f"{since} + {term} = {due}")

    if not days.outcome:
        yield from _before_decision(admission, days, clock, on)
    elif days.outcome == "refused" and admission.appeal is not None:
        terms = admission.appeal
        if days.appealed_on is None and days.decided_on is not None:
            appeal = clock(
                "appeal", "the applicant can appeal", "applicant", days.decided_on, terms.within
            )
            yield from (appeal,) if appeal.due_on >= on else ()
        elif days.appealed_on and days.appeal_decided_on is None and terms.decide_within:
            words = "the appeal is decided"
            yield clock("appeal_decision", words, "body", days.appealed_on, terms.decide_within)


def _before_decision(
    admission: Admission, days: Days, clock: Callable[..., Clock], on: date
) -> Iterator[Clock]:
    filed = days.filed_on
    if admission.check_within and days.checked_on is None:
        yield clock(
            "check", "the secretariat checks it", "secretariat", filed, admission.check_within
        )
    if said := admission.objections:
        window = clock("objections", "members comment", "members", filed, said.window)
        yield from (window,) if window.due_on >= on else ()
        for put_on, replied_on in days.put:
            reply = clock(
                "reply", "the applicant replies to a comment", "applicant", put_on, said.reply
            )
            yield from (reply,) if replied_on is None and reply.due_on >= on else ()
    if admission.decide_within:
        whose = "body" if admission.decided_by else "secretariat"
        yield clock("decide", "it is decided", whose, filed, admission.decide_within)


def _waits(admission: Admission, days: Days, clocks: tuple[Clock, ...]) -> Iterator[str]:
    """Yield what stands in the way of a decision, each as a sentence's part."""
    if admission.due_diligence and days.checked_on is None:
        yield "not every item of the due diligence is looked into"
    for clock in clocks:
        if clock.code == "objections":
            yield f"members can comment until {clock.due_on}"
        elif clock.code == "reply":
            yield f"the applicant can reply to a comment until {clock.due_on}"
    if days.waiting:
        count = "one comment waits" if days.waiting == 1 else f"{days.waiting} comments wait"
        yield f"{count} to be put to the applicant"


@dataclass(frozen=True, slots=True)
class Before:
    """How an organisation's last application or membership ended, and on which day."""

    how: Literal["refused", "excluded", "left"]
    on: date


def waits_until(
    admission: Admission, before: Before, *, holidays: Container[date] = WEEKENDS
) -> date | None:
    """Return the last day of the waiting time before an organisation may apply again.

    None where the edition lets it apply at once.
    """
    if admission.reapplying is None:
        return None
    terms = {
        "refused": admission.reapplying.after_refusal,
        "excluded": admission.reapplying.after_exclusion,
        "left": admission.reapplying.after_leaving,
    }
    term = terms[before.how]
    return after(before.on, term, holidays=holidays) if term else None


def closed_because(admission: Admission, *, on: date) -> str:
    """Return why nobody can apply on a day, with the clause; empty where applications are taken."""
    if admission.opens_on and on < admission.opens_on:
        return f"applications open on {admission.opens_on} (clause {admission.clause})"
    if admission.closes_on and on > admission.closes_on:
        return f"applications closed on {admission.closes_on} (clause {admission.clause})"
    return ""
