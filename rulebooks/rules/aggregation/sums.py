"""Sums and means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl

from rulebooks.rules.aggregation.base import (
    AtLeast,
    Bounds,
    Columns,
    Known,
    Listing,
    Row,
    Word,
    together,
    too_many_needed,
)
from rulebooks.rules.document import Fault
from rulebooks.rules.quotients import (
    Bound,
    Quotient,
    any_applies,
    common_bounds,
    count,
    integers,
    weighted,
    whole,
)
from rulebooks.rules.rows import Most
from rulebooks.rules.schema import Code, Positive, Table


class Sum(Listing):
    """The sum of the inputs that apply.

    Source: docs/sources.md, sum.
    """

    example: ClassVar[str] = '{code: total, title: Total, op: sum, of: [a, b], clause: "6.1"}'

    op: Literal["sum"]

    def most(self, most: Most) -> Fraction | None:
        return together((most[code] for code in self.of), sum)

    def exact(self, row: Row) -> Fraction | None:
        numbers = self.applicable(row)
        return sum(numbers, Fraction(0)) if numbers else None

    def columns(self, columns: Columns) -> Quotient:
        return summed_columns(self.children(columns))

    def bound(self, bounds: Bounds) -> Bound:
        return summed(self.children(bounds), [1] * len(self.of))


class MeanOfApplicable(Listing):
    """The plain mean of the inputs that apply; one that does not apply is not counted.

    Source: docs/sources.md, mean_of_applicable.
    """

    example: ClassVar[str] = (
        '{code: total, title: Total, op: mean_of_applicable, of: [a, b], clause: "6.1"}'
    )

    op: Literal["mean_of_applicable"]

    def most(self, most: Most) -> Fraction | None:
        return together((most[code] for code in self.of), max)

    def exact(self, row: Row) -> Fraction | None:
        numbers = self.applicable(row)
        return sum(numbers, Fraction(0)) / len(numbers) if numbers else None

    def columns(self, columns: Columns) -> Quotient:
        return averaged(self.children(columns), [1] * len(self.of))

    def bound(self, bounds: Bounds) -> Bound:
        return averaged_bound(self.children(bounds), [1] * len(self.of))


class WeightedMean(Word):
    """The sum of weight times input over the inputs that apply, divided as ``divide_by`` says.

    ``weights``: by the sum of the weights of the inputs that apply. The weights need not add up
    to 1, and what is left out makes the others weigh more. ``one``: not divided; what is left out
    is lost.

    Source: docs/sources.md, weighted_mean.
    """

    example: ClassVar[str] = (
        "{code: total, title: Total, op: weighted_mean, weights: {a: 0.7, b: 0.3},"
        ' divide_by: weights, clause: "6.1"}'
    )

    op: Literal["weighted_mean"]
    weights: Table[Code, Positive]
    divide_by: Literal["weights", "one"]
    at_least_applicable: AtLeast | None = None

    def reads(self) -> tuple[str, ...]:
        return tuple(self.weights)

    def read_at(self) -> list[tuple[tuple[str, str], str]]:
        return [(("weights", code), code) for code in self.weights]

    def needed(self) -> int:
        return self.at_least_applicable or 1

    def faults(self, known: Known) -> list[Fault]:
        return too_many_needed(self)

    def most(self, most: Most) -> Fraction | None:
        put = max if self.divide_by == "weights" else self._weighted
        return together((most[code] for code in self.weights), put)

    def _weighted(self, numbers: list[Fraction]) -> Fraction:
        weights = self.weights_of_inputs().values()
        return sum((w * n for w, n in zip(weights, numbers, strict=True)), Fraction(0))

    def weights_of_inputs(self) -> Mapping[str, Fraction]:
        return {code: Fraction(weight) for code, weight in self.weights.items()}

    def exact(self, row: Row) -> Fraction | None:
        weights = self.weights_of_inputs()
        given = [(w, row.numbers[c]) for c, w in weights.items() if row.numbers[c] is not None]
        weight = sum((w for w, _ in given), Fraction(0))
        if not given or (self.divide_by == "weights" and weight == 0):
            return None
        weighted = sum((w * number for w, number in given), Fraction(0))
        return weighted / weight if self.divide_by == "weights" else weighted

    def columns(self, columns: Columns) -> Quotient:
        children = [columns.numbers[code] for code in self.weights]
        weights, scale = integers(list(self.weights_of_inputs().values()))
        if self.divide_by == "weights":
            return averaged(children, weights)
        made = weighted(children, weights)
        return replace(applying(children, made), scale=made.scale * scale)

    def bound(self, bounds: Bounds) -> Bound:
        children = [bounds.numbers[code] for code in self.weights]
        weights, scale = integers(list(self.weights_of_inputs().values()))
        if self.divide_by == "weights":
            return averaged_bound(children, weights)
        return summed(children, weights, scale=scale)


def applying(children: Sequence[Quotient], made: Quotient) -> Quotient:
    """Return ``made`` where at least one of ``children`` applies, null elsewhere."""
    applies = any_applies([child.numerator for child in children])
    return replace(made, numerator=pl.when(applies).then(made.numerator), ones=True)


def at_least_one(divisor: pl.Expr) -> pl.Expr:
    """Return ``divisor``, or 1 where it is 0 and the numerator is null."""
    return pl.max_horizontal(divisor, whole(1))


def averaged(children: list[Quotient], weights: list[int]) -> Quotient:
    """Return the mean of the children that apply, with integer ``weights``."""
    made = weighted(children, weights)
    weight = at_least_one(count([child.numerator for child in children], weights))
    below = weight if made.denominator is None else weight * made.denominator
    return applying(children, replace(made, denominator=below))


def summed_columns(children: list[Quotient]) -> Quotient:
    """Return the sum of the children that apply."""
    return applying(children, weighted(children, [1] * len(children)))


def summed(children: list[Bound], weights: list[int], *, scale: int = 1) -> Bound:
    """Return the bound of the sum of the children times integer ``weights``, over ``scale``."""
    terms, denominator, shared = common_bounds(children)
    most = sum(term * weight for term, weight in zip(terms, weights, strict=True))
    peak = max(*terms, *(child.peak for child in children))
    return Bound(shared * scale, most, denominator, peak=peak)


def averaged_bound(children: list[Bound], weights: list[int]) -> Bound:
    """Return the bound of ``averaged``."""
    top = summed(children, weights)
    return Bound(top.scale, top.numerator, top.denominator * sum(weights), peak=top.peak)
