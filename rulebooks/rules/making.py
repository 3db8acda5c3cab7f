"""How a requirement or a KPI came about: who proposed it, who drafted it, who was asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from rulebooks.rules.schema import Clause, Code, Day, Part, Table, Title

Heads = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]


class Consultation(Part):
    """A round in which others were asked: its days, both included, and how many responded."""

    example: ClassVar[str] = (
        "{name: First public consultation, from: 2024-02-01, until: 2024-03-31, responses: 42}"
    )

    name: Title
    from_: Day = Field(alias="from")
    until: Day
    responses: Heads

    @model_validator(mode="after")
    def days_in_order(self) -> Consultation:
        """Refuse a round that ends before it begins."""
        if self.until < self.from_:
            raise ValueError("until may not lie before from")
        return self


class Vote(Part):
    """The vote by which it was adopted: heads in favor, against, and abstaining."""

    example: ClassVar[str] = (
        "{body: General Assembly, on: 2024-10-12, in_favor: 61, against: 4, abstained: 7}"
    )

    body: Title
    on: Day
    in_favor: Heads
    against: Heads
    abstained: Heads = 0


class Making(Part):
    """Who proposed a requirement or KPI, who drafted it, who was asked, how it was voted on.

    ``drafted_by`` counts the people of each chamber in the drafting group, ``review_on`` is the
    next day on which it is looked at again.
    """

    example: ClassVar[str] = (
        "{proposed_by: Trade unions, drafted_by: {companies: 3, unions: 3}, consultations:"
        " [{name: First round, from: 2024-02-01, until: 2024-03-31, responses: 42}],"
        ' review_on: 2027-01-01, clause: "10.4"}'
    )

    proposed_by: Title
    drafted_by: Table[Code, Heads]
    consultations: tuple[Consultation, ...] = ()
    vote: Vote | None = None
    review_on: Day
    clause: Clause
