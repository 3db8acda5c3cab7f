"""Stored numbers as columns: which are on a scale, and as the integers that stand in a frame.

Two scales are read so, a number and a part of a whole. An answer on any other is one of few, so it
is read by itself, once for all members who gave it.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from functools import reduce
from operator import and_

import polars as pl

from rulebooks.rules.quotients import INT, whole
from rulebooks.rules.scales.base import BaseScale
from rulebooks.rules.scales.numbers import NumberScale, RatioScale

DECIMALS = 12  # that a number is stored with
ONE = 10**DECIMALS


@dataclass(frozen=True, slots=True)
class Limits:
    """What a scale asks of its ``parts`` numbers: ends and smallest step, times 10**12.

    ``beyond`` is whether a part may be larger than its whole.
    """

    parts: int
    low: int
    high: int
    step: int
    beyond: bool = True

    @classmethod
    def of(cls, scale: BaseScale) -> Limits | None:
        """Return those of ``scale``, None where it is not read so."""
        if type(scale).problem is NumberScale.problem:
            return cls(1, int(scale.min * ONE), int(scale.max * ONE), _step(scale))
        if type(scale).problem is RatioScale.problem:
            return cls(2, 0, int(scale.max * ONE), _step(scale), scale.may_exceed_one)
        return None


class Table:
    """The limits of several scales, by place; its expressions speak of the scale ``at`` a place."""

    def __init__(self, limits: list[Limits | None], at: pl.Expr) -> None:
        rows = [astuple(one or Limits(0, 0, 0, 1)) for one in limits]
        parts, low, high, step, beyond = zip(*rows, strict=True) if rows else ((),) * 5
        self.parts = pl.Series(parts, dtype=pl.UInt8)
        self._low, self._high, self._step = (
            pl.lit(pl.Series(numbers, dtype=INT)).gather(at) for numbers in (low, high, step)
        )
        self._beyond = pl.lit(pl.Series(beyond, dtype=pl.Boolean)).gather(at)

    def fits(self, *numbers: pl.Expr) -> pl.Expr:
        """Return where numbers (Int128, times 10**12) are on their scale: what ``problem`` says.

        One is a number, two are a part and its whole.
        """
        asked = [(n >= self._low) & (n <= self._high) & (n % self._step == 0) for n in numbers]
        if len(numbers) == 2:
            part, of = numbers
            asked += [of > whole(0), self._beyond | (part <= of)]
        return reduce(and_, asked).fill_null(False)

    def integers(self, *numbers: pl.Expr) -> list[pl.Expr]:
        """Return the integers of the scale's parts, of numbers that are on it."""
        return [number // self._step for number in numbers]


def _step(scale: NumberScale | RatioScale) -> int:
    return 10 ** (DECIMALS - scale.decimals)
