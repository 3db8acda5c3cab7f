"""Scales of what others measured: an outside index, findings of an audit, an amount of money."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import AfterValidator, Field

from rulebooks.rules.answers import Answer, State
from rulebooks.rules.quotients import INT, Bound, Quotient, integers, total, whole
from rulebooks.rules.scales.base import BaseScale, Direction
from rulebooks.rules.scales.numbers import Earns, NumberScale
from rulebooks.rules.schema import Label, Number, Positive, Table
from rulebooks.rules.units import Currency

RATE_DECIMALS = 8
MOST_RATE = 1_000_000
Count = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
Points = Annotated[tuple[Earns, ...], Field(min_length=1)]


class Index(NumberScale):
    """The value that an outside index gives, and points for it by bands.

    ``name`` says which one, and whose. The bands are written as on a scale of numbers: both
    ends included, the best first, ``otherwise`` where none holds.

    Source: docs/sources.md, index.
    """

    example: ClassVar[str] = (
        "{kind: index, name: Open Budget Index, min: 0, max: 100, decimals: 0, "
        "points: [{from: 61, points: 4}, {from: 41, points: 2}], otherwise: 0}"
    )

    kind: Literal["index"]
    name: Label
    points: Points


class Findings(BaseScale):
    """How many findings there are of each severity, with points for each, to ``at_most``.

    Without ``out_of`` the number is penalty points, the points of all findings added up, and
    ``direction`` is lower. With it the number is what is left of ``out_of``, never less than 0,
    and ``direction`` is higher. A severity that is not named counts 0 findings.

    Source: docs/sources.md, findings.
    """

    example: ClassVar[str] = (
        "{kind: findings, points: {critical: 25, major: 10, minor: 1}, at_most: 100}"
    )

    kind: Literal["findings"]
    points: Annotated[Table[Label, Annotated[Number, Field(ge=0)]], Field(max_length=20)]
    at_most: Positive | None = None
    out_of: Positive | None = None
    max_each: Count = 10_000

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(f"/{place}" for place in range(len(self.points)))

    def unfit(self, direction: Direction) -> str | None:
        wanted = Direction.LOWER if self.out_of is None else Direction.HIGHER
        if direction in (wanted, Direction.NONE):
            return None
        what = "penalty points" if self.out_of is None else "what is left of out_of"
        return f"the number is {what}; say direction {wanted}"

    def problem(self, answer: Answer) -> str | None:
        severities = [severity for severity, _ in answer.counts]
        known = ", ".join(self.points)
        if not severities:
            return f"needs how many findings there are: {known}"
        if len(set(severities)) != len(severities):
            return "names a severity twice; name each once"
        for severity, count in answer.counts:
            if severity not in self.points:
                return f"{severity!r} is not on the scale: {known}"
            if type(count) is not int:
                return f"{severity}: needs a whole number, 0 to {self.max_each}"
            if not 0 <= count <= self.max_each:
                return f"{severity}: {count} is not on the scale: 0 to {self.max_each}"
        return None

    def integers(self, answer: Answer) -> tuple[int, ...]:
        found = dict(answer.counts)
        return tuple(found.get(severity, 0) for severity in self.points)

    def exact(self, answer: Answer, direction: Direction) -> Fraction:
        found = dict(answer.counts)
        each = (Fraction(p) * found.get(s, 0) for s, p in self.points.items())
        counted = sum(each, Fraction(0))
        if self.at_most is not None:
            counted = min(counted, Fraction(self.at_most))
        return counted if self.out_of is None else max(Fraction(self.out_of) - counted, Fraction(0))

    def columns(self, code: str, direction: Direction) -> Quotient:
        *points, cap, out_of = self._points()[0]
        scale = self._points()[1]
        found = [pl.col(code + end).cast(INT) for end in self.parts]
        counted = total([n * whole(p) for n, p in zip(found, points, strict=True)])
        if self.at_most is not None:
            counted = pl.min_horizontal(counted, whole(cap))
        if self.out_of is not None:
            counted = pl.max_horizontal(whole(out_of) - counted, whole(0))
        return Quotient(pl.when(found[0].is_not_null()).then(counted), None, scale)

    def bound(self, direction: Direction) -> Bound:
        (*points, _, out_of), scale = self._points()
        counted = sum(points) * self.max_each
        return Bound(scale, max(counted, out_of), peak=counted + out_of)

    def most(self) -> Fraction | None:
        if self.out_of is not None:
            return Fraction(self.out_of)
        return None if self.at_most is None else Fraction(self.at_most)

    def _points(self) -> tuple[list[int], int]:
        ends = [Fraction(self.at_most or 0), Fraction(self.out_of or 0)]
        return integers([*map(Fraction, self.points.values()), *ends])


def _once(currencies: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(currencies)) != len(currencies):
        raise ValueError("names a currency twice; name each once")
    return currencies


class Money(NumberScale):
    """An amount of money in one of ``currencies``, converted into the edition's reporting one.

    The number is the amount times the rate of its currency for the period, exact. Both rate and
    source stand in the trace. Where the edition has no rate there is not enough data.

    Source: docs/sources.md, money.
    """

    example: ClassVar[str] = (
        "{kind: money, currencies: [EUR, USD], min: 0, max: 1000000000, decimals: 2}"
    )

    kind: Literal["money"]
    currencies: Annotated[tuple[Currency, ...], Field(min_length=1), AfterValidator(_once)]

    @property
    def parts(self) -> tuple[str, ...]:
        return ("", "/rate")

    def problem(self, answer: Answer) -> str | None:
        if len(answer.labels) != 1 or answer.labels[0] not in self.currencies:
            return f"needs a currency, one of: {', '.join(self.currencies)}"
        return super().problem(answer)

    def lacks(self, answer: Answer) -> tuple[State, str] | None:
        if answer.read_with.rate is None:
            return State.NOT_ENOUGH_DATA, f"no rate for {answer.labels[0]} in this period"
        return None

    def beside(self, answer: Answer) -> str:
        return answer.read_with.source

    def integers(self, answer: Answer) -> tuple[int, ...]:
        return (*super().integers(answer), int(answer.read_with.rate.scaleb(RATE_DECIMALS)))

    def value(self, answer: Answer) -> Fraction:
        return super().value(answer) * Fraction(answer.read_with.rate)

    def value_columns(self, code: str) -> Quotient:
        amount = super().value_columns(code)
        rate = pl.col(f"{code}/rate").cast(INT)
        return Quotient(amount.numerator * rate, None, amount.scale * 10**RATE_DECIMALS)

    def value_bound(self) -> Bound:
        amount = super().value_bound()
        most = amount.numerator * MOST_RATE * 10**RATE_DECIMALS
        return Bound(amount.scale * 10**RATE_DECIMALS, most)

    def most(self) -> Fraction | None:
        return super().most() if self.points else None
