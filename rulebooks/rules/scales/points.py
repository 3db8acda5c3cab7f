"""Numbers of a short list: points that are given, no others."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.answers import Answer
from rulebooks.rules.quotients import INT, Bound, Quotient, integers
from rulebooks.rules.scales.base import BaseScale, Direction, points_are_never_in_range
from rulebooks.rules.schema import Number


class PointsScale(BaseScale):
    """Points as awarded by whoever judges, one of ``allowed``.

    The answer is points already: ``higher`` means points earned, ``lower`` penalty points.
    """

    example: ClassVar[str] = "{kind: points, allowed: [0, 12.5, 25]}"

    kind: Literal["points"]
    allowed: Annotated[tuple[Number, ...], Field(min_length=1, max_length=1_000)]

    def unfit(self, direction: Direction) -> str | None:
        return points_are_never_in_range(direction)

    def problem(self, answer: Answer) -> str | None:
        if answer.number is None or not answer.number.is_finite():
            return "needs a number"
        if answer.number in self.allowed:
            return None
        return f"{answer.number} is not on the scale: {', '.join(map(str, self.allowed))}"

    def integers(self, answer: Answer) -> tuple[int, ...]:
        return (int(Fraction(answer.number) * self._scale()),)

    def exact(self, answer: Answer, direction: Direction) -> Fraction:
        return Fraction(answer.number)

    def columns(self, code: str, direction: Direction) -> Quotient:
        return Quotient(pl.col(code).cast(INT), None, self._scale())

    def bound(self, direction: Direction) -> Bound:
        return Bound(self._scale(), int(max(map(abs, self.allowed)) * self._scale()))

    def most(self) -> Fraction:
        return Fraction(max(self.allowed))

    def below_zero(self) -> bool:
        return min(self.allowed) < 0

    def _scale(self) -> int:
        return integers([Fraction(points) for points in self.allowed])[1]
