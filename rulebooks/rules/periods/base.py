"""What all periods share: the days of one occurrence, and how a day of a year is written."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from rulebooks.rules.schema import Day, Part
from rulebooks.rules.terms import Term, add_months, after, short_month

LEAP_YEAR = 2000
LATER = {"same": 0, "next": 1, "second": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One period as it occurs, with its days, all inclusive. ``of`` is the code of its rule.

    One that is a member's ``own`` falls due on days of its own; ``because`` says how they were
    computed. Evidence counts when it is from ``evidence_until`` or before; what follows from a
    missed return holds from ``sanctions_on``; results are due on ``publication_on``.
    """

    code: str
    of: str
    name: str
    about_from: date
    about_until: date
    opens_on: date
    due_on: date
    late_until: date
    evidence_until: date | None = None
    sanctions_on: date | None = None
    publication_on: date | None = None
    own: bool = False
    because: str = ""
    clause: str


def day_of_year(text: str) -> str:
    """Return ``text`` when it is a day of the year, written MM-DD.

    :raises ValueError: it is none.
    """
    try:
        date.fromisoformat(f"{LEAP_YEAR}-{text}")
    except ValueError:
        message = "no day of the calendar; write a day of the year as MM-DD, for example 03-31"
        raise ValueError(message) from None
    return text


LastDay = Annotated[Day, Field(le=date(2200, 12, 31))]
DayOfYear = Annotated[str, AfterValidator(day_of_year)]


def in_year(day: str, year: int) -> date:
    """Return a day of the year in a year; 29 February is the 28th in a common year."""
    return add_months(date.fromisoformat(f"{LEAP_YEAR}-{day}"), (year - LEAP_YEAR) * 12)


def say(day: date) -> str:
    """Return a day in words: 31 Mar 2026."""
    return f"{day.day} {day:%b %Y}"


class YearDay(Part):
    """A day of the year after, or of the same or the second, or a term after the end of a year."""

    example: ClassVar[str] = "{on: 03-31}"

    on: DayOfYear | None = None
    year: Literal["same", "next", "second"] = "next"
    after: Term | None = None

    @model_validator(mode="after")
    def one_way(self) -> YearDay:
        """Refuse both ways at once, and neither."""
        if (self.on is None) is (self.after is None):
            raise ValueError("say either `on`, a day such as 03-31, or `after`, a term")
        if self.after is not None and self.year != "next":
            raise ValueError("`year` belongs to `on`; `after` counts from the last day of the year")
        return self

    def day(self, end: date, *, holidays: Container[date]) -> date:
        """Return the day for a year that ends on ``end``."""
        if self.on is not None:
            return in_year(self.on, end.year + LATER[self.year])
        return after(end, self.after, holidays=holidays)

    def because(self, end: date, *, holidays: Container[date]) -> str:
        """Return why the day for a year that ends on ``end`` is not the one that is written.

        Empty where it is: only 29 February, and a term that ends in a shorter month, are not.
        """
        day = self.day(end, holidays=holidays)
        if self.after is not None:
            why = short_month(end, self.after, day)
            return f"{end} + {self.after} = {day}{why}" if why else ""
        if f"{day:%m-%d}" == self.on:
            return ""
        return f"{day.year} has no 29 February; {day} is the last day of that month"

    def __str__(self) -> str:
        if self.after is not None:
            return f"{self.after} after its end"
        month_day = in_year(self.on, LEAP_YEAR)
        return f"{month_day.day} {month_day:%B} of the {self.year} year"
