"""Stored numbers as columns: which are on a scale, and as the integers that stand in a frame.

Two scales are read so, a number and a part of a whole. An answer on any other is one of few, so it
is read by itself, once for all members who gave it.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    """The limits of several scales, by place; its expressions speak of the scale ``at`` a place.

    ``ways`` are the different ``parts`` and steps, ``way`` the one of each scale. A step is the
    same for all rows that an expression is asked of: a column of divisors costs ten times more.
    """

    def __init__(self, limits: list[Limits | None], at: pl.Expr) -> None:
        known = [one or Limits(0, 0, 0, 1) for one in limits]
        self.ways = list(dict.fromkeys((one.parts, one.step) for one in known))
        self.way = pl.Series(
            [self.ways.index((one.parts, one.step)) for one in known], dtype=pl.UInt8
        )
        self._low = pl.lit(pl.Series([one.low for one in known], dtype=INT)).gather(at)
        self._high = pl.lit(pl.Series([one.high for one in known], dtype=INT)).gather(at)
        self._beyond = pl.lit(pl.Series([one.beyond for one in known], dtype=pl.Boolean)).gather(at)

    def fits(self, *numbers: pl.Expr, step: int) -> pl.Expr:
        """Return where numbers (Int128, times 10**12) are on their scale: what ``problem`` says.

        One is a number, two are a part and its whole.
        """
        asked = [
            (n >= self._low) & (n <= self._high) & (n % whole(step) == whole(0)) for n in numbers
        ]
        if len(numbers) == 2:
            part, of = numbers
            asked += [of > whole(0), self._beyond | (part <= of)]
        return reduce(and_, asked).fill_null(False)


def _step(scale: NumberScale | RatioScale) -> int:
    return 10 ** (DECIMALS - scale.decimals)
