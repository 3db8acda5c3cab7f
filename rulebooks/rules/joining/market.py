"""Where somebody stands in the market, and what a comment on an applicant is marked with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rulebooks.rules.joining.names import normalised

Competitors = Literal[
    "same_class",
    "same_chamber",
    "same_class_and_chamber",
    "same_sector",
    "same_class_and_sector",
    "declared_only",
]
DECLARED, SAME_GROUP = "declared", "same_group"
NO_GROUP = frozenset({"", "none", "no"})


@dataclass(frozen=True, slots=True)
class Standing:
    """A class and chamber by code, sectors by code, and the names that a corporate group may have.

    ``groups`` are made alike; of a member its own name is among them: it may be the owner.
    """

    member_class: str
    chamber: str
    sectors: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()


def groups_alike(names: Iterable[str]) -> frozenset[str]:
    """Return names of corporate groups made alike, without those that name none."""
    return frozenset(normalised(name) for name in names if name.strip()) - NO_GROUP


def competes(rule: Competitors, theirs: Standing, applied: Standing) -> bool:
    """Return whether a member counts as a competitor of an applicant.

    Where the sectors of either are not known, they share none.
    """
    same_class = theirs.member_class == applied.member_class
    same_chamber = theirs.chamber == applied.chamber
    same_sector = bool(theirs.sectors & applied.sectors)
    return {
        "same_class": same_class,
        "same_chamber": same_chamber,
        "same_class_and_chamber": same_class and same_chamber,
        "same_sector": same_sector,
        "same_class_and_sector": same_class and same_sector,
        "declared_only": False,
    }[rule]


def marks(
    rule: Competitors, theirs: Standing, applied: Standing, *, declared: bool
) -> tuple[str, ...]:
    """Return why a comment is a competitor's, or somebody's of the applicant's own group.

    ``declared`` is what the member says itself; the others are the edition's rule, and
    ``same_group``.
    """
    found = [DECLARED] if declared else []
    found += [rule] if competes(rule, theirs, applied) else []
    found += [SAME_GROUP] if theirs.groups & applied.groups else []
    return tuple(found)
