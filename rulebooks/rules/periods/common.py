"""Periods that are the same for every member."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.periods.base import Occurrence, YearDay
from rulebooks.rules.schema import Clause, Code, Day, Part, Title

Year = Annotated[int, Field(ge=1900, le=2200, strict=True)]
MOST_YEARS = 100


class FixedWindow(Part):
    """A period with one window for all: it opens, returns are due, a late window may follow.

    All days are inclusive, in the initiative's time zone. Evidence from after ``evidence_until``
    waits for the next period.
    """

    example: ClassVar[str] = (
        '{kind: fixed_window, code: "2025", name: Year 2025, about_from: 2025-01-01, about_until: '
        "2025-12-31, opens_on: 2026-01-15, due_on: 2026-03-31, late_until: 2026-04-30, "
        'evidence_until: 2026-02-28, publication_on: 2026-09-15, clause: "4.1"}'
    )

    kind: Literal["fixed_window"]
    code: Code
    name: Title
    about_from: Day
    about_until: Day
    opens_on: Day
    due_on: Day
    late_until: Day
    evidence_until: Day | None = None
    sanctions_on: Day | None = None
    publication_on: Day | None = None
    clause: Clause

    @model_validator(mode="after")
    def days_in_order(self) -> FixedWindow:
        """Refuse a window that closes before it opens."""
        for earlier, later in (
            ("about_from", "about_until"),
            ("opens_on", "due_on"),
            ("due_on", "late_until"),
            ("due_on", "sanctions_on"),
            ("opens_on", "publication_on"),
        ):
            last = getattr(self, later)
            if last is not None and getattr(self, earlier) > last:
                raise ValueError(f"{later} may not lie before {earlier}")
        return self

    def occurrences(self, *, holidays: Container[date]) -> Iterator[Occurrence]:
        """Yield the one time that it occurs."""
        said = {name: getattr(self, name) for name in WINDOW}
        yield Occurrence(code=self.code, of=self.code, **said)

    def occurrence(self, code: str, *, holidays: Container[date]) -> Occurrence | None:
        """Return the occurrence called ``code``, None when it is not of this period."""
        return next((o for o in self.occurrences(holidays=holidays) if o.code == code), None)


WINDOW = tuple(name for name in FixedWindow.model_fields if name not in ("kind", "code"))


class _Years(Part):
    """Years that follow one another from ``first`` to ``last``, each with a window after it."""

    code: Annotated[Code, Field(max_length=29)]
    name: Title
    first: Year
    last: Year
    opens: YearDay
    due: YearDay
    late: YearDay | None = None
    evidence: YearDay | None = None
    sanctions: YearDay | None = None
    publication: YearDay | None = None
    clause: Clause

    @model_validator(mode="after")
    def years_in_order(self) -> _Years:
        """Refuse years that run backwards, too many, and windows that close before they open."""
        if not 0 <= self.last - self.first < MOST_YEARS:
            raise ValueError(f"last may not lie before first, nor {MOST_YEARS} years after it")
        end = date(self.first + self._length() - 1, 12, 31)
        days = [when.day(end, holidays=()) for when in (self.opens, self.due, self.late) if when]
        if days != sorted(days):
            raise ValueError("it opens, is due and closes in that order: opens, due, late")
        return self

    def _length(self) -> int:
        return 1

    def occurrences(self, *, holidays: Container[date]) -> Iterator[Occurrence]:
        """Yield each year or cycle of years from the first to the last that begins."""
        for year in range(self.first, self.last + 1, self._length()):
            yield self._cycle(year, holidays)

    def occurrence(self, code: str, *, holidays: Container[date]) -> Occurrence | None:
        """Return the occurrence called ``code``, None when it is not of this period."""
        return next((o for o in self.occurrences(holidays=holidays) if o.code == code), None)

    def _cycle(self, first: int, holidays: Container[date]) -> Occurrence:
        last = first + self._length() - 1
        end = date(last, 12, 31)
        label = str(first) if first == last else f"{first}-{last}"

        def day(when: YearDay | None) -> date | None:
            return when.day(end, holidays=holidays) if when is not None else None

        due = day(self.due)
        return Occurrence(
            code=f"{self.code}.{label}",
            of=self.code,
            name=f"{self.name} {label}",
            about_from=date(first, 1, 1),
            about_until=end,
            opens_on=day(self.opens),
            due_on=due,
            late_until=day(self.late) or due,
            evidence_until=day(self.evidence),
            sanctions_on=day(self.sanctions),
            publication_on=day(self.publication),
            because=self.due.because(end, holidays=holidays),
            clause=self.clause,
        )


class CalendarYear(_Years):
    """A period for each calendar year, on days of the year or terms after its end."""

    example: ClassVar[str] = (
        "{kind: calendar_year, code: progress, name: Progress, first: 2022, last: 2035, opens: "
        "{on: 03-02}, due: {on: 06-05}, late: {after: {months: 6}}, sanctions: {on: 07-12}, "
        'clause: "7.2"}'
    )

    kind: Literal["calendar_year"]


class MultiYear(_Years):
    """A period for each cycle of two to five years, which all members are in together."""

    example: ClassVar[str] = (
        "{kind: multi_year, code: review, name: Review, years: 4, first: 2022, last: 2037, opens: "
        '{after: {days: 1}}, due: {after: {months: 5}}, clause: "61"}'
    )

    kind: Literal["multi_year"]
    years: Annotated[int, Field(ge=2, le=5, strict=True)]

    def _length(self) -> int:
        return self.years
