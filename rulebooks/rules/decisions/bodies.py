"""Bodies: who sits on them, for how long, what they decide and by which rule."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from rulebooks.rules.decisions.electorate import Group, Seats
from rulebooks.rules.schema import Clause, Code, Part, Table, Title
from rulebooks.rules.terms import Term

# What a body can be asked. The first three come from a case.
Question = Literal[
    "measure", "appeal", "reinstatement", "admission", "extension", "exemption", "edition", "other"
]
Few = Annotated[int, Field(ge=1, le=1_000, strict=True)]


# It stands in addresses of pages, so it has no dots.
BodyCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]


class Chair(Part):
    """Who leads a body, and when the chair votes: as every member, on a tie only, or never.

    Of ``independent`` chairs none holds a seat of a chamber; they vote on a tie, or never.
    """

    example: ClassVar[str] = (
        "{chosen: By two thirds of the board, independent: true, votes: on_a_tie}"
    )

    chosen: Title
    independent: bool = False
    votes: Literal["as_a_member", "on_a_tie", "never"]

    @model_validator(mode="after")
    def has_a_vote_to_cast(self) -> Chair:
        """Refuse an independent chair that votes as a member: it holds no seat to vote with."""
        if self.independent and self.votes == "as_a_member":
            raise ValueError(
                "an independent chair holds no seat; it votes on_a_tie or never. "
                "A seat with a vote is a group of the electorate"
            )
        return self


class SeatTerms(Part):
    """How long a seat is given for, and how many times running."""

    example: ClassVar[str] = "{length: {years: 3}, at_most: 2}"

    length: Term
    at_most: Few | None = None


class Body(Part):
    """A body that decides, with its seats by chamber or an electorate of groups.

    ``decides`` names, for each question it may be asked, the decision rule by which it answers.
    ``hears_appeals_from`` names the bodies whose decisions can be appealed to it; nobody who
    decided there decides here. Of one corporate group at most ``seats_per_corporate_group`` sit.
    """

    example: ClassVar[str] = (
        "{code: board, name: The board, seats: [{chamber: unions, count: 3, empty: blocks}], "
        'decides: {measure: two-thirds}, clause: "2.5"}'
    )

    code: BodyCode
    name: Title
    seats: tuple[Seats, ...] = ()
    electorate: tuple[Group, ...] = ()
    chair: Chair | None = None
    terms: SeatTerms | None = None
    seats_per_corporate_group: Few | None = None
    decides: Table[Question, Code] | None = None
    hears_appeals_from: tuple[Code, ...] = ()
    clause: Clause

    @model_validator(mode="after")
    def seats_or_electorate(self) -> Body:
        """Refuse a body in which nobody sits, or of which it is said twice who does."""
        if bool(self.seats) is bool(self.electorate):
            said = "both" if self.seats else "neither"
            raise ValueError(f"say who sits: either seats or electorate, not {said}")
        return self

    @property
    def groups(self) -> tuple[Group, ...]:
        """Return the electorate, of seats by chamber too."""
        return self.electorate or tuple(seats.group() for seats in self.seats)

    @property
    def top(self) -> tuple[str, ...]:
        """Return the codes of the groups at the top: the chambers of the body."""
        return tuple(group.code for group in self.groups)

    def size(self) -> int | None:
        """Return how many seats there are, None where that is told at each vote."""
        sizes = [group.size() for group in self.groups]
        return None if None in sizes else sum(sizes)

    def rule_for(self, question: str) -> str | None:
        """Return the code of the decision rule for a question, None where none is named."""
        return (self.decides or {}).get(question)
