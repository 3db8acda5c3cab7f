"""Words that ask for the worst input, or for all of them."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl

from rulebooks.rules.aggregation.base import Bounds, Columns, Known, Listing, Row, together
from rulebooks.rules.aggregation.sums import applying
from rulebooks.rules.document import Fault
from rulebooks.rules.quotients import INT, Bound, Quotient, common, common_bounds
from rulebooks.rules.rows import Most
from rulebooks.rules.scales import Direction
from rulebooks.rules.schema import Number


class Minimum(Listing):
    """The smallest of the inputs that apply: the weakest link, where higher is better.

    Source: docs/sources.md, minimum.
    """

    example: ClassVar[str] = '{code: total, title: Total, op: minimum, of: [a, b], clause: "6.1"}'

    op: Literal["minimum"]

    def most(self, most: Most) -> Fraction | None:
        return together((most[code] for code in self.of), max)

    def faults(self, known: Known) -> list[Fault]:
        return super().faults(known) + [
            Fault(("of", index), f"the smallest {code} is the best one: lower is better there")
            for index, code in enumerate(self.of)
            if known.better.get(code) is Direction.LOWER
        ]

    def exact(self, row: Row) -> Fraction | None:
        return min(self.applicable(row), default=None)

    def columns(self, columns: Columns) -> Quotient:
        shared = common(self.children(columns))
        return Quotient(
            pl.min_horizontal(*shared.terms), shared.denominator, shared.scale, ones=True
        )

    def bound(self, bounds: Bounds) -> Bound:
        terms, denominator, scale = common_bounds(self.children(bounds))
        peak = max(child.peak for child in self.children(bounds))
        return Bound(scale, max(terms), denominator, peak=peak)


class Maximum(Listing):
    """The largest of the inputs that apply: the best of several ways to earn the same points.

    Where lower is better it is the weakest link.

    Source: docs/sources.md, maximum.
    """

    example: ClassVar[str] = '{code: total, title: Total, op: maximum, of: [a, b], clause: "6.1"}'

    op: Literal["maximum"]

    def most(self, most: Most) -> Fraction | None:
        return together((most[code] for code in self.of), max)

    def exact(self, row: Row) -> Fraction | None:
        return max(self.applicable(row), default=None)

    def columns(self, columns: Columns) -> Quotient:
        shared = common(self.children(columns))
        return Quotient(
            pl.max_horizontal(*shared.terms), shared.denominator, shared.scale, ones=True
        )

    def bound(self, bounds: Bounds) -> Bound:
        terms, denominator, scale = common_bounds(self.children(bounds))
        peak = max(child.peak for child in self.children(bounds))
        return Bound(scale, max(terms), denominator, peak=peak)


class AllOf(Listing):
    """1 when every input that applies reaches ``bar``, else 0; nothing is averaged.

    Where inputs are better when lower, they must stay at ``bar`` or below. ``must: beat`` wants
    more than ``bar`` (less, where lower is better): exactly on it fails.

    Source: docs/sources.md, all_of.
    """

    example: ClassVar[str] = (
        '{code: met, title: Met, op: all_of, of: [a, b], bar: 50, must: beat, clause: "6.1"}'
    )

    op: Literal["all_of"]
    bar: Number
    must: Literal["reach", "beat"] = "reach"

    def better(self, children: frozenset[Direction]) -> Direction:
        return Direction.HIGHER

    def most(self, most: Most) -> Fraction:
        return Fraction(1)

    def exact(self, row: Row) -> Fraction | None:
        given = [(c, row.numbers[c]) for c in self.of if row.numbers[c] is not None]
        return Fraction(all(self._passes(n, row.better[c]) for c, n in given)) if given else None

    def columns(self, columns: Columns) -> Quotient:
        numbers = [(columns.numbers[code], columns.better[code]) for code in self.of]
        passes = [self._passes_columns(*number).fill_null(True) for number in numbers]
        made = Quotient(pl.all_horizontal(passes).cast(INT), None, 1)
        return applying([number for number, _ in numbers], made)

    def bound(self, bounds: Bounds) -> Bound:
        bar = Fraction(self.bar)
        return Bound(1, 1, peak=max(child.against(bar) for child in self.children(bounds)))

    def _passes(self, number: Fraction, better: Direction) -> bool:
        if number == self.bar:
            return self.must == "reach"
        return (number > self.bar) is (better is not Direction.LOWER)

    def _passes_columns(self, number: Quotient, better: Direction) -> pl.Expr:
        compare = number.at_most if better is Direction.LOWER else number.at_least
        return compare(Fraction(self.bar), strictly=self.must == "beat")
