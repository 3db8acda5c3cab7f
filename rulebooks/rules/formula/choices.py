"""Conditions, and what stands where they hold."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from rulebooks.rules.formula.base import Expression, alike, shared_bounds
from rulebooks.rules.quotients import Bound, Quotient, common
from rulebooks.rules.units import Measure

COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Comparison(Expression):
    """Two parts compared; it stands as the condition of an ``if`` only."""

    sign: str
    left: Expression
    right: Expression

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.left, self.right)

    def holds(self, numbers: Mapping[str, Fraction | None]) -> bool:
        """Return whether it holds."""
        return COMPARISONS[self.sign](self.left.exact(numbers), self.right.exact(numbers))

    def holds_in(self, numbers: Mapping[str, Quotient]) -> pl.Expr:
        """Return the same for a frame; null where a side has no number."""
        shared = common([part.columns(numbers) for part in self.children])
        return COMPARISONS[self.sign](*shared.terms)

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        terms, _, _, peak = shared_bounds(self.children, bounds)
        return Bound(1, 1, peak=max(*terms, peak))

    def measure(self, measures: Mapping[str, Measure]) -> Measure:
        return alike(self.children, measures)


@dataclass(frozen=True, slots=True)
class Choice(Expression):
    """The first part where the condition holds, else the second; only that one is computed."""

    condition: Comparison
    then: Expression
    otherwise: Expression

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.condition, self.then, self.otherwise)

    def exact(self, numbers: Mapping[str, Fraction | None]) -> Fraction:
        chosen = self.then if self.condition.holds(numbers) else self.otherwise
        return chosen.exact(numbers)

    def columns(self, numbers: Mapping[str, Quotient]) -> Quotient:
        shared = common([self.then.columns(numbers), self.otherwise.columns(numbers)])
        holds = self.condition.holds_in(numbers)
        chosen = pl.when(holds).then(shared.terms[0]).otherwise(shared.terms[1])
        return Quotient(pl.when(holds.is_not_null()).then(chosen), shared.denominator, shared.scale)

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        terms, denominator, scale, peak = shared_bounds((self.then, self.otherwise), bounds)
        peak = max(peak, self.condition.bound(bounds).peak)
        return Bound(scale, max(terms), denominator, peak=peak)

    def measure(self, measures: Mapping[str, Measure]) -> Measure:
        self.condition.measure(measures)
        return alike((self.then, self.otherwise), measures)
