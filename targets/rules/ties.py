"""Whether somebody may decide about a member: nobody with a tie to it, and no competitor."""

from __future__ import annotations

from dataclasses import dataclass, field

Group = tuple[str, int]  # a corporate group, or an organisation that is in none


@dataclass(frozen=True, slots=True)
class Concerned:
    """The member that is decided about."""

    member: int
    organisation: int
    chamber: str
    groups: frozenset[Group] = frozenset()
    sectors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Decider:
    """Where somebody belongs today, by id, and the chambers in which they or theirs stand.

    ``chambers`` are those of the members that they belong to or act for, and of their seats;
    ``sectors`` those of their organisations, members or not.
    """

    organisations: frozenset[int] = frozenset()
    members: frozenset[int] = frozenset()
    audited: frozenset[int] = frozenset()
    groups: frozenset[Group] = frozenset()
    chambers: frozenset[str] = field(default_factory=frozenset)
    sectors: frozenset[str] = frozenset()


def ties(of: Concerned, decider: Decider) -> tuple[str, ...]:
    """Return in words what ties somebody to a member, or makes them its competitor."""
    found = []
    if of.organisation in decider.organisations:
        found.append("belongs to the same organisation")
    if of.member in decider.members:
        found.append("acts for the member")
    if of.member in decider.audited:
        found.append("audits the member")
    if of.groups & decider.groups and not found:
        found.append("belongs to the same corporate group")
    if of.chamber in decider.chambers and not found:
        found.append("stands for the same chamber, and so competes with it")
    if of.sectors & decider.sectors and not found:
        found.append("works in the same sector, and so competes with it")
    return tuple(found)
