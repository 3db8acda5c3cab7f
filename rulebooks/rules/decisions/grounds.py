"""The grounds of an outcome: each thing that a rule asks, whether it held, and by which figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rulebooks.rules.decisions.ballots import Count, Counted
from rulebooks.rules.decisions.electorate import Group
from rulebooks.rules.decisions.reach import Pairs, Reach, among, blocking, within
from rulebooks.rules.decisions.rule import (
    HALF,
    Base,
    By,
    DecisionRule,
    EachChamber,
    Proposers,
    Recusal,
    VoteStage,
)
from rulebooks.rules.decisions.shares import Bar, named

Asked = Literal[
    "proposers", "recusal", "quorum", "empty", "threshold", "chamber", "support", "consensus"
]


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that was asked: whether it held, in words with its figures.

    ``share`` is exact; ``heads`` are so many ``of`` so many. ``group`` is null where all are meant.
    """

    asked: Asked
    held: bool
    words: str
    group: str | None = None
    share: Fraction | None = None
    heads: int | None = None
    of: int | None = None


def pairs(count: Count, part: Callable[[Counted], int], whole: Callable[[Counted], int]) -> Pairs:
    """Return, for each leaf, the heads that count and of how many."""
    return {code: (part(leaf), whole(leaf)) for code, leaf in count.leaves.items()}


def in_favor(leaf: Counted) -> int:
    """Return the votes for."""
    return leaf.tally.in_favor


def base(of: Base) -> Callable[[Counted], int]:
    """Return how the base of a leaf is counted.

    Source: docs/sources.md, base.
    """
    if of.of == "present":
        return lambda leaf: leaf.present
    if of.of == "all_seats":
        return lambda leaf: leaf.seats

    def votes_cast(leaf: Counted) -> int:
        tally = leaf.tally
        abstained = tally.abstained if of.abstentions == "in" else 0
        spoilt = tally.spoilt if of.spoilt == "in" else 0
        return tally.in_favor + tally.against + abstained + spoilt

    return votes_cast


def proposed(asked: Proposers, groups: frozenset[str]) -> Ground:
    """Return whether those who propose come from enough groups."""
    words = f"proposed by {len(groups)} groups, needs at least {asked.groups}"
    return Ground("proposers", len(groups) >= asked.groups, words, heads=len(groups))


def recused(rule: Recusal, count: Count) -> Ground | None:
    """Return whether few enough are recused, None where the rule does not ask."""
    if rule.too_many is None:
        return None
    away = sum(leaf.recused for leaf in count.leaves.values())
    whole = sum(leaf.whole for leaf in count.leaves.values())
    share = Fraction(away, whole) if whole else Fraction(0)
    shown = Bar(more_than=rule.too_many).shown(share)
    words = f"recused: {away} of {whole} ({shown}), at most {named(rule.too_many)}"
    return Ground("recusal", share <= rule.too_many, words, None, share, away, whole)


def quorate(rule: DecisionRule, groups: Sequence[Group], count: Count) -> Iterator[Ground]:
    """Yield whether enough are there, of all and of each chamber."""
    if rule.quorum is None:
        return
    there = pairs(count, lambda leaf: leaf.present, lambda leaf: leaf.seats)
    by = rule.quorum.by
    if rule.quorum.overall is not None:
        yield _ground("quorum", None, among(groups, there, by), rule.quorum.overall, by)
    if rule.quorum.each_chamber is not None:
        yield from _each("quorum", groups, there, there, rule.quorum.each_chamber, by)


def unblocked(groups: Sequence[Group], count: Count) -> Iterator[Ground]:
    """Yield a ground for each group of which nobody is there, and without which nothing is decided.

    Whoever abstains is there: a group does not block by abstaining.
    """
    there = pairs(count, in_favor, lambda leaf: leaf.present)
    for group in blocking(groups, there):
        words = f"group {group.code}: nobody of it is there, and without it nothing is decided"
        yield Ground("empty", False, words, group.code, heads=0, of=0)


def reached(stage: VoteStage, groups: Sequence[Group], count: Count) -> Iterator[Ground]:
    """Yield whether the threshold is reached, and what each chamber has to reach by itself."""
    votes = pairs(count, in_favor, base(stage.base))
    seats = pairs(count, in_favor, lambda leaf: leaf.seats)
    yield _ground("threshold", None, among(groups, votes, stage.by), stage.threshold, stage.by)
    if stage.each_chamber is not None:
        yield from _each("chamber", groups, votes, seats, stage.each_chamber, stage.by)
    if stage.support is not None:
        yield from _each("support", groups, seats, seats, stage.support, stage.by)


def unopposed(count: Count) -> Ground:
    """Return whether nobody votes against, and somebody is for it."""
    against = sum(leaf.tally.against for leaf in count.leaves.values())
    for_it = sum(leaf.tally.in_favor for leaf in count.leaves.values())
    words = f"consensus: {against} against, needs none"
    if not against and not for_it:
        words = "consensus: nobody is for it"
    return Ground("consensus", not against and for_it > 0, words, heads=against)


def is_tied(stage: VoteStage, groups: Sequence[Group], count: Count) -> bool:
    """Return whether one half of the base is for and the other against, so that one vote tells."""
    whole = base(stage.base)
    for_it = among(groups, pairs(count, in_favor, whole), stage.by).share
    against = among(groups, pairs(count, lambda leaf: leaf.tally.against, whole), stage.by).share
    return stage.threshold.more_than == for_it == against == HALF


def _each(
    asked: Asked, groups: Sequence[Group], of: Pairs, seats: Pairs, bar: EachChamber, by: By
) -> Iterator[Ground]:
    """Yield a ground for each chamber that is asked.

    A chamber is empty when nobody of it is in the base; for a number of heads, when it has no
    seat: those who abstain are there and were not for it. An empty one is asked nothing where the
    others take over its power; else it has not reached the bar.
    """
    for group in groups:
        if not bar.asks(group.code):
            continue
        reach = within(group, of, by)
        counted = reach.of if bar.heads is None else within(group, seats, by).of
        if counted:
            yield _ground(asked, group.code, reach, bar, by)
        elif group.empty != "reweigh":
            words = f"{_name(asked, group.code)}: nobody of it is counted, needs {bar}"
            yield Ground(asked, False, words, group.code, Fraction(0), 0, 0)


def _ground(asked: Asked, group: str | None, reach: Reach, bar: Bar, by: By) -> Ground:
    held = bar.holds(reach.share, reach.heads) and reach.of > 0
    if bar.heads is not None:
        figures = f"{reach.heads} of {reach.of}"
    elif not reach.of:
        figures = "nobody is counted"
    elif by == "heads" or reach.is_plain:
        figures = f"{reach.heads} of {reach.of} ({bar.shown(reach.share)})"
    else:
        figures = f"{bar.shown(reach.share)} by power, {reach.heads} of {reach.of} heads"
    words = f"{_name(asked, group)}: {figures}, needs {bar}"
    return Ground(asked, held, words, group, reach.share, reach.heads, reach.of)


def _name(asked: Asked, group: str | None) -> str:
    names = {"threshold": "for", "chamber": "chamber", "support": "support in", "quorum": "present"}
    if group is None:
        return names[asked]
    return f"present of {group}" if asked == "quorum" else f"{names[asked]} {group}"
