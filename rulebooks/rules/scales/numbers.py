"""Scales whose answers are numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field, model_validator

from rulebooks.rules.answers import Answer
from rulebooks.rules.quotients import INT, Bound, Quotient, integers, timed, whole
from rulebooks.rules.scales.base import BaseScale, Direction
from rulebooks.rules.schema import Label, Number, Part, Positive

INT64 = 2**63 - 1
Decimals = Annotated[int, Field(ge=0, le=9, strict=True)]


class Earns(Part):
    """The points for a value ``from`` and ``upto`` which, both included, it lies."""

    example: ClassVar[str] = "{from: 50, upto: 80, points: 60}"

    from_: Number | None = Field(default=None, alias="from")
    upto: Number | None = None
    points: Number

    def holds(self, value: Fraction) -> bool:
        """Return whether ``value`` lies between the ends."""
        return (self.from_ is None or value >= self.from_) and (
            self.upto is None or value <= self.upto
        )

    def columns(self, value: Quotient) -> pl.Expr:
        """Return the same for a column."""
        ends = pl.lit(True)
        if self.from_ is not None:
            ends &= value.at_least(Fraction(self.from_))
        if self.upto is not None:
            ends &= value.at_most(Fraction(self.upto))
        return ends


class Measured(BaseScale):
    """A value with, if wished, points for it: the first of ``points`` that holds, or ``otherwise``.

    Without ``points`` the number is the value, and ``direction`` says which values are better.
    With them the number is points, more is better, and ``direction`` decides how the steps are
    written: higher has ``from`` only, falling; lower ``upto`` only, rising; in_range both.
    """

    points: Annotated[tuple[Earns, ...], Field(min_length=1)] | None = None
    otherwise: Number = Decimal(0)

    def value(self, answer: Answer) -> Fraction:
        """Return the value of ``answer``."""
        raise NotImplementedError

    def value_columns(self, code: str) -> Quotient:
        """Return the same for a column."""
        raise NotImplementedError

    def value_bound(self) -> Bound:
        """Return how large the values can become."""
        raise NotImplementedError

    def better(self, direction: Direction) -> Direction:
        return Direction.HIGHER if self.points else direction

    def unfit(self, direction: Direction) -> str | None:
        if self.points is None:
            return None
        if direction is Direction.NONE:
            return "direction none gives no points; say higher, lower or in_range"
        ends = [(step.from_, step.upto) for step in self.points]
        if direction is Direction.IN_RANGE:
            ok = all(low is not None and high is not None and low <= high for low, high in ends)
            return None if ok else "in_range needs from and upto in each step, from the smaller"
        wanted, other = ("from", "upto") if direction is Direction.HIGHER else ("upto", "from")
        bars = [low if direction is Direction.HIGHER else high for low, high in ends]
        strays = [high if direction is Direction.HIGHER else low for low, high in ends]
        if None in bars or any(stray is not None for stray in strays):
            return f"direction {direction} needs {wanted} and no {other} in each step"
        signed = bars if direction is Direction.HIGHER else [-bar for bar in bars]
        earned = [*(step.points for step in self.points), self.otherwise]
        if any(a <= b for a, b in pairwise(signed)) or any(a <= b for a, b in pairwise(earned)):
            return f"direction {direction}: write the best step first, each next one for less"
        return None

    def exact(self, answer: Answer, direction: Direction) -> Fraction:
        value = self.value(answer)
        if self.points is None:
            return value
        earned = (step.points for step in self.points if step.holds(value))
        return Fraction(next(earned, self.otherwise))

    def columns(self, code: str, direction: Direction) -> Quotient:
        value = self.value_columns(code)
        if self.points is None:
            return value
        earned, scale = self._earned()
        points = whole(earned[-1])
        for step, gives in reversed(list(zip(self.points, earned, strict=False))):
            points = pl.when(step.columns(value)).then(whole(gives)).otherwise(points)
        answered = value.numerator.is_not_null()
        return Quotient(pl.when(answered).then(points), None, scale)

    def bound(self, direction: Direction) -> Bound:
        value = self.value_bound()
        if self.points is None:
            return value
        bars = [
            Fraction(b) for step in self.points for b in (step.from_, step.upto) if b is not None
        ]
        earned, scale = self._earned()
        return Bound(scale, max(map(abs, earned)), peak=max(value.against(bar) for bar in bars))

    def most(self) -> Fraction | None:
        if self.points is None:
            return None
        return Fraction(max([self.otherwise, *(step.points for step in self.points)]))

    def below_zero(self) -> bool:
        return bool(self.points) and min(self._earned()[0]) < 0

    def _earned(self) -> tuple[list[int], int]:
        return integers(
            [*(Fraction(step.points) for step in self.points), Fraction(self.otherwise)]
        )


class NumberScale(Measured):
    """A number from ``min`` to ``max``, both included, with at most ``decimals`` decimals."""

    example: ClassVar[str] = "{kind: number, min: 0, max: 100, decimals: 1}"

    kind: Literal["number"]
    min: Number
    max: Number
    decimals: Decimals

    @model_validator(mode="after")
    def in_order(self) -> NumberScale:
        """Refuse a scale that runs backwards or is too fine for a column of 64 bits."""
        if self.min > self.max:
            raise ValueError("max may not be below min")
        if not self.fits():
            raise ValueError("too wide: at most 18 digits, decimals included")
        return self

    def fits(self) -> bool:
        """Return whether every answer fits into a column of 64 bits."""
        return max(abs(self.min), abs(self.max)) * 10**self.decimals <= INT64

    def problem(self, answer: Answer) -> str | None:
        if answer.number is None or not answer.number.is_finite():
            return "needs a number"
        if not self.min <= answer.number <= self.max:
            return f"{answer.number} is not on the scale: {self.min} to {self.max}"
        return too_fine(answer.number, self.decimals)

    def integers(self, answer: Answer) -> tuple[int, ...]:
        return (int(answer.number.scaleb(self.decimals)),)

    def value(self, answer: Answer) -> Fraction:
        return Fraction(answer.number)

    def value_columns(self, code: str) -> Quotient:
        return Quotient(pl.col(code).cast(INT), None, 10**self.decimals)

    def value_bound(self) -> Bound:
        scale = 10**self.decimals
        return Bound(scale, int(max(abs(self.min), abs(self.max)) * scale))

    def most(self) -> Fraction:
        return super().most() if self.points else Fraction(self.max)

    def below_zero(self) -> bool:
        return super().below_zero() if self.points else self.min < 0


class RatioScale(Measured):
    """A part of a whole, both kept: ``numerator`` and ``denominator`` name what is counted.

    The value is numerator / denominator * ``times``: a share from 0 to 1, or with ``times: 100``
    percent. Both are from 0 to ``max``; the denominator is above 0 (who has nothing to count
    answers "not applicable"); the numerator is at most the denominator unless ``may_exceed_one``.
    """

    example: ClassVar[str] = (
        "{kind: ratio, numerator: Paid back, denominator: Found, max: 1000000, times: 100}"
    )

    kind: Literal["ratio"]
    numerator: Label
    denominator: Label
    max: Positive
    decimals: Decimals = 0
    times: Positive = Decimal(1)
    may_exceed_one: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        return ("", "/of")

    @model_validator(mode="after")
    def narrow_enough(self) -> RatioScale:
        """Refuse a scale that is too fine for a column of 64 bits."""
        if not self.fits():
            raise ValueError("too wide: at most 18 digits, decimals included")
        return self

    def fits(self) -> bool:
        """Return whether both numbers fit into a column of 64 bits."""
        return self.max * 10**self.decimals <= INT64

    def problem(self, answer: Answer) -> str | None:
        part, of = answer.numerator, answer.denominator
        if part is None or of is None or not (part.is_finite() and of.is_finite()):
            return f"needs two numbers: {self.numerator}, {self.denominator}"
        if not (0 <= part <= self.max and 0 < of <= self.max):
            return f"{part} of {of} is not on the scale: 0 to {self.max}, of more than 0"
        if part > of and not self.may_exceed_one:
            return f"{part} of {of}: the part may not exceed the whole"
        return too_fine(part, self.decimals) or too_fine(of, self.decimals)

    def integers(self, answer: Answer) -> tuple[int, ...]:
        parts = (answer.numerator, answer.denominator)
        return tuple(int(number.scaleb(self.decimals)) for number in parts)

    def share(self, answer: Answer) -> Fraction:
        """Return the part over the whole of ``answer``, times ``times``."""
        return Fraction(answer.numerator) / Fraction(answer.denominator) * Fraction(self.times)

    def value(self, answer: Answer) -> Fraction:
        return self.share(answer)

    def value_columns(self, code: str) -> Quotient:
        times = Fraction(self.times)
        numerator = timed(pl.col(code).cast(INT), times.numerator)
        below = pl.col(f"{code}/of").cast(INT).fill_null(1)
        return Quotient(numerator, below, times.denominator, ones=True)

    def value_bound(self) -> Bound:
        times, most = Fraction(self.times), int(self.max * 10**self.decimals)
        return Bound(times.denominator, most * times.numerator, most)

    def most(self) -> Fraction | None:
        if self.points or self.may_exceed_one:
            return super().most()
        return Fraction(self.times)


def too_fine(number: Decimal, decimals: int) -> str | None:
    """Return what is wrong when ``number`` has more than ``decimals`` decimals."""
    if number == round(number, decimals):
        return None
    return f"{number} has too many decimals; at most {decimals}"
