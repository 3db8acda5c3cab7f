"""Who may vote, and how much each group weighs: a tree of groups with seats as its leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from rulebooks.rules.decisions.shares import Share
from rulebooks.rules.schema import Code, Part, Positive

# What a group does when nobody of it is counted: the others take over its power, or it keeps its
# power and counts as against. Or nothing can be decided when nobody of it is there; where it is
# there and abstains, the others take over. There is no default: each of the three decides votes
# that the others would decide differently.
Empty = Literal["reweigh", "counts_against", "blocks"]
SeatCount = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class Group(Part):
    """A group of voters: its weight beside its siblings, a cap, and what it does when empty.

    ``weight`` is a number, fixed however many vote, or ``heads``: as much as the votes counted in
    it. ``cap`` is the largest share of its parent's power that it may have; what lies above goes to
    its siblings. A group without ``groups`` is where people sit: ``seats`` says how many, null that
    it is told at each vote.
    """

    example: ClassVar[str] = (
        "{code: north, weight: 1, empty: counts_against, groups: ["
        "{code: north-people, weight: heads, cap: 0.1, empty: reweigh}, "
        "{code: north-firms, weight: heads, empty: reweigh}]}"
    )

    code: Code
    chamber: Code | None = None
    weight: Positive | Literal["heads"]
    cap: Share | None = None
    empty: Empty
    seats: SeatCount | None = None
    groups: tuple[Group, ...] = ()

    @model_validator(mode="after")
    def seats_at_the_ends(self) -> Group:
        """Refuse seats on a group that is made of groups, and a group of one that is itself."""
        if self.groups and self.seats is not None:
            raise ValueError("a group of groups has no seats of its own; give them to its groups")
        return self

    def leaves(self) -> Iterator[Group]:
        """Yield the groups in which people sit, in order."""
        if not self.groups:
            yield self
        for group in self.groups:
            yield from group.leaves()

    def size(self) -> int | None:
        """Return how many seats it has, None where that is told at each vote."""
        seats = [leaf.seats for leaf in self.leaves()]
        return None if None in seats else sum(seats)


class Seats(Part):
    """So many seats of a body for one chamber, and what it means when none of them is counted."""

    example: ClassVar[str] = "{chamber: unions, count: 3, empty: blocks}"

    chamber: Code
    count: SeatCount
    empty: Empty

    def group(self) -> Group:
        """Return the chamber's seats as a group, which weighs by heads."""
        return Group(
            code=self.chamber,
            chamber=self.chamber,
            weight="heads",
            empty=self.empty,
            seats=self.count,
        )


@dataclass(frozen=True, slots=True)
class Voter:
    """One who may vote: in which group, and the corporate group that stands behind, if any."""

    group: str
    corporate: str | None = None


@dataclass(frozen=True)
class Electorate:
    """Those who may vote in one vote: the groups, and how many there are in each leaf.

    ``roll`` names them, where ballots are looked at one by one.
    """

    groups: tuple[Group, ...]
    seats: Mapping[str, int]
    roll: Mapping[str, Voter] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Sequence[Group], seats: Mapping[str, int] | None = None) -> Electorate:
        """Return the electorate of ``groups``; ``seats`` says what they leave open.

        :raises Unseated: a leaf has no number of seats, or a number is for no leaf.
        """
        told = dict(seats or {})
        counted = {
            leaf.code: told.pop(leaf.code, leaf.seats)
            for group in groups
            for leaf in group.leaves()
        }
        if told:
            allowed = ", ".join(counted)
            raise Unseated(f"{', '.join(told)}: nobody votes there; allowed: {allowed}")
        if open_ := [code for code, count in counted.items() if count is None]:
            raise Unseated(f"say how many may vote in {', '.join(open_)}")
        if wrong := [code for code, count in counted.items() if count < 0]:
            raise Unseated(f"fewer than nobody may vote in {', '.join(wrong)}")
        return cls(tuple(groups), counted)

    @classmethod
    def of_voters(cls, groups: Sequence[Group], roll: Mapping[str, Voter]) -> Electorate:
        """Return the electorate of named voters.

        :raises Unseated: one of them is in no group.
        """
        leaves = {leaf.code: 0 for group in groups for leaf in group.leaves()}
        for name, voter in roll.items():
            if voter.group not in leaves:
                allowed = ", ".join(leaves)
                raise Unseated(f"{name} is in no group {voter.group!r}; allowed: {allowed}")
            leaves[voter.group] += 1
        return cls(tuple(groups), leaves, dict(roll))


class Unseated(ValueError):
    """It is not known who may vote."""


def powers(groups: Sequence[Group], heads: Mapping[str, int]) -> dict[str, Fraction]:
    """Return the share of power of each of ``groups``, siblings of which none is left out.

    ``heads`` are the votes counted in each, which weigh where a weight is ``heads``. What a cap
    cuts off goes to those below theirs, in proportion; where all are at their cap, the rest is
    nobody's and counts against. Without any weight all have none.

    Source: docs/sources.md, cap.
    """
    weights = {
        g.code: Fraction(heads[g.code]) if g.weight == "heads" else Fraction(g.weight)
        for g in groups
    }
    caps = {g.code: g.cap for g in groups if g.cap is not None}
    found: dict[str, Fraction] = {}
    rest = Fraction(1)
    while weights:
        whole = sum(weights.values(), Fraction(0))
        if not whole:
            return found | dict.fromkeys(weights, Fraction(0))
        shares = {code: rest * weight / whole for code, weight in weights.items()}
        above = [code for code, got in shares.items() if got > caps.get(code, 1)]
        if not above:
            return found | shares
        for code in above:
            found[code] = caps[code]
            rest -= caps[code]
            del weights[code]
    return found
