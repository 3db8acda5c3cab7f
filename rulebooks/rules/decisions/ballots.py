"""What was cast: ballots one by one, or counts by group; and who was there to cast them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

from rulebooks.rules.decisions.electorate import Electorate, Voter
from rulebooks.rules.decisions.rule import DecisionRule

Choice = Literal["in_favor", "against", "abstained", "spoilt"]


class Miscounted(ValueError):
    """The figures cannot be: more votes than people, or votes of nobody we know."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes cast in one group."""

    in_favor: int = 0
    against: int = 0
    abstained: int = 0
    spoilt: int = 0

    @property
    def cast(self) -> int:
        """Return how many ballots there are, of any kind."""
        return self.in_favor + self.against + self.abstained + self.spoilt

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot: whose, what it says, and who carried it as a proxy, if somebody else did."""

    voter: str
    choice: Choice
    carried_by: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted where people sit: votes, and seats as the rule counts them.

    ``seats`` are those that could be there, ``present`` those that are and may vote, ``recused``
    those that stepped aside, of ``whole`` in all.
    """

    tally: Tally
    seats: int
    present: int
    recused: int
    whole: int


@dataclass(frozen=True)
class Count:
    """The whole count: each leaf of the electorate, and what was set aside or left unlooked at."""

    leaves: Mapping[str, Counted]
    notes: tuple[str, ...] = ()


Cast = Mapping[str, Tally] | Sequence[Ballot]
Numbers = Mapping[str, int]


def count(
    rule: DecisionRule,
    electorate: Electorate,
    cast: Cast,
    recusals: Numbers | Collection[str] | None,
    present: Numbers | Collection[str] | None,
) -> Count:
    """Return what is counted under ``rule``.

    Of counts by group, ``recusals`` and ``present`` are numbers by group; of ballots, they are
    names of voters. Where nobody says who is present, it is whoever cast a ballot.

    :raises Miscounted: the figures cannot be.
    """
    notes: tuple[str, ...] = ()
    if isinstance(cast, Mapping):
        notes = tuple(_unlooked_at(rule))
    else:
        electorate, cast, recusals, present, notes = _by_group(
            rule, electorate, cast, set(recusals or ()), present
        )
    tallies, away = dict(cast), _numbers("recused", recusals, electorate)
    _known("votes", tallies, electorate)
    there = None if present is None else _numbers("present", present, electorate)
    leaves = {}
    for code, whole in electorate.seats.items():
        tally = tallies.get(code, Tally())
        here = tally.cast if there is None else there.get(code, 0)
        leaves[code] = _counted(rule, code, tally, here, away.get(code, 0), whole)
    return Count(leaves, notes)


def _counted(
    rule: DecisionRule, code: str, tally: Tally, present: int, recused: int, whole: int
) -> Counted:
    """Return a leaf's count.

    :raises Miscounted: it has more votes than people there, or more people than seats.
    """
    if min(present, recused, *(getattr(tally, f.name) for f in fields(tally))) < 0:
        raise Miscounted(f"{code}: a count below 0")
    if tally.cast > present:
        raise Miscounted(f"{code}: {tally.cast} votes of {present} present")
    if present + recused > whole:
        said = f"{present} present and {recused} recused" if recused else f"{present} present"
        raise Miscounted(f"{code}: {said}, of {whole} seats")
    seats = whole if rule.recusal.seats == "stay" else whole - recused
    return Counted(tally, seats, present, recused, whole)


def _numbers(what: str, given: Numbers | None, electorate: Electorate) -> Numbers:
    if given is not None and not isinstance(given, Mapping):
        raise Miscounted(f"{what}: say how many by group where votes are counts by group")
    _known(what, given or {}, electorate)
    return given or {}


def _known(what: str, codes: Iterable[str], electorate: Electorate) -> None:
    if strange := [code for code in codes if code not in electorate.seats]:
        allowed = ", ".join(electorate.seats)
        raise Miscounted(f"{what}: nobody sits in {', '.join(strange)}; allowed: {allowed}")


def _by_group(
    rule: DecisionRule,
    electorate: Electorate,
    ballots: Sequence[Ballot],
    recused: set[str],
    present: Collection[str] | None,
) -> tuple[Electorate, Mapping[str, Tally], Numbers, Numbers, tuple[str, ...]]:
    """Return ballots as counts by group, without those that the rule does not let count."""
    names = {ballot.voter for ballot in ballots} | recused | set(present or ())
    names |= {ballot.carried_by for ballot in ballots if ballot.carried_by is not None}
    if strange := sorted(names - set(electorate.roll)):
        raise Miscounted(f"{', '.join(strange)}: not on the roll of voters")
    twice = [name for name, times in Counter(b.voter for b in ballots).items() if times > 1]
    if twice:
        raise Miscounted(f"{', '.join(sorted(twice))}: two ballots; one voter has one")
    roll, notes = _entitled(rule, electorate.roll, [b.voter for b in ballots], recused)
    counted, more = _valid(rule, ballots, roll, recused)
    if present is None:
        present = {ballot.voter for ballot in counted}
    tallies = {code: Tally() for code in electorate.seats}
    for ballot in counted:
        tallies[roll[ballot.voter].group] += replace(Tally(), **{ballot.choice: 1})
    return (
        Electorate.of_voters(electorate.groups, roll),
        tallies,
        _groups_of(roll, recused),
        _groups_of(roll, set(present) - recused),
        (*notes, *more),
    )


def _groups_of(roll: Mapping[str, Voter], names: Collection[str]) -> Numbers:
    return Counter(roll[name].group for name in names if name in roll)


def _entitled(
    rule: DecisionRule, roll: Mapping[str, Voter], voted: Sequence[str], recused: set[str]
) -> tuple[Mapping[str, Voter], list[str]]:
    """Return the roll with no more of a corporate group than the rule allows, and notes on whom.

    Who voted comes first, in the order of the ballots; then the order of the roll.
    """
    most = rule.caps.per_corporate_group
    if most is None:
        return roll, []
    taken: Counter[str] = Counter()
    left_out, notes = set(), []
    order = dict.fromkeys([*(name for name in voted if name not in recused), *roll])
    for name in order:
        corporate = roll[name].corporate
        if corporate is None:
            continue
        taken[corporate] += 1
        if taken[corporate] > most:
            left_out.add(name)
            if name in voted:
                notes.append(f"{name} has no vote: of {corporate} only {most} may vote")
    return {name: voter for name, voter in roll.items() if name not in left_out}, notes


def _valid(
    rule: DecisionRule, ballots: Sequence[Ballot], roll: Mapping[str, Voter], recused: set[str]
) -> tuple[list[Ballot], list[str]]:
    """Return the ballots that count, and notes on those that do not."""
    carried: Counter[str] = Counter()
    counted, notes = [], []
    for ballot in ballots:
        by = ballot.carried_by
        if ballot.voter not in roll:
            continue
        if aside := {ballot.voter, by} & recused:
            notes.append(f"{min(aside)} is recused: the ballot of {ballot.voter} does not count")
            continue
        if by is not None and by != ballot.voter:
            carried[by] += 1
            if rule.caps.proxies is not None and carried[by] > rule.caps.proxies:
                message = f"{by} may carry {rule.caps.proxies} proxies"
                notes.append(f"{message}: the ballot of {ballot.voter} does not count")
                continue
        counted.append(ballot)
    return counted, notes


def _unlooked_at(rule: DecisionRule) -> Iterable[str]:
    if rule.caps.per_corporate_group is not None:
        yield "counts do not tell how many votes one corporate group cast"
    if rule.caps.proxies is not None:
        yield "counts do not tell how many proxies one hand carried"
