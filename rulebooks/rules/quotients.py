"""Exact numbers in columns: a numerator and a denominator in Int128, and a proof that they fit.

polars adds and multiplies Int128 silently modulo 2^128. So every word first says how large its
numbers can become (a ``Bound``), in Python's unlimited integers; only a node whose bound fits is
computed in columns, any other row by row in fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

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

    The numerator is null where the number does not apply; the denominator never is. ``ones`` is
    whether it is known to be 1 there.
    """

    numerator: pl.Expr
    denominator: pl.Expr | None
    scale: int
    ones: bool = False

    def divisor(self, times: int = 1) -> pl.Expr:
        """Return the whole denominator, ``scale`` included, ``times`` as large."""
        scale = self.scale * times
        return whole(scale) if self.denominator is None else timed(self.denominator, scale)

    def at_least(self, bar: Fraction, *, strictly: bool = False) -> pl.Expr:
        """Return whether each number is ``bar`` or more (``strictly``: more)."""
        left = timed(self.numerator, bar.denominator)
        right = self.divisor(bar.numerator)
        return left > right if strictly else left >= right

    def at_most(self, bar: Fraction, *, strictly: bool = False) -> pl.Expr:
        """Return whether each number is ``bar`` or less (``strictly``: less)."""
        return ~self.at_least(bar, strictly=not strictly)


def whole(number: int) -> pl.Expr:
    """Return ``number`` as an Int128 literal."""
    return pl.lit(number, dtype=INT)


def timed(number: pl.Expr, times: int) -> pl.Expr:
    """Return ``number`` so many times; what is planned costs more than what is computed."""
    return number if times == 1 else number * whole(times)


def product(factors: Sequence[pl.Expr]) -> pl.Expr:
    """Return the product of ``factors``, halved again and again: a deep expression plans slowly."""
    if len(factors) == 1:
        return factors[0]
    half = len(factors) // 2
    return product(factors[:half]) * product(factors[half:])


def total(columns: Sequence[pl.Expr]) -> pl.Expr:
    """Return the sum of ``columns`` of integers, null counted as 0: additions, never a float."""
    return pl.sum_horizontal(columns) if columns else whole(0)


def count(columns: Sequence[pl.Expr], weights: Sequence[int] | None = None) -> pl.Expr:
    """Return how many of ``columns`` apply, or the weight of those that do."""
    shares = weights or [1] * len(columns)
    if len(set(shares)) == 1:
        return timed(pl.sum_horizontal(c.is_not_null() for c in columns).cast(INT), shares[0])
    return total(
        [pl.when(c.is_not_null()).then(whole(w)) for c, w in zip(columns, shares, strict=True)]
    )


def any_applies(numbers: Sequence[pl.Expr]) -> pl.Expr:
    """Return whether at least one of ``numbers`` applies."""
    return pl.coalesce(numbers).is_not_null()


@dataclass(frozen=True)
class Common:
    """Several quotients over one denominator: ``terms[i] / (scale * denominator)``."""

    terms: tuple[pl.Expr, ...]
    denominator: pl.Expr | None
    scale: int


def common(children: Sequence[Quotient]) -> Common:
    """Return ``children`` over one common denominator; a null child stays null and counts as /1."""
    scale = lcm(*(child.scale for child in children))
    own = [_denominator(child) for child in children]
    terms = []
    for index, child in enumerate(children):
        factors = [d for other, d in enumerate(own) if other != index and d is not None]
        terms.append(product([timed(child.numerator, scale // child.scale), *factors]))
    denominators = [d for d in own if d is not None]
    return Common(tuple(terms), product(denominators) if denominators else None, scale)


def _denominator(child: Quotient) -> pl.Expr | None:
    """Return the denominator of ``child``, 1 where it is null."""
    if child.denominator is None or child.ones:
        return child.denominator
    return pl.when(child.numerator.is_null()).then(whole(1)).otherwise(child.denominator)


def weighted(children: Sequence[Quotient], weights: Sequence[int]) -> Quotient:
    """Return the sum of ``children`` times integer ``weights``, null counted as 0.

    The numbers are those that ``common`` gives, with fewer multiplications.
    """
    scale = lcm(*(child.scale for child in children))
    given = list(zip(children, weights, strict=True))
    terms = [(timed(c.numerator, w * (scale // c.scale)), _denominator(c)) for c, w in given]
    plain = [term for term, denominator in terms if denominator is None]
    parts = [(term, denominator) for term, denominator in terms if denominator is not None]
    if plain:
        parts.append((total(plain), None))
    number, denominator = _added(parts)
    return Quotient(total([number]) if len(parts) == 1 else number, denominator, scale)


def _added(parts: Sequence[tuple[pl.Expr, pl.Expr | None]]) -> tuple[pl.Expr, pl.Expr | None]:
    """Return the sum of ``parts``, each with its denominator, over their common one."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    one, below_one = _added(parts[:half])
    other, below_other = _added(parts[half:])
    left = one if below_other is None else one * below_other
    right = other if below_one is None else other * below_one
    below = [d for d in (below_one, below_other) if d is not None]
    return total([left, right]), product(below) if below else None


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
    own = timed(number.numerator, cap.denominator)
    lowest = pl.when(own.is_not_null()).then(pl.min_horizontal(own, number.divisor(cap.numerator)))
    if where is not None:
        lowest = pl.when(where).then(lowest).otherwise(own)
    return Quotient(lowest, number.denominator, number.scale * cap.denominator, number.ones)


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
