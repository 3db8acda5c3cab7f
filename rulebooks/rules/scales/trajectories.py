"""Lines from a baseline to a goal, and how far along them a member is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field, model_validator

from rulebooks.rules.answers import Answer, State
from rulebooks.rules.quotients import INT, Bound, Quotient, integers, whole
from rulebooks.rules.scales.base import Direction
from rulebooks.rules.scales.numbers import INT64, NumberScale
from rulebooks.rules.schema import Code, Number, Part

LONGEST = 300  # years between two points of a line, at most
EQUALS_ITS_BASELINE = "the member's own target equals its baseline: there is no way to measure"
LEADS_BACK = "the member's own target is no way from its baseline to what is better"


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


def due_by(points: Sequence[Point], trajectory: str, year: int) -> Fraction:
    """Return the value due in ``year`` on a line of points, by the kind of trajectory, exact.

    In ``steps`` the last point reached by then is due, and the first before; else it is the value
    on the straight lines.
    """
    if trajectory != "steps":
        return due_on_line(points, year)
    reached = [point for point in points if point.year <= year]
    return Fraction((reached[-1] if reached else points[0]).value)


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


def leads_nowhere(points: Sequence[Point], direction: Direction) -> str:
    """Return why nothing can be measured on a member's own line, empty where it can.

    No value stands in it: fewer people read members' targets than their answers.
    """
    if points[0].value == points[-1].value:
        return EQUALS_ITS_BASELINE
    return LEADS_BACK if line_problem(points, direction) else ""


def decimals_of(value: Decimal) -> int:
    """Return how many decimals a number needs."""
    return max(0, -value.normalize().as_tuple().exponent)


class Trajectory(NumberScale):
    """How much of the change due by a year was reached, on the way from a baseline to a goal.

    The answer is a measured number of that year; its value is (measured - baseline) / (due -
    baseline), so 1 is exactly as promised, 0 is where it began. What is due lies on the straight
    lines between ``baseline``, ``milestones`` and ``goal``. Where nothing is due yet the KPI does
    not apply. ``points`` read the progress: they are written with ``from``, whatever direction
    the measured number has.

    With ``own``, which names a kind of target that members set themselves, a member that has an
    approved one on this KPI is read on its own line; the edition's is that of all others. A target
    that equals its baseline promises nothing, and leaves no way to measure: there is not enough
    data for a number, whatever was answered, and so with a line that leads to what is worse.

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
    own: Code | None = None

    @model_validator(mode="after")
    def leads_somewhere(self) -> Trajectory:
        """Refuse a line that goes back, stands still as a whole, or leaves the scale."""
        if problem := line_problem(self.line, self._way):
            raise ValueError(problem[-1])
        for point in self.line:
            if not self.min <= point.value <= self.max:
                raise ValueError(f"{point.value} is not on the scale: {self.min} to {self.max}")
        if self.own is not None and self._widest > INT64:
            raise ValueError("the scale is too wide for members' own lines: fewer digits")
        return self

    @property
    def line(self) -> tuple[Point, ...]:
        """Return baseline, milestones and goal."""
        return (self.baseline, *self.milestones, self.goal)

    @property
    def _way(self) -> Direction:
        """Return which measured numbers are better; the KPI's direction is held to it."""
        return Direction.HIGHER if self.goal.value > self.baseline.value else Direction.LOWER

    @property
    def _widest(self) -> int:
        """Return a bound on the parts of what is read on a member's own line."""
        return int((self.max - self.min) * 10**self._places) * LONGEST

    @property
    def _places(self) -> int:
        """Return with how many decimals the points of a line are written at most."""
        return max(self.decimals, *(decimals_of(point.value) for point in self.line))

    @property
    def parts(self) -> tuple[str, ...]:
        return ("", "/year") if self.own is None else ("", "/reached", "/asked")

    def better(self, direction: Direction) -> Direction:
        return Direction.HIGHER

    def unfit(self, direction: Direction) -> str | None:
        if direction is not self._way:
            return f"the goal is {self._way} than the baseline; say direction {self._way}"
        return super().unfit(Direction.HIGHER)

    def lacks(self, answer: Answer) -> tuple[State, str] | None:
        year = answer.read_with.year
        if year is None:
            return State.NOT_ENOUGH_DATA, "no year is known that the value is about"
        points, trajectory = self._line_of(answer)
        if not all(self._holds(point.value) for point in points):
            return State.NOT_ENOUGH_DATA, "the member's own line leaves the scale"
        if self._is_own(answer) and (why := leads_nowhere(points, self._way)):
            return State.NOT_ENOUGH_DATA, why
        if due_by(points, trajectory, year) == points[0].value:
            return State.NOT_APPLICABLE, f"nothing is due by {year}"
        return None

    def beside(self, answer: Answer) -> str:
        year = answer.read_with.year
        if self._is_own(answer):
            return f"due by {year}, on the member's own approved line"
        due = due_on_line(self.line, year)
        return f"due by {year}: {due}, from {self.baseline.value:f} in {self.baseline.year}"

    def integers(self, answer: Answer) -> tuple[int, ...]:
        measured = super().integers(answer)
        if self.own is None:
            return (*measured, answer.read_with.year)
        (reached, asked), _ = integers(list(self._change(answer)))
        return (*measured, reached, asked)

    def value(self, answer: Answer) -> Fraction:
        reached, asked = self._change(answer)
        return reached / asked

    def _holds(self, value: Decimal) -> bool:
        """Return whether a point can lie on a line here: within the ends, and not too fine."""
        in_range = value.is_finite() and self.min <= value <= self.max
        return in_range and decimals_of(value) <= self._places

    def _is_own(self, answer: Answer) -> bool:
        return self.own is not None and answer.read_with.line is not None

    def _line_of(self, answer: Answer) -> tuple[Sequence[Point], str]:
        """Return the line that ``answer`` is read on, and the kind of trajectory."""
        if not self._is_own(answer):
            return self.line, "straight_line"
        own = answer.read_with.line
        points = [Point.model_construct(year=year, value=value) for year, value in own.points]
        return points, own.trajectory

    def _change(self, answer: Answer) -> tuple[Fraction, Fraction]:
        """Return the change that was reached, and the one that was due."""
        points, trajectory = self._line_of(answer)
        start = Fraction(points[0].value)
        due = due_by(points, trajectory, answer.read_with.year)
        return super().value(answer) - start, due - start

    def value_columns(self, code: str) -> Quotient:
        if self.own is not None:
            reached, asked = (pl.col(f"{code}/{part}").cast(INT) for part in ("reached", "asked"))
            return Quotient(reached * asked.sign(), asked.abs().fill_null(1), 1)
        return self._on_one_line(code)

    def _on_one_line(self, code: str) -> Quotient:
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
        if self.own is not None:
            return Bound(1, self._widest, self._widest)
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
