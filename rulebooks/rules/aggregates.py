"""Aggregates: how all members came out together, along fixed lines, giving no member away."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.disclosure import FEWEST, Rule
from rulebooks.rules.schema import Clause, Part

MOST = Decimal("0.25")  # LARGEST, as editions write it
Line = Literal["class", "chamber", "country", "size"]


class Aggregates(Part):
    """Which numbers about all members are shown, along which lines, to whom.

    Lines are fixed here: nobody chooses a cut of their own, since two cuts can be subtracted. At
    least ``fewest_groups`` corporate groups stand behind each number, and none of them makes more
    than ``largest_share`` of it.

    Source: docs/sources.md, disclosure.
    """

    example: ClassVar[str] = (
        "{breakdowns: [class, size], fewest_groups: 5, largest_share: 0.25, shown_to: members,"
        ' clause: "9.4"}'
    )

    breakdowns: Annotated[tuple[Line, ...], Field(min_length=1, max_length=4)]
    fewest_groups: Annotated[int, Field(ge=FEWEST, le=1_000, strict=True)] = FEWEST
    largest_share: Annotated[Decimal, Field(gt=0, le=MOST)] = MOST
    shown_to: Literal["members", "public"]
    clause: Clause

    @model_validator(mode="after")
    def each_line_once(self) -> Aggregates:
        """Refuse a line that is named twice."""
        if len(set(self.breakdowns)) < len(self.breakdowns):
            raise ValueError("names a line twice; each is counted once")
        return self

    @property
    def rule(self) -> Rule:
        """Return the rule that every number is held to."""
        return Rule(self.fewest_groups, Fraction(self.largest_share))
