"""Terms: how long something lasts, and the day on which it ends.

One small schema stands wherever an edition says how long: ``{days: 30}``, ``{working_days: 10}``,
``{weeks: 4}``, ``{months: 3}``, ``{years: 2}``. The day a term is counted from is not part of it:
after ten days from 1 March comes 11 March, which is the last day of the term.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Container
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.schema import Part

UNITS = ("days", "working_days", "weeks", "months", "years")
SATURDAY = 5
MONTHS_IN_A_YEAR = 12
SHORTEST_MONTH = 28

# What a term is counted from: the day on which the step before really happened, or the day by
# which it should have. From 31 January, three months are 30 April and three more 30 July when
# counted from what happened, 31 July when six are counted from what was due.
Anchor = Literal["actual", "due"]


class Weekends:
    """The days on which nobody works: Saturdays and Sundays, and no holidays."""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day.weekday() >= SATURDAY


WEEKENDS: Container[date] = Weekends()


class Term(Part):
    """A length of time in one unit: days, working days, weeks, months or years."""

    example: ClassVar[str] = "{months: 3}"

    days: Annotated[int, Field(ge=0, le=3_660, strict=True)] | None = None
    working_days: Annotated[int, Field(ge=0, le=1_000, strict=True)] | None = None
    weeks: Annotated[int, Field(ge=0, le=520, strict=True)] | None = None
    months: Annotated[int, Field(ge=0, le=120, strict=True)] | None = None
    years: Annotated[int, Field(ge=0, le=25, strict=True)] | None = None

    @model_validator(mode="after")
    def one_unit(self) -> Term:
        """Refuse a term without a unit, or with two: a month is no number of days."""
        given = [unit for unit in UNITS if getattr(self, unit) is not None]
        if len(given) != 1:
            said = " and ".join(given) or "nothing"
            raise ValueError(f"a term is in exactly one of {', '.join(UNITS)}, not in {said}")
        return self

    @property
    def unit(self) -> str:
        """Return the one unit that is given."""
        return next(unit for unit in UNITS if getattr(self, unit) is not None)

    @property
    def count(self) -> int:
        """Return how many of the unit."""
        return getattr(self, self.unit)

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.count} {unit if self.count != 1 else unit.removesuffix('s')}"


def after(day: date, term: Term, *, holidays: Container[date] = WEEKENDS) -> date:
    """Return the last day of a term that is counted from ``day``.

    Months and years end on the same day of the month, or on the last day of a shorter month.
    ``holidays`` are all days on which nobody works, weekends among them; only working days skip
    them. None of something ends on ``day`` itself.
    """
    return _moved(day, term, 1, holidays)


def repeated(day: date, term: Term, times: int, *, holidays: Container[date] = WEEKENDS) -> date:
    """Return the day that lies ``times`` terms after ``day``, each counted from ``day`` itself.

    So a month after 31 January is 28 February, and two are 31 March.
    """
    return _moved(day, term, times, holidays)


def short_month(day: date, term: Term, end: date) -> str:
    """Return why a term ends on another day of the month than it began: that month is shorter.

    Empty where it does not, or is not in months or years.
    """
    if (term.months is None and term.years is None) or end.day == day.day:
        return ""
    return f" ({end:%B} {end.year} has no day {day.day})"


def before(day: date, term: Term, *, holidays: Container[date] = WEEKENDS) -> date:
    """Return the day that lies a term before ``day``: the last on which to act that long ahead."""
    return _moved(day, term, -1, holidays)


def _moved(day: date, term: Term, times: int, holidays: Container[date]) -> date:
    if term.months is not None:
        return add_months(day, times * term.months)
    if term.years is not None:
        return add_months(day, times * term.years * MONTHS_IN_A_YEAR)
    if term.working_days is not None:
        return _working_days(day, times * term.working_days, holidays)
    return day + timedelta(days=times * (term.days or 0), weeks=times * (term.weeks or 0))


def _working_days(day: date, count: int, holidays: Container[date]) -> date:
    step = timedelta(days=1 if count > 0 else -1)
    count = abs(count)
    while count:
        day += step
        count -= day not in holidays
    return day


def add_days(day: date, days: int) -> date:
    """Return the day ``days`` calendar days after ``day``."""
    return day + timedelta(days=days)


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` months later, or the last day of a shorter month."""
    year, month0 = divmod(day.year * MONTHS_IN_A_YEAR + day.month - 1 + months, MONTHS_IN_A_YEAR)
    last = day.day if day.day <= SHORTEST_MONTH else monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))
