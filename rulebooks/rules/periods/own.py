"""Periods that fall due on days of a member's own."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.periods.base import DayOfYear, LastDay, Occurrence, in_year, say
from rulebooks.rules.schema import Clause, Code, Part, Selection, Title, selects
from rulebooks.rules.terms import Anchor, Term, after, before, repeated, short_month

ONE_DAY = timedelta(days=1)
SAMPLE = date(2001, 1, 1)
SHORTEST = Term(weeks=4)
FIRST = "first-"

OwnCode = Annotated[Code, Field(max_length=23)]  # a day, and "first-", come behind it


@dataclass(frozen=True, slots=True)
class Promise:
    """Something a member committed itself to: since when, and until when it stood."""

    code: str
    made_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What periods read of one member. ``filed`` are the first filings by period, in order."""

    since: date
    year_ends: str | None = None
    promises: tuple[Promise, ...] = ()
    filed: tuple[tuple[str, date], ...] = ()


class Rolling(Part):
    """A period that comes round from when a member joined, last filed, or committed itself.

    It is due ``first`` (``every``, if not said) after the member joined or committed itself, and
    every ``every`` from there. Counted from the last return it is due that long after what was
    filed last: the day of filing (``anchor: actual``) or the day it had been due (``due``); until
    one is filed no other falls due. Nothing is due after ``until``.
    """

    example: ClassVar[str] = (
        "{kind: rolling, code: annual, name: Progress report, counted_from: last_return, "
        "every: {years: 1}, opens: {months: 3}, anchor: actual, until: 2035-12-31, "
        'clause: "3.1"}'
    )

    kind: Literal["rolling"]
    code: OwnCode
    name: Title
    counted_from: Literal["join", "last_return", "commitment"]
    commitments: Selection = "all"
    every: Term
    first: Term | None = None
    anchor: Anchor = "actual"
    opens: Term
    late: Term | None = None
    until: LastDay
    clause: Clause

    @model_validator(mode="after")
    def windows_apart(self) -> Rolling:
        """Refuse cycles of no length, windows longer than a cycle, and words without a use."""
        if after(SAMPLE, self.every) < after(SAMPLE, SHORTEST):
            raise ValueError(f"every must last at least {SHORTEST}")
        if before(after(SAMPLE, self.every), self.opens) < SAMPLE:
            raise ValueError(f"opens may not be longer than a cycle of {self.every}")
        if self.anchor == "due" and self.counted_from != "last_return":
            raise ValueError("anchor: due belongs to counted_from: last_return")
        if self.commitments != "all" and self.counted_from != "commitment":
            raise ValueError("commitments belong to counted_from: commitment")
        return self

    def occurrences(self, own: Own, *, holidays: Container[date]) -> Iterator[Occurrence]:
        """Yield each time that it falls due for one member, with its return if one was filed."""
        if self.counted_from == "last_return":
            yield from self._after_returns(own, holidays)
            return
        begun = [Promise("", own.since)]
        if self.counted_from == "commitment":
            begun = [p for p in own.promises if selects(self.commitments, p.code)]
        for promise in begun:
            yield from self._anniversaries(promise, holidays)

    def _anniversaries(self, since: Promise, holidays: Container[date]) -> Iterator[Occurrence]:
        begun, skipped = since.made_on, 1
        if self.first is not None:
            begun, skipped = after(since.made_on, self.first, holidays=holidays), 0
        for times in count(skipped):
            due = repeated(begun, self.every, times, holidays=holidays)
            if self._over(due, since, holidays):
                return
            because = f"{since.made_on} and every {self.every} after"
            yield self._due(due, because + short_month(begun, self.every, due), holidays)

    def _over(self, due: date, since: Promise, holidays: Container[date]) -> bool:
        opens = before(due, self.opens, holidays=holidays)
        return due > self.until or (since.ended_on is not None and opens >= since.ended_on)

    def _after_returns(self, own: Own, holidays: Container[date]) -> Iterator[Occurrence]:
        first = self.first or self.every
        due = after(own.since, first, holidays=holidays)
        because = f"{own.since} + {first}"
        for code, filed_on in own.filed:
            if not code.startswith(f"{self.code}.") or due > self.until:
                continue
            yield replace(self._due(due, because, holidays), code=code)
            from_on = filed_on if self.anchor == "actual" else due
            due = self._next(from_on, filed_on, holidays)
            because = f"last filed {filed_on}, {from_on} + {self.every}"
        if due <= self.until:
            yield self._due(due, because, holidays)

    def _next(self, from_on: date, filed_on: date, holidays: Container[date]) -> date:
        """Return the first day after a filing on which the next one is due."""
        days = (repeated(from_on, self.every, times, holidays=holidays) for times in count(1))
        return next(day for day in days if day > filed_on)

    def _due(self, due: date, because: str, holidays: Container[date]) -> Occurrence:
        return Occurrence(
            code=f"{self.code}.{due}",
            of=self.code,
            name=f"{self.name} due {say(due)}",
            about_from=before(due, self.every, holidays=holidays),
            about_until=due - ONE_DAY,
            opens_on=before(due, self.opens, holidays=holidays),
            due_on=due,
            late_until=after(due, self.late, holidays=holidays) if self.late else due,
            own=True,
            because=f"{because} = {due}" if because else "",
            clause=self.clause,
        )

    def occurrence(self, code: str, *, holidays: Container[date]) -> Occurrence | None:
        """Return the occurrence called ``code``, None when it is not of this period."""
        due = _day_behind(code, self.code)
        return self._due(due, "", holidays) if due is not None else None


class DataAge(Part):
    """A rule on the age of data: those of each fiscal year are due a term after it ends.

    ``year_ends`` is the last day of the fiscal year, where nothing else is known of a member. The
    first data, of whatever year, are due ``first`` after joining; a fiscal year that is due by then
    is not asked for. Newer data answer for older years too.
    """

    example: ClassVar[str] = (
        "{kind: data_age, code: data, name: Fiscal data, within: {years: 2}, "
        'first: {months: 18}, until: 2035-12-31, clause: "4.8"}'
    )

    kind: Literal["data_age"]
    code: OwnCode
    name: Title
    year_ends: DayOfYear = "12-31"
    within: Term
    first: Term
    late: Term | None = None
    until: LastDay
    clause: Clause

    def occurrences(self, own: Own, *, holidays: Container[date]) -> Iterator[Occurrence]:
        """Yield the first data that one member owes, and those of each fiscal year after."""
        first = after(own.since, self.first, holidays=holidays)
        if first > self.until:
            return
        yield self._first(first, f"joined {own.since} + {self.first}", holidays)
        ends = own.year_ends or self.year_ends
        for year in range(own.since.year - LONGEST_YEARS, self.until.year + 1):
            end = in_year(ends, year)
            due = after(end, self.within, holidays=holidays)
            if first < due <= self.until:
                yield self._year(end, holidays)

    def _first(self, due: date, because: str, holidays: Container[date]) -> Occurrence:
        opens = before(due, self.first, holidays=holidays)
        code, name = f"{self.code}.{FIRST}{due}", f"First {self.name} due {say(due)}"
        return self._occurrence(code, name, (opens, due - ONE_DAY), opens, due, because, holidays)

    def _year(self, end: date, holidays: Container[date]) -> Occurrence:
        begun = in_year(f"{end:%m-%d}", end.year - 1) + ONE_DAY
        due = after(end, self.within, holidays=holidays)
        because = f"fiscal year ended {end} + {self.within}"
        code, name = f"{self.code}.{end}", f"{self.name}, year ended {say(end)}"
        return self._occurrence(code, name, (begun, end), end + ONE_DAY, due, because, holidays)

    def _occurrence(
        self,
        code: str,
        name: str,
        about: tuple[date, date],
        opens: date,
        due: date,
        because: str,
        holidays: Container[date],
    ) -> Occurrence:
        return Occurrence(
            code=code,
            of=self.code,
            name=name,
            about_from=about[0],
            about_until=about[1],
            opens_on=opens,
            due_on=due,
            late_until=after(due, self.late, holidays=holidays) if self.late else due,
            own=True,
            because=f"{because} = {due}",
            clause=self.clause,
        )

    def occurrence(self, code: str, *, holidays: Container[date]) -> Occurrence | None:
        """Return the occurrence called ``code``, None when it is not of this period."""
        if code.startswith(first := f"{self.code}.{FIRST}"):
            due = _day_behind(code, first.removesuffix("-"), "-")
            return self._first(due, f"{self.first} after joining", holidays) if due else None
        end = _day_behind(code, self.code)
        return self._year(end, holidays) if end is not None else None


LONGEST_YEARS = 25  # the longest term: the fiscal years that can still fall due after joining


def _day_behind(code: str, of: str, mark: str = ".") -> date | None:
    try:
        return date.fromisoformat(code.removeprefix(of + mark)) if code.startswith(of) else None
    except ValueError:
        return None
