"""Specific targets: what shall be reached, from where, by when, and who answers for it."""

from __future__ import annotations

from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.scales.trajectories import Point, due_by
from rulebooks.rules.schema import Clause, Code, Day, Label, Number, Part, Selection, Title
from rulebooks.rules.targets.aggregates import Aggregate
from rulebooks.rules.targets.own import Recalculation

Trajectory = Literal["straight_line", "steps", "milestones"]
EXACT = Context(prec=120)  # a product of two numbers of 30 digits has no more


class Baseline(Point):
    """Where a target begins: a value in a year, and where that was taken from."""

    example: ClassVar[str] = "{year: 2024, value: 40, source: First returns of all members}"

    source: Title | None = None


class Goal(Part):
    """What shall be reached in a year: a value, or a change from the baseline.

    ``percent`` is a change in percent of the baseline, ``percentage_points`` one of a percentage.
    Both have a sign: -42 is less by 42.

    Source: docs/sources.md, goal.
    """

    example: ClassVar[str] = "{year: 2030, percent: -42}"

    year: Annotated[int, Field(ge=1900, le=2200, strict=True)]
    value: Number | None = None
    percent: Number | None = None
    percentage_points: Number | None = None

    @model_validator(mode="after")
    def said_once(self) -> Goal:
        """Refuse a goal that is not said, or said in two ways."""
        if len(self.said) != 1:
            raise ValueError("say one of value, percent, percentage_points")
        return self

    @property
    def said(self) -> tuple[str, ...]:
        """Return by which keys it is said."""
        names = ("value", "percent", "percentage_points")
        return tuple(name for name in names if getattr(self, name) is not None)

    def counted_from(self, baseline: Decimal) -> Decimal:
        """Return the value to be reached, exact."""
        if self.value is not None:
            return self.value
        if self.percentage_points is not None:
            return EXACT.add(baseline, self.percentage_points)
        change = EXACT.multiply(baseline, self.percent).scaleb(-2, context=EXACT)
        return EXACT.add(baseline, change)


class Owner(Part):
    """Who answers for a target: a body of the edition, a role, or a member by its code."""

    example: ClassVar[str] = "{role: Executive secretary}"

    body: Code | None = None
    role: Title | None = None
    member: Code | None = None

    @model_validator(mode="after")
    def one(self) -> Owner:
        """Refuse nobody, and two at once."""
        if sum(one is not None for one in (self.body, self.role, self.member)) != 1:
            raise ValueError("name one of body, role, member")
        return self


class Target(Part):
    """What an indicator shall reach, and the way from a baseline to there.

    The indicator is a KPI or a node of the scoring tree; a target with neither is not measured,
    and the check warns. ``unit`` and ``direction`` are the KPI's where they are left out; of a
    node they are said.

    ``reached_by`` says who reaches it: all members that it applies to together (``all_together``),
    taken together by ``aggregate``, or each of them by itself (``each_member``). Without
    ``aggregate`` a ratio is taken by its parts, and the mean of any other number.

    ``trajectory`` is what is due on the way: the straight lines from baseline over any milestones
    to the goal (``straight_line``, or ``milestones``, which asks for some), or the last milestone
    reached by then, and before the first the baseline (``steps``).

    ``due_on`` is the day, in the goal's year, by which it is reached; else the year's last.
    ``serves`` names the requirements that it serves; else it serves its KPI's. Its baseline stays
    until the next edition, but where ``recalculation`` lets it be worked out anew.

    Source: docs/sources.md, target.
    """

    example: ClassVar[str] = (
        "{code: no-fees, title: All fees are paid back, kpi: fees-repaid, "
        "baseline: {year: 2024, value: 40}, goal: {year: 2028, value: 100}, "
        'trajectory: straight_line, clause: "1.2"}'
    )

    code: Code
    title: Title
    kpi: Code | None = None
    node: Code | None = None
    unit: Label | None = None
    direction: Literal["higher", "lower"] | None = None
    reached_by: Literal["all_together", "each_member"] = "all_together"
    aggregate: Aggregate | None = None
    applies_to: Selection = "all"
    chambers: Selection = "all"
    baseline: Baseline
    milestones: Annotated[tuple[Point, ...], Field(max_length=20)] = ()
    goal: Goal
    due_on: Day | None = None
    trajectory: Trajectory
    owner: Owner | None = None
    serves: tuple[Code, ...] = ()
    recalculation: Recalculation | None = None
    clause: Clause

    def rebased(self, value: Decimal) -> Target:
        """Return the target from another baseline of the same year; whether that fits, ask."""
        baseline = self.baseline.model_copy(update={"value": value})
        return self.model_copy(update={"baseline": baseline})

    @property
    def line(self) -> tuple[Point, ...]:
        """Return baseline, milestones and goal."""
        goal = Point.model_construct(
            year=self.goal.year, value=self.goal.counted_from(self.baseline.value)
        )
        return (self.baseline, *self.milestones, goal)

    @property
    def goal_value(self) -> Decimal:
        """Return the value to be reached, whichever way it is said."""
        return self.goal.counted_from(self.baseline.value)

    @property
    def rises(self) -> bool:
        """Return whether more is better on the way."""
        return self.goal_value >= self.baseline.value

    @property
    def last_day(self) -> date:
        """Return the day by which it is to be reached."""
        return self.due_on or date(self.goal.year, 12, 31)

    def due_by(self, year: int) -> Fraction:
        """Return the value due in ``year``, in the target's unit, exact.

        Before the first year the baseline, after the last year the goal.
        """
        return due_by(self.line, self.trajectory, year)
