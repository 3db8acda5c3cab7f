"""Days announced for each period: which, by whom, how long ahead, and what holds if not."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.periods.base import Occurrence
from rulebooks.rules.schema import Clause, Code, Part, Selection, Title, selects
from rulebooks.rules.terms import Term, add_months, before

AnnouncedDay = Literal[
    "opens_on", "due_on", "late_until", "evidence_until", "sanctions_on", "publication_on"
]
A_YEAR = 12


class Announced(Part):
    """Days that are announced for each period, a term ahead of the day; what is told later is void.

    Where a day is not announced, ``otherwise`` holds: it is the one ``as_written`` in the period,
    that of the period before a year later (``last_year``), or ``nothing_due``: nobody owes a
    return for a period whose window was not announced.
    """

    example: ClassVar[str] = (
        "{code: window, periods: [progress], days: [opens_on, due_on, late_until, sanctions_on], "
        'by: secretariat, ahead: {days: 30}, otherwise: last_year, clause: "7.3"}'
    )

    code: Code
    periods: Selection = "all"
    days: Annotated[tuple[AnnouncedDay, ...], Field(min_length=1)]
    by: Title
    ahead: Term
    otherwise: Literal["as_written", "last_year", "nothing_due"]
    clause: Clause


Told = Mapping[str, Sequence[tuple[date, str, date]]]  # period → (told on, which day, the day)


def as_announced(
    occurrences: Sequence[Occurrence],
    rules: Sequence[Announced],
    told: Told,
    *,
    holidays: Container[date],
) -> Iterator[Occurrence]:
    """Yield the occurrences of one period, in order, with the days that hold for each."""
    before_it: Occurrence | None = None
    for occurrence in occurrences:
        held: Occurrence | None = occurrence
        for rule in rules:
            if held is not None and selects(rule.periods, occurrence.of):
                held = _held(held, before_it, rule, told, holidays)
        if held is not None:
            before_it = held
            yield in_order(held)


def _held(
    occurrence: Occurrence,
    before_it: Occurrence | None,
    rule: Announced,
    told: Told,
    holidays: Container[date],
) -> Occurrence | None:
    said = {
        name: day
        for told_on, name, day in told.get(occurrence.code, ())
        if name in rule.days and told_on <= before(day, rule.ahead, holidays=holidays)
    }
    missing = [name for name in rule.days if name not in said]
    if rule.otherwise == "nothing_due" and {"opens_on", "due_on"} & set(missing):
        return None
    if rule.otherwise == "last_year" and before_it is not None:
        last = {name: getattr(before_it, name) for name in missing}
        said |= {name: add_months(day, A_YEAR) for name, day in last.items() if day is not None}
    return replace(occurrence, **said) if said else occurrence


def in_order(occurrence: Occurrence) -> Occurrence:
    """Return the occurrence with a window that never closes before it opens, whatever was told."""
    due = max(occurrence.opens_on, occurrence.due_on)
    late = max(due, occurrence.late_until)
    if (due, late) == (occurrence.due_on, occurrence.late_until):
        return occurrence
    return replace(occurrence, due_on=due, late_until=late)
