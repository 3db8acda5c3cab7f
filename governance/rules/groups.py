"""How many votes are left to a body where of one corporate group only so many vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from governance.rules import NotAsked
from rulebooks.rules.decisions import Body, DecisionRule, Tally


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody who may vote: for which chamber, and the corporate groups that they belong to."""

    chamber: str
    groups: frozenset[Hashable] = frozenset()


def require_votes_left(
    body: Body, rule: DecisionRule, counts: Mapping[str, Tally], sitting: Sequence[Sitting]
) -> None:
    """Refuse more votes than those who may vote can cast, so many of each corporate group.

    Counts do not say who voted, so only what cannot be is refused, in a chamber and in all. Whoever
    is in no group, or in several, is held by none. Where fewer sit in a chamber than voted, its
    seats are not all recorded, and nothing is said of it.

    :raises NotAsked: saying how many votes there can be, by which clause.
    """
    most = rule.caps.per_corporate_group
    if most is None:
        return
    cast = _by_chamber(body, counts)
    known = {
        chamber: [one for one in sitting if one.chamber == chamber]
        for chamber, votes in cast.items()
        if votes <= sum(one.chamber == chamber for one in sitting)
    }
    for chamber, there in known.items():
        _require(chamber, cast[chamber], _left(there, most), rule)
    everybody = [one for there in known.values() for one in there]
    _require("all chambers", sum(cast[chamber] for chamber in known), _left(everybody, most), rule)


def _by_chamber(body: Body, counts: Mapping[str, Tally]) -> Counter[str]:
    leaves = [leaf for group in body.groups for leaf in group.leaves()]
    cast: Counter[str] = Counter()
    for leaf in leaves:
        cast[leaf.chamber or leaf.code] += counts.get(leaf.code, Tally()).cast
    return cast


def _left(there: Iterable[Sitting], most: int) -> int:
    """Return how many of these may vote when each group sends all that it may."""
    held: Counter[Hashable] = Counter()
    free = 0
    for one in there:
        if len(one.groups) == 1:
            held[next(iter(one.groups))] += 1
        else:
            free += 1
    return free + sum(min(most, count) for count in held.values())


def _require(where: str, cast: int, left: int, rule: DecisionRule) -> None:
    if cast > left:
        most = rule.caps.per_corporate_group
        raise NotAsked(
            f"{where}: {cast} votes; of those who sit there {left} may vote, at most {most} of one"
            f" corporate group (rule {rule.code}, clause {rule.clause})"
        )
