"""What must hold of the groups that vote in a body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import unknown
from rulebooks.rules.document import Fault, Path

if TYPE_CHECKING:
    from rulebooks.rules.decisions import Body, Group


def electorate_faults(path: Path, body: Body, chambers: list[str] | None) -> Iterator[Fault]:
    """Yield groups of one code, seats of unknown chambers, and weights that do not compare.

    Without ``chambers`` no edition says which there are.
    """
    seen: set[str] = set()
    for where, group in _placed(path, body):
        if group.code in seen:
            yield Fault(
                where, f"{group.code!r} stands twice in {body.code}; a code names one group"
            )
        seen.add(group.code)
        if group.chamber is not None and chambers is not None:
            place = (*where, "chamber")
            yield from unknown(place, group.chamber, "chamber", chambers)
    if body.electorate:
        yield from _sibling_faults((*path, "electorate"), body.electorate)


def _placed(path: Path, body: Body) -> Iterator[tuple[Path, Group]]:
    if body.seats:
        for index, group in enumerate(body.groups):
            yield (*path, "seats", index), group
    else:
        yield from _below((*path, "electorate"), body.electorate)


def _below(path: Path, groups: Sequence[Group]) -> Iterator[tuple[Path, Group]]:
    for index, group in enumerate(groups):
        yield (*path, index), group
        yield from _below((*path, index, "groups"), group.groups)


def _sibling_faults(path: Path, groups: Sequence[Group]) -> Iterator[Fault]:
    """Yield fixed weights beside weights by heads, and caps that leave power to nobody."""
    by_heads = [group.weight == "heads" for group in groups]
    if any(by_heads) and not all(by_heads):
        index = by_heads.index(not by_heads[0])
        message = f"{groups[index].code} and {groups[0].code} weigh in different ways"
        yield Fault((*path, index, "weight"), f"{message}; siblings all by heads, or all fixed")
    caps = [group.cap for group in groups if group.cap is not None]
    if len(caps) == len(groups) and sum(caps, Fraction(0)) < 1:
        message = f"the caps add up to {sum(caps, Fraction(0))}: the rest would be nobody's"
        yield Fault((*path, 0, "cap"), f"{message}; leave one of the groups without a cap")
    for index, group in enumerate(groups):
        if group.groups:
            yield from _sibling_faults((*path, index, "groups"), group.groups)
