"""What is owed: one duty with its days, and how relief moves them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact
from rulebooks.rules.obligations import Obligation
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.history import History


@dataclass(frozen=True, slots=True)
class Silent:
    """The day on which a duty is met by silence, if nothing is said by then, and why."""

    on: date
    because: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing that a member owes, with the days on which it begins, is due and too late.

    ``extended_by`` is the key of its extensions, beside its own.
    """

    obligation: Obligation
    edition: Edition
    about: str
    opens_on: date
    due_on: date
    late_until: date
    because: str = ""
    met_by: Fact | None = None
    extended_by: str = ""
    ended_by: Fact | None = None
    opened_by: str = "duty.began"
    silence: Silent | None = None

    @property
    def key(self) -> str:
        return f"{self.obligation.code}:{self.about}"

    def change(self, on: date, state: str, ground: str, because: str = "", *facts: int) -> Change:
        """Return a change of this duty's state, due on its own day."""
        return Change(
            on=on,
            kind=Kind.OBLIGATION,
            key=self.key,
            state=state,
            ground=ground,
            clause=self.obligation.clause,
            edition=self.edition.code,
            because=because,
            facts=facts,
            due_on=self.due_on,
            falls_due=self.due_on,
        )


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a duty once all relief is counted; None where a moratorium has no end yet.

    ``due_before`` is the due day that an extension moved, whose kind has this ``label``.
    """

    due: date | None
    late: date | None
    words: str = ""
    facts: tuple[int, ...] = ()
    due_before: date | None = None
    label: str = ""


def days_of(history: History, duty: Duty) -> Days:
    """Return the days that hold for a duty: moratoriums, outages and an extension move them."""
    due, late, facts = _moved(history, duty)
    granted = history.relief.extension(duty.extended_by, duty.key)
    if granted is None or due is None:
        words = " as moved" if facts else ""
        return Days(due, late, words, facts)
    until = granted.what.until_on
    return Days(
        due=until,
        late=late and max(until, late),
        words=" as extended",
        facts=(*facts, granted.id),
        due_before=due,
        label=_label(duty.edition, granted),
    )


def _moved(history: History, duty: Duty) -> tuple[date | None, date | None, tuple[int, ...]]:
    """Return due day and last day after moratoriums and outages, and the facts that moved them."""
    due: date | None = duty.due_on
    late: date | None = duty.late_until
    facts: list[int] = []
    for pause in history.relief.pauses_of(duty.obligation.code):
        before = due, late
        due = due and pause.moved(due, since=duty.opens_on)
        late = late and pause.moved(late, since=duty.opens_on)
        facts += [pause.fact.id] if (due, late) != before else []
    for outage in history.relief.outages:
        begun, until = outage.about_on, outage.what.until_on
        before = due, late
        due = until if due and begun <= due <= until else due
        late = until if late and begun <= late <= until else late
        facts += [outage.id] if (due, late) != before else []
    return due, late, tuple(facts)


def _label(edition: Edition, granted: Fact) -> str:
    kind = next((k for k in edition.extensions if k.code == granted.what.extension), None)
    return kind.label or "" if kind else ""
