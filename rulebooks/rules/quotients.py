"""Exact numbers in columns: a numerator and a denominator in Int128, and a proof that they fit.

polars adds and multiplies Int128 silently modulo 2^128. So every word first says how large its
numbers can become (a ``Bound``), in Python's unlimited integers; only a node whose bound fits is
computed in columns, any other row by row in fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm, prod
from operator import add, mul

import polars as pl

LIMIT = 2**127 - 1
INT = pl.Int128


@dataclass(frozen=True, slots=True)
class Bound:
    """How large the parts of ``numerator / (scale * denominator)`` can become.

    ``numerator`` bounds the absolute value, ``denominator`` lies between 1 and its bound, ``peak``
    bounds every number met on the way. ``scale`` is the same for all members.
    """

    scale: int
    numerator: int
    denominator: int = 1
    peak: int = 0

    @property
    def fits(self) -> bool:
        """Return whether nothing on the way can leave Int128."""
        return max(self.peak, self.numerator, self.scale * self.denominator) <= LIMIT

    def against(self, bar: Fraction) -> int:
        """Return the largest number met when comparing with ``bar``."""
        divisor = self.scale * self.denominator
        return max(self.numerator * bar.denominator, divisor * abs(bar.numerator), self.peak)


TOO_LARGE = Bound(LIMIT + 1, LIMIT + 1, LIMIT + 1, LIMIT + 1)


@dataclass(frozen=True)
class Quotient:
    """A column of exact numbers: ``numerator / (scale * denominator)``.

    The numerator is null where the number does not apply; the denominator never is.
    """

    numerator: pl.Expr
    denominator: pl.Expr | None
    scale: int

    def divisor(self) -> pl.Expr:
        """Return the whole denominator, ``scale`` included."""
        scale = whole(self.scale)
        return scale if self.denominator is None else self.denominator * scale

    def at_least(self, bar: Fraction, *, strictly: bool = False) -> pl.Expr:
        """Return whether each number is ``bar`` or more (``strictly``: more)."""
        left = self.numerator * whole(bar.denominator)
        right = self.divisor() * whole(bar.numerator)
        return left > right if strictly else left >= right

    def at_most(self, bar: Fraction, *, strictly: bool = False) -> pl.Expr:
        """Return whether each number is ``bar`` or less (``strictly``: less)."""
        return ~self.at_least(bar, strictly=not strictly)


def whole(number: int) -> pl.Expr:
    """Return ``number`` as an Int128 literal."""
    return pl.lit(number, dtype=INT)


def total(columns: Sequence[pl.Expr]) -> pl.Expr:
    """Return the sum of ``columns``, null counted as 0; additions only, so never a float."""
    return reduce(add, [column.fill_null(0) for column in columns] or [whole(0)])


def count(columns: Sequence[pl.Expr], weights: Sequence[int] | None = None) -> pl.Expr:
    """Return how many of ``columns`` apply, or the weight of those that do."""
    shares = weights or [1] * len(columns)
    return total(
        [c.is_not_null().cast(INT) * whole(w) for c, w in zip(columns, shares, strict=True)]
    )


@dataclass(frozen=True)
class Common:
    """Several quotients over one denominator: ``terms[i] / (scale * denominator)``."""

    terms: tuple[pl.Expr, ...]
    denominator: pl.Expr | None
    scale: int


def common(children: Sequence[Quotient]) -> Common:
    """Return ``children`` over one common denominator; a null child stays null and counts as /1."""
    scale = lcm(*(child.scale for child in children))
    own = [
        None
        if child.denominator is None
        else pl.when(child.numerator.is_null()).then(whole(1)).otherwise(child.denominator)
        for child in children
    ]
    terms = []
    for index, child in enumerate(children):
        factors = [d for other, d in enumerate(own) if other != index and d is not None]
        terms.append(reduce(mul, factors, child.numerator * whole(scale // child.scale)))
    denominators = [d for d in own if d is not None]
    return Common(tuple(terms), reduce(mul, denominators) if denominators else None, scale)


def common_bounds(children: Sequence[Bound]) -> tuple[list[int], int, int]:
    """Return the bounds of the terms, the denominator and the scale that ``common`` gives.

    Once one of them cannot fit no other number matters, so none is worked out: they could grow
    without end.
    """
    scale = lcm(*(child.scale for child in children))
    denominator = prod(child.denominator for child in children)
    if max(scale, denominator) > LIMIT:
        return [LIMIT + 1] * len(children), LIMIT + 1, LIMIT + 1
    terms = [
        child.numerator * (scale // child.scale) * (denominator // child.denominator)
        for child in children
    ]
    return terms, denominator, scale


def capped(number: Quotient, cap: Fraction, *, where: pl.Expr | None = None) -> Quotient:
    """Return each number, or ``cap`` where it is larger (and ``where`` holds)."""
    own = number.numerator * whole(cap.denominator)
    lowest = pl.when(own.is_not_null()).then(
        pl.min_horizontal(own, number.divisor() * whole(cap.numerator))
    )
    if where is not None:
        lowest = pl.when(where).then(lowest).otherwise(own)
    return Quotient(lowest, number.denominator, number.scale * cap.denominator)


def capped_bound(number: Bound, cap: Fraction) -> Bound:
    """Return the bound of ``capped``."""
    own = number.numerator * cap.denominator
    top = number.scale * number.denominator * abs(cap.numerator)
    scale = number.scale * cap.denominator
    return Bound(scale, max(own, top), number.denominator, peak=number.peak)


def integers(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return ``numbers`` as integers over one common denominator, and that denominator."""
    denominator = lcm(*(number.denominator for number in numbers))
    return [int(number * denominator) for number in numbers], denominator
