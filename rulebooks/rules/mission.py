"""What the initiative is for, how far that reaches, and why what it does should bring it about."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.schema import Clause, Code, Part, Text

STAGES = ("input", "activity", "outcome", "impact")


class Scope(Part):
    """How far the mission reaches: whose work, which places, what it leaves out."""

    example: ClassVar[str] = '{text: Own sites and first-tier suppliers., clause: "1.2"}'

    text: Text
    clause: Clause


class ChangeStep(Part):
    """One step from what is put in to what is different for good: input to impact.

    ``shown_by`` names the KPIs, nodes or targets at which it would be seen.

    Source: docs/sources.md, theory_of_change.
    """

    example: ClassVar[str] = (
        '{stage: outcome, text: Fees are paid back., shown_by: [fees-repaid], clause: "1.3"}'
    )

    stage: Literal["input", "activity", "outcome", "impact"]
    text: Text
    shown_by: tuple[Code, ...] = ()
    clause: Clause


class IfThen(Part):
    """One assumption: if this is done, then that follows, and what would show it."""

    example: ClassVar[str] = (
        "{if: Members check their recruiters, then: Fees are found early, "
        'shown_by: [fees-repaid], clause: "1.3"}'
    )

    if_: Text = Field(alias="if")
    then: Text
    shown_by: tuple[Code, ...] = ()
    clause: Clause


class TheoryOfChange(Part):
    """Why what is done should bring the mission about: steps, assumptions, or both.

    ``steps`` stand in the order input, activity, outcome, impact; a stage may have several.

    Source: docs/sources.md, theory_of_change.
    """

    example: ClassVar[str] = (
        "{assumptions: [{if: Members check their recruiters, then: Fees are found early, "
        'clause: "1.3"}]}'
    )

    steps: Annotated[tuple[ChangeStep, ...], Field(max_length=40)] = ()
    assumptions: Annotated[tuple[IfThen, ...], Field(max_length=40)] = ()

    @model_validator(mode="after")
    def leads_from_input_to_impact(self) -> TheoryOfChange:
        """Refuse a theory that says nothing, or steps out of order."""
        if not self.steps and not self.assumptions:
            raise ValueError("say steps, assumptions, or both")
        places = [STAGES.index(step.stage) for step in self.steps]
        if places != sorted(places):
            raise ValueError(f"steps stand in the order {', '.join(STAGES)}")
        return self


class Mission(Part):
    """What the initiative is for."""

    statement: Text
    scope: Scope | None = None
    theory_of_change: TheoryOfChange | None = None
    clause: Clause
