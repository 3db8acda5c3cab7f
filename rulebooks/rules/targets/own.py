"""Targets that members set themselves: how ambitious they are at least, and who approves them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.schema import Clause, Code, Day, Part, Positive, Selection, Title

Reason = Literal["structural_change", "method_change", "error"]
Years = Annotated[int, Field(ge=1, le=100, strict=True)]


class LeastChange(Part):
    """The least change from the member's own baseline, in the direction that is better.

    In percent of the baseline, or in percentage points.
    """

    example: ClassVar[str] = "{percent: 42}"

    percent: Positive | None = None
    percentage_points: Positive | None = None

    @model_validator(mode="after")
    def said_once(self) -> LeastChange:
        """Refuse a change that is not said, or said in two ways."""
        if (self.percent is None) is (self.percentage_points is None):
            raise ValueError("say one of percent, percentage_points")
        return self


class Floor(Part):
    """How ambitious a member's target is at least.

    ``latest_due_on`` and ``at_most_years`` bound the way from baseline to goal, and
    ``baseline_from`` is the earliest year in which it may begin.

    Source: docs/sources.md, floor.
    """

    example: ClassVar[str] = '{change: {percent: 42}, latest_due_on: 2030-12-31, clause: "1.5"}'

    change: LeastChange
    latest_due_on: Day | None = None
    at_most_years: Years | None = None
    baseline_from: Annotated[int, Field(ge=1900, le=2200, strict=True)] | None = None
    clause: Clause


class Approver(Part):
    """Who approves what members propose: a body of the edition, or a role at the initiative.

    Whoever decides has no tie to the member and is no competitor; that is not the edition's say.
    """

    example: ClassVar[str] = "{body: board}"

    body: Code | None = None
    role: Literal["secretariat", "case_officer", "legal_counsel"] | None = None

    @model_validator(mode="after")
    def one(self) -> Approver:
        """Refuse nobody, and two at once."""
        if (self.body is None) is (self.role is None):
            raise ValueError("name one of body, role")
        return self


class Recalculation(Part):
    """When a baseline is worked out anew: for which reasons, and from which difference on.

    ``above_percent`` is the threshold of significance: the new value differs from the old by more
    than so many percent of the old. What was published under the old baseline stays.

    Source: docs/sources.md, recalculation.
    """

    example: ClassVar[str] = (
        '{reasons: [structural_change, error], above_percent: 5, clause: "1.6"}'
    )

    reasons: Annotated[tuple[Reason, ...], Field(min_length=1)]
    above_percent: Positive
    clause: Clause


class OwnTarget(Part):
    """A kind of target that members set themselves, on one of ``kpis``.

    A member proposes value, due day, baseline and trajectory; it is at least as ambitious as the
    ``floor``, and holds once it was approved. Without ``recalculation`` its baseline stays.

    Source: docs/sources.md, member_targets.
    """

    example: ClassVar[str] = (
        "{code: own-hours, title: Fewer long weeks, kpis: [weeks-over-60], "
        'floor: {change: {percent: 30}, at_most_years: 6, clause: "1.5"}, '
        'approved_by: {role: secretariat}, clause: "1.4"}'
    )

    code: Code
    title: Title
    kpis: Annotated[tuple[Code, ...], Field(min_length=1)]
    applies_to: Selection = "all"
    floor: Floor
    approved_by: Approver
    recalculation: Recalculation | None = None
    serves: tuple[Code, ...] = ()
    clause: Clause
