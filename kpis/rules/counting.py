"""All members counted by how they came out, and what may be told of that after a publication.

Source: docs/sources.md, disclosure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from rulebooks.rules.disclosure import Disclosed, Rule, Tally, disclose, may_follow, move
from rulebooks.rules.following import Region

NO_BAND = ""  # scored and in no band, or not scored


class Came(NamedTuple):
    """The content of the card of a member that stood, as a hash, and its band.

    The same content scored again is the same: others may know whose is not.
    """

    card: str
    band: str


ABSENT = Came("", "-")  # not counted then; no band has such a code
Stood = Mapping[int, Came]  # by member, once a run was published


class Counted(NamedTuple):
    """A member as it is counted: how it came out, its group, and what it is along each line."""

    member: int
    came: Came
    group: str
    atom: tuple[str, ...]


class Lines(NamedTuple):
    """Along what members are told apart, and which of that the table shows."""

    all: tuple[str, ...]
    shown: tuple[str, ...]


def tabled(
    rows: Sequence[Counted],
    lines: Lines,
    bands: Sequence[str],
    *,
    first: Disclosed | None,
    rule: Rule,
) -> Disclosed:
    """Return what may be shown of members by band, the lowest first.

    A band that too few are in is counted with the next lower one, so that nobody looks better for
    being counted with others.
    ``first`` is the first table of the period that told anything: a later one has its columns and
    rows, or tells nothing.
    """
    tally = Tally(lines.all)
    for row in rows:
        tally.add(row.atom, row.came.band, row.group)
    wanted = [NO_BAND, *bands]
    return disclose(tally, wanted, rule=rule, lines=lines.shown, like=first)


def may_tell(
    told: Sequence[Disclosed],
    rows: Sequence[Counted],
    stood: Sequence[Stood],
    lines: Lines,
    *,
    also: Callable[[Tally], Sequence[Region]] = lambda _: (),
    rule: Rule,
) -> bool:
    """Return whether the last of the tables ``told`` gives nobody away beside the others.

    ``stood`` says how members came out whenever something was told of the period before, ``rows``
    how they do now; ``also`` gives the regions that totals are told of.
    """
    now = {row.member: row.came for row in rows}
    return may_follow(
        told,
        steps=[_moved(rows, lines, *step) for step in pairwise([*stood, now])],
        jumps=[_moved(rows, lines, then, now) for then in stood],
        also=also,
        rule=rule,
    )


def _moved(rows: Sequence[Counted], lines: Lines, before: Stood, after: Stood) -> Tally:
    """Count the members of whom another card stands, by how they came out before and after."""
    moved = Tally(lines.all)
    for row in rows:
        was, now = before.get(row.member, ABSENT), after.get(row.member, ABSENT)
        if was.card != now.card:
            moved.add(row.atom, move(was.band, now.band), row.group)
    return moved
