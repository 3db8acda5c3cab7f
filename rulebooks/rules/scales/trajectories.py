"""Lines from a baseline to a goal, and how far along them a member is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field, model_validator

from rulebooks.rules.answers import Answer, State
from rulebooks.rules.quotients import INT, Bound, Quotient, integers, whole
from rulebooks.rules.scales.base import Direction
from rulebooks.rules.scales.numbers import NumberScale
from rulebooks.rules.schema import Number, Part


class Point(Part):
    """A value in a year."""

    example: ClassVar[str] = "{year: 2030, value: 90}"

    year: Annotated[int, Field(ge=1900, le=2200, strict=True)]
    value: Number


def due_on_line(points: Sequence[Point], year: int) -> Fraction:
    """Return the value due in ``year`` on the straight lines from each point to the next, exact.

    Before the first year the first value, after the last year the last.
    """
    held = min(max(year, points[0].year), points[-1].year)
    for first, last in pairwise(points):
        if held <= last.year:
            share = Fraction(held - first.year, last.year - first.year)
            return Fraction(first.value) + share * (Fraction(last.value) - Fraction(first.value))
    return Fraction(points[-1].value)


def line_problem(points: Sequence[Point], direction: Direction) -> tuple[int, str, str] | None:
    """Return place and field of the first point that goes back in time or value, and what is wrong.

    Points are the baseline, the milestones and the goal; a milestone may stand still.
    """
    up = direction is Direction.HIGHER
    for place, (first, last) in enumerate(pairwise(points), start=1):
        if last.year <= first.year:
            which = "the baseline year" if place == 1 else "the year before"
            return place, "year", f"must lie after {which} {first.year}"
        step = last.value - first.value
        if (step < 0) if up else (step > 0):
            message = f"{last.value} is no improvement on {first.value}"
            return place, "value", f"{message}: it is better when {direction}"
    if points[0].value == points[-1].value:
        message = f"{points[-1].value} is no improvement on {points[0].value}: nothing is promised"
        return len(points) - 1, "value", message
    return None


class Trajectory(NumberScale):
    """How much of the change due by a year was reached, on the way from a baseline to a goal.

    The answer is a measured number of that year; its value is (measured - baseline) / (due -
    baseline), so 1 is exactly as promised, 0 is where it began. What is due lies on the straight
    lines between ``baseline``, ``milestones`` and ``goal``. Where nothing is due yet the KPI does
    not apply. ``points`` read the progress: they are written with ``from``, whatever direction
    the measured number has.

    Source: docs/sources.md, trajectory.
    """

    example: ClassVar[str] = (
        "{kind: trajectory, min: 0, max: 100, decimals: 1, baseline: {year: 2020, value: 30}, "
        "milestones: [{year: 2025, value: 50}], goal: {year: 2030, value: 90}}"
    )

    kind: Literal["trajectory"]
    baseline: Point
    goal: Point
    milestones: Annotated[tuple[Point, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def leads_somewhere(self) -> Trajectory:
        """Refuse a line that goes back, stands still as a whole, or leaves the scale."""
        way = Direction.HIGHER if self.goal.value > self.baseline.value else Direction.LOWER
        if problem := line_problem(self.line, way):
            raise ValueError(problem[-1])
        for point in self.line:
            if not self.min <= point.value <= self.max:
                raise ValueError(f"{point.value} is not on the scale: {self.min} to {self.max}")
        return self

    @property
    def line(self) -> tuple[Point, ...]:
        """Return baseline, milestones and goal."""
        return (self.baseline, *self.milestones, self.goal)

    @property
    def parts(self) -> tuple[str, ...]:
        return ("", "/year")

    def better(self, direction: Direction) -> Direction:
        return Direction.HIGHER

    def unfit(self, direction: Direction) -> str | None:
        way = Direction.HIGHER if self.goal.value > self.baseline.value else Direction.LOWER
        if direction is not way:
            return f"the goal is {way} than the baseline; say direction {way}"
        return super().unfit(Direction.HIGHER)

    def lacks(self, answer: Answer) -> tuple[State, str] | None:
        year = answer.read_with.year
        if year is None:
            return State.NOT_ENOUGH_DATA, "no year is known that the value is about"
        if due_on_line(self.line, year) == self.baseline.value:
            return State.NOT_APPLICABLE, f"nothing is due by {year}"
        return None

    def beside(self, answer: Answer) -> str:
        due, year = due_on_line(self.line, answer.read_with.year), answer.read_with.year
        return f"due by {year}: {due}, from {self.baseline.value:f} in {self.baseline.year}"

    def integers(self, answer: Answer) -> tuple[int, ...]:
        return (*super().integers(answer), answer.read_with.year)

    def value(self, answer: Answer) -> Fraction:
        start = Fraction(self.baseline.value)
        due = due_on_line(self.line, answer.read_with.year)
        return (super().value(answer) - start) / (due - start)

    def value_columns(self, code: str) -> Quotient:
        measured = super().value_columns(code)
        start = Fraction(self.baseline.value)
        year = pl.col(f"{code}/year").cast(INT)
        slopes, scale = self._slopes()
        fixed, each = slopes[-1]
        due = whole(fixed + each * self.goal.year)
        for point, (fixed, each) in reversed(list(zip(self.line[1:], slopes, strict=True))):
            due = (
                pl.when(year <= whole(point.year))
                .then(whole(fixed) + whole(each) * year)
                .otherwise(due)
            )
        reached = measured.numerator * whole(start.denominator)
        reached = (reached - whole(start.numerator * measured.scale)) * whole(scale)
        return Quotient(
            reached * due.sign(), due.abs().fill_null(1), measured.scale * start.denominator
        )

    def value_bound(self) -> Bound:
        measured, start = super().value_bound(), Fraction(self.baseline.value)
        slopes, scale = self._slopes()
        most = max(
            abs(fixed) + abs(each) * max(first.year, last.year)
            for (first, last), (fixed, each) in zip(pairwise(self.line), slopes, strict=True)
        )
        reached = measured.numerator * start.denominator + abs(start.numerator) * measured.scale
        return Bound(measured.scale * start.denominator, reached * scale, most)

    def most(self) -> Fraction | None:
        return super().most() if self.points else None

    def below_zero(self) -> bool:
        return super().below_zero() if self.points else True

    def _slopes(self) -> tuple[list[tuple[int, int]], int]:
        """Return, for each stretch, a and b of due - baseline = (a + b * year) / scale; and scale.

        A year before the baseline never comes here: nothing is due then.
        """
        numbers, scale = integers(list(self._fractions()))
        return list(zip(numbers[::2], numbers[1::2], strict=True)), scale

    def _fractions(self) -> Iterator[Fraction]:
        start = Fraction(self.baseline.value)
        for first, last in pairwise(self.line):
            each = (Fraction(last.value) - Fraction(first.value)) / (last.year - first.year)
            yield Fraction(first.value) - start - each * first.year
            yield each
