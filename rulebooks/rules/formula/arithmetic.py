"""Numbers, names, and what is done with them."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import polars as pl

from rulebooks.rules.formula.base import Expression, NoNumber, alike, shared_bounds
from rulebooks.rules.quotients import Bound, Quotient, common, whole
from rulebooks.rules.units import PLAIN, Measure


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    """A number written in the formula."""

    number: Fraction

    def exact(self, numbers: Mapping[str, Fraction | None]) -> Fraction:
        return self.number

    def columns(self, numbers: Mapping[str, Quotient]) -> Quotient:
        return Quotient(whole(self.number.numerator), None, self.number.denominator)

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        return Bound(self.number.denominator, abs(self.number.numerator))

    def measure(self, measures: Mapping[str, Measure]) -> Measure:
        return PLAIN


@dataclass(frozen=True, slots=True)
class Name(Expression):
    """The number of a KPI or of a node."""

    code: str

    def names(self) -> Iterator[Name]:
        yield self

    def exact(self, numbers: Mapping[str, Fraction | None]) -> Fraction:
        number = numbers[self.code]
        if number is None:
            raise NoNumber(f"{self.code} has no number")
        return number

    def columns(self, numbers: Mapping[str, Quotient]) -> Quotient:
        return numbers[self.code]

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        return bounds[self.code]

    def measure(self, measures: Mapping[str, Measure]) -> Measure:
        return measures[self.code]


@dataclass(frozen=True, slots=True)
class Several(Expression):
    """An operator or function over parts that have to be in one unit."""

    of: tuple[Expression, ...]

    @property
    def children(self) -> tuple[Expression, ...]:
        return self.of

    def measure(self, measures: Mapping[str, Measure]) -> Measure:
        return alike(self.of, measures)


@dataclass(frozen=True, slots=True)
class Added(Several):
    """Parts added up: ``a + b``, ``sum(a, b, c)``, or with ``minus`` the first less the second."""

    minus: bool = False

    def exact(self, numbers: Mapping[str, Fraction | None]) -> Fraction:
        first, *rest = (part.exact(numbers) for part in self.of)
        return first - rest[0] if self.minus else sum(rest, first)

    def columns(self, numbers: Mapping[str, Quotient]) -> Quotient:
        shared = common([part.columns(numbers) for part in self.of])
        put_together = operator.sub if self.minus else operator.add
        return Quotient(reduce(put_together, shared.terms), shared.denominator, shared.scale)

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        terms, denominator, scale, peak = shared_bounds(self.of, bounds)
        return Bound(scale, sum(terms), denominator, peak=peak)


@dataclass(frozen=True, slots=True)
class Extreme(Several):
    """The largest of the parts, or with ``least`` the smallest."""

    least: bool = False

    def exact(self, numbers: Mapping[str, Fraction | None]) -> Fraction:
        parts = [part.exact(numbers) for part in self.of]
        return min(parts) if self.least else max(parts)

    def columns(self, numbers: Mapping[str, Quotient]) -> Quotient:
        shared = common([part.columns(numbers) for part in self.of])
        chosen = (pl.min_horizontal if self.least else pl.max_horizontal)(*shared.terms)
        there = pl.all_horizontal([term.is_not_null() for term in shared.terms])
        return Quotient(pl.when(there).then(chosen), shared.denominator, shared.scale)

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        terms, denominator, scale, peak = shared_bounds(self.of, bounds)
        return Bound(scale, max(terms), denominator, peak=peak)


@dataclass(frozen=True, slots=True)
class Absolute(Several):
    """A number without its sign."""

    def exact(self, numbers: Mapping[str, Fraction | None]) -> Fraction:
        return abs(self.of[0].exact(numbers))

    def columns(self, numbers: Mapping[str, Quotient]) -> Quotient:
        given = self.of[0].columns(numbers)
        return Quotient(given.numerator.abs(), given.denominator, given.scale)

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        return self.of[0].bound(bounds)


@dataclass(frozen=True, slots=True)
class Negative(Several):
    """A number with the other sign."""

    def exact(self, numbers: Mapping[str, Fraction | None]) -> Fraction:
        return -self.of[0].exact(numbers)

    def columns(self, numbers: Mapping[str, Quotient]) -> Quotient:
        given = self.of[0].columns(numbers)
        return Quotient(given.numerator * whole(-1), given.denominator, given.scale)

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        return self.of[0].bound(bounds)


@dataclass(frozen=True, slots=True)
class Product(Expression):
    """Two parts multiplied."""

    left: Expression
    right: Expression

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.left, self.right)

    def exact(self, numbers: Mapping[str, Fraction | None]) -> Fraction:
        return self.left.exact(numbers) * self.right.exact(numbers)

    def columns(self, numbers: Mapping[str, Quotient]) -> Quotient:
        left, right = self.left.columns(numbers), self.right.columns(numbers)
        denominators = [q.denominator for q in (left, right) if q.denominator is not None]
        denominator = reduce(operator.mul, denominators) if denominators else None
        return Quotient(left.numerator * right.numerator, denominator, left.scale * right.scale)

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        left, right = self.left.bound(bounds), self.right.bound(bounds)
        return Bound(
            left.scale * right.scale,
            left.numerator * right.numerator,
            left.denominator * right.denominator,
            peak=max(left.peak, right.peak, left.numerator, right.numerator),
        )

    def measure(self, measures: Mapping[str, Measure]) -> Measure:
        return self.left.measure(measures).times(self.right.measure(measures))


@dataclass(frozen=True, slots=True)
class Division(Expression):
    """One part divided by another; by zero there is no number, and the card says so."""

    left: Expression
    right: Expression

    @property
    def children(self) -> tuple[Expression, ...]:
        return (self.left, self.right)

    def exact(self, numbers: Mapping[str, Fraction | None]) -> Fraction:
        left, right = self.left.exact(numbers), self.right.exact(numbers)
        if right == 0:
            raise NoNumber(f"division by zero, at character {self.right.at} of the formula")
        return left / right

    def columns(self, numbers: Mapping[str, Quotient]) -> Quotient:
        left, right = self.left.columns(numbers), self.right.columns(numbers)
        divides = right.numerator != 0
        numerator = left.numerator * right.divisor() * right.numerator.sign()
        divisor = right.numerator.abs()
        if left.denominator is not None:
            divisor = divisor * left.denominator
        return Quotient(
            pl.when(divides).then(numerator),
            pl.when(divides).then(divisor).otherwise(whole(1)),
            left.scale,
        )

    def bound(self, bounds: Mapping[str, Bound]) -> Bound:
        left, right = self.left.bound(bounds), self.right.bound(bounds)
        return Bound(
            left.scale,
            left.numerator * right.denominator * right.scale,
            left.denominator * max(right.numerator, 1),
            peak=max(left.peak, right.peak, right.denominator * right.scale),
        )

    def measure(self, measures: Mapping[str, Measure]) -> Measure:
        return self.left.measure(measures).over(self.right.measure(measures))
