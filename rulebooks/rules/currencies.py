"""Currencies and fiscal years: what an amount is worth, and which year a value is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.document import Fault
from rulebooks.rules.schema import Clause, Code, Number, Part, Title
from rulebooks.rules.units import Currency

Rate_ = Annotated[Number, Field(gt=0, le=1_000_000, decimal_places=8)]


class Rate(Part):
    """What one unit of a currency was worth in the reporting currency, for a period."""

    example: ClassVar[str] = '{currency: USD, period: "2025", rate: 0.92}'

    currency: Currency
    period: Code
    rate: Rate_
    source: Title | None = None


class Currencies(Part):
    """The reporting currency, and the rates by which amounts in others are converted into it.

    ``day`` says which rate is meant: that of the ``closing`` day of the period, or the ``average``
    over it. ``source`` is where the rates were published; a rate may name its own.

    Source: docs/sources.md, money.
    """

    example: ClassVar[str] = (
        "{reporting: EUR, day: closing, source: European Central Bank, "
        'rates: [{currency: USD, period: "2025", rate: 0.92}], clause: "4.3"}'
    )

    reporting: Currency
    day: Literal["closing", "average"]
    source: Title
    rates: tuple[Rate, ...] = ()
    clause: Clause

    def rate(self, currency: str, period: str) -> tuple[Decimal | None, str]:
        """Return the rate of ``currency`` for ``period`` and where it comes from; None for none."""
        if currency == self.reporting:
            return Decimal(1), ""
        for rate in self.rates:
            if (rate.currency, rate.period) == (currency, period):
                how = f"{self.day} rate of {period}, {rate.source or self.source}"
                return rate.rate, f"1 {currency} = {rate.rate:f} {self.reporting}, {how}"
        return None, ""

    def faults(self, periods: tuple[str, ...]) -> Iterator[Fault]:
        """Yield rates that stand twice, of the reporting currency, or for no period."""
        seen: set[tuple[str, str]] = set()
        for index, rate in enumerate(self.rates):
            path, key = ("rates", index), (rate.currency, rate.period)
            if rate.currency == self.reporting:
                yield Fault((*path, "currency"), f"{rate.currency} is the reporting currency")
            if rate.period not in periods:
                allowed = ", ".join(periods) or "none is defined"
                yield Fault((*path, "period"), f"{rate.period!r} is no period; allowed: {allowed}")
            if key in seen:
                message = f"{rate.currency} has a rate for {rate.period} already; keep one"
                yield Fault((*path, "currency"), message)
            seen.add(key)


class FiscalYears(Part):
    """Which fiscal year of a member the values of a period are about.

    ``ending_in_period_year``: the one that ends in the calendar year of the period's last day.
    ``ended_before_period_end``: the last one that had ended by that day. A member's fiscal year
    ends on 31 December unless it said otherwise.

    Source: docs/sources.md, fiscal_years.
    """

    example: ClassVar[str] = '{about: ending_in_period_year, clause: "4.4"}'

    about: Literal["ending_in_period_year", "ended_before_period_end"]
    clause: Clause

    def span(self, period_ends: date, *, ends: tuple[int, int] = (12, 31)) -> tuple[date, date]:
        """Return the first and the last day of the fiscal year; ``ends`` is its month and day.

        29 February is the last day of February in other years.
        """
        last = _day(period_ends.year, ends)
        if self.about == "ended_before_period_end" and last > period_ends:
            last = _day(period_ends.year - 1, ends)
        before = _day(last.year - 1, ends)
        return date.fromordinal(before.toordinal() + 1), last


def _day(year: int, ends: tuple[int, int]) -> date:
    month, day = ends
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)
