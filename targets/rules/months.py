"""The days of a month as a calendar lays them out."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2200
WRITTEN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year, from January as 1."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month in which a day lies."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Month | None:
        """Return the month that is written YYYY-MM, None when it is none of a known year."""
        found = WRITTEN.fullmatch(text) if text.isascii() else None
        if found is None or found[2] is None or read_year(found[1]) is None:
            return None
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def name(self) -> str:
        return f"{date(self.year, self.number, 1):%B} {self.year}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    def weeks(self) -> list[list[date | None]]:
        """Return the weeks from Monday to Sunday; None stands for days of other months."""
        rows = calendar.Calendar().monthdayscalendar(self.year, self.number)
        return [[date(self.year, self.number, n) if n else None for n in row] for row in rows]

    def moved(self, months: int) -> Month:
        """Return the month so many months later."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)


def read_year(text: str) -> int | None:
    """Return the year that is written with four digits, None when it is none that is known."""
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        return None
    return int(text) if FIRST_YEAR < int(text) < LAST_YEAR else None
