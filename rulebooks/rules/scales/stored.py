"""Stored numbers as columns: which are on a scale, and as the integers that stand in a frame.

Two scales are read so, a number and a part of a whole. An answer on any other is one of few, so it
is read by itself, once for all members who gave it.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from rulebooks.rules.quotients import whole
from rulebooks.rules.scales.base import BaseScale
from rulebooks.rules.scales.numbers import NumberScale, RatioScale

DECIMALS = 12  # that a number is stored with
ONE = 10**DECIMALS


class Numbers(NamedTuple):
    """The numbers of answers in Int128, times 10**12; null where there is none."""

    number: pl.Expr
    numerator: pl.Expr
    denominator: pl.Expr


class Integers(NamedTuple):
    """The integers of a scale's parts, and where an answer is on the scale."""

    parts: tuple[pl.Expr, ...]
    fits: pl.Expr


def in_columns(scale: BaseScale, given: Numbers) -> Integers | None:
    """Return what ``problem`` and ``integers`` of ``scale`` say of a column of answers.

    None where the scale is not read so.
    """
    if type(scale).problem is NumberScale.problem:
        low, high = int(scale.min * ONE), int(scale.max * ONE)
        fits = (given.number >= whole(low)) & (given.number <= whole(high))
        return _integers(scale, [given.number], fits)
    if type(scale).problem is RatioScale.problem:
        part, of, most = given.numerator, given.denominator, whole(int(scale.max * ONE))
        fits = (part >= whole(0)) & (part <= most) & (of > whole(0)) & (of <= most)
        if not scale.may_exceed_one:
            fits &= part <= of
        return _integers(scale, [part, of], fits)
    return None


def _integers(scale: NumberScale | RatioScale, numbers: list[pl.Expr], fits: pl.Expr) -> Integers:
    unit = whole(10 ** (DECIMALS - scale.decimals))
    for number in numbers:
        fits &= number % unit == whole(0)
    return Integers(tuple((number // unit) for number in numbers), fits.fill_null(False))
