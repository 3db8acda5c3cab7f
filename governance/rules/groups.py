"""How many votes are left to a body where of one corporate group only so many vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from governance.rules import NotAsked
from rulebooks.rules.decisions import Body, DecisionRule, Group, Tally


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody who may vote: for which chamber, and the corporate groups that they belong to.

    ``is_member``: a member that votes for itself, as every member of its chamber does; all of
    them are named.
    """

    chamber: str
    groups: frozenset[Hashable] = frozenset()
    is_member: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """The seats, and of those the recused, that count in each group of voters, and why so few."""

    seats: Mapping[str, int]
    recused: Mapping[str, int]
    notes: tuple[str, ...] = ()


def hold(
    body: Body,
    rule: DecisionRule,
    counts: Mapping[str, Tally],
    sitting: Sequence[Sitting],
    *,
    seats: Mapping[str, int],
    recused: Mapping[str, int],
    present: Mapping[str, int] | None,
) -> Held:
    """Hold a vote to so many votes of each corporate group, where everybody who may vote is known.

    ``seats`` are told of groups of voters that the body leaves open. Where all seats of a group of
    voters are recorded, those without a vote count neither for a quorum nor in a base; of the
    recused those come first. Where members vote for themselves, no more may be said to than they
    count as.

    :raises NotAsked: more votes, people there or voters are told than there can be, by the clause.
    """
    require_votes_left(body, rule, counts, sitting)
    most = rule.caps.per_corporate_group
    found = Held(dict(seats), dict(recused))
    notes = []
    for leaf, there in _whole(body, sitting) if most is not None else ():
        left, code = _left(there, most), leaf.code
        here = counts.get(code, Tally()).cast if present is None else present.get(code, 0)
        if leaf.seats is None:
            _require(code, seats.get(code, 0), "are said to vote", left, rule)
        elif left < leaf.seats:
            _require(code, here, "present", left, rule)
            found.seats[code] = left
            found.recused[code] = min(recused.get(code, 0), left - here)
            notes.append(f"{code}: {left} of {leaf.seats} seats have a vote, {_clause(rule)}")
    return Held(found.seats, found.recused, tuple(notes))


def may_vote(body: Body, rule: DecisionRule, sitting: Sequence[Sitting]) -> dict[str, int]:
    """Return how many may vote in each group of voters, as far as that is known beforehand.

    Its seats; where a rule holds corporate groups to so many votes and everybody is known, those
    that have a vote. Where members vote for themselves, they are counted in the same way.
    """
    leaves = [leaf for group in body.groups for leaf in group.leaves()]
    found = {leaf.code: leaf.seats for leaf in leaves if leaf.seats is not None}
    most = rule.caps.per_corporate_group
    for leaf, there in _whole(body, sitting):
        found[leaf.code] = len(there) if most is None else _left(there, most)
    return found


def _whole(body: Body, sitting: Sequence[Sitting]) -> Iterator[tuple[Group, list[Sitting]]]:
    """Yield each group of voters of which everybody is known, and alone in its chamber."""
    leaves = [leaf for group in body.groups for leaf in group.leaves()]
    alone = Counter(leaf.chamber or leaf.code for leaf in leaves)
    for leaf in leaves:
        chamber = leaf.chamber or leaf.code
        there = [one for one in sitting if one.chamber == chamber]
        known = len(there) == leaf.seats if leaf.seats else any(one.is_member for one in there)
        if known and alone[chamber] == 1:
            yield leaf, there


def require_votes_left(
    body: Body, rule: DecisionRule, counts: Mapping[str, Tally], sitting: Sequence[Sitting]
) -> None:
    """Refuse more votes than those who may vote can cast, so many of each corporate group.

    Counts do not say who voted, so only what cannot be is refused, in a chamber and in all. Whoever
    is in no group, or in several, is held by none. Where fewer sit in a chamber than voted, its
    seats are not all recorded, and nothing is said of it; of members all are.

    :raises NotAsked: saying how many votes there can be, by which clause.
    """
    most = rule.caps.per_corporate_group
    if most is None:
        return
    cast = _by_chamber(body, counts)
    known: dict[str, list[Sitting]] = {}
    for chamber, votes in cast.items():
        there = [one for one in sitting if one.chamber == chamber]
        if votes <= len(there) or any(one.is_member for one in there):
            known[chamber] = there
    for chamber, there in known.items():
        _require(chamber, cast[chamber], "votes", _left(there, most), rule)
    everybody = [one for there in known.values() for one in there]
    whole = sum(cast[chamber] for chamber in known)
    _require("all chambers", whole, "votes", _left(everybody, most), rule)


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


def _require(where: str, told: int, what: str, left: int, rule: DecisionRule) -> None:
    if told > left:
        raise NotAsked(
            f"{where}: {told} {what}; of those who sit there {left} may vote, {_clause(rule)}"
        )


def _clause(rule: DecisionRule) -> str:
    most = rule.caps.per_corporate_group
    return f"at most {most} of one corporate group (rule {rule.code}, clause {rule.clause})"
