"""How much of an electorate is reached: a share by heads, or by the power of the groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rulebooks.rules.decisions.electorate import Group, powers
from rulebooks.rules.decisions.rule import By

Pairs = Mapping[str, tuple[int, int]]  # by leaf: the heads that count, of how many


@dataclass(frozen=True, slots=True)
class Reach:
    """A share that was reached, and the heads behind it: so many ``of`` so many."""

    share: Fraction
    heads: int
    of: int

    @property
    def is_plain(self) -> bool:
        """Return whether the share is just heads by heads, so that nothing weighs."""
        return self.of > 0 and self.share == Fraction(self.heads, self.of)


def within(group: Group, pairs: Pairs, by: By) -> Reach:
    """Return what is reached in one group."""
    if group.groups:
        return among(group.groups, pairs, by)
    heads, of = pairs[group.code]
    return Reach(Fraction(heads, of) if of else Fraction(0), heads, of)


def among(groups: Sequence[Group], pairs: Pairs, by: By) -> Reach:
    """Return what is reached in all of ``groups`` together.

    By heads, every head counts alike. By power, each group adds its own share times its power. An
    empty group, of which nobody is counted, is left out so that the others share its power; where
    it ``counts_against``, it keeps its power and adds nothing.

    Source: docs/sources.md, electorate.
    """
    each = {group.code: within(group, pairs, by) for group in groups}
    heads = sum(reach.heads for reach in each.values())
    of = sum(reach.of for reach in each.values())
    if by == "heads":
        return Reach(Fraction(heads, of) if of else Fraction(0), heads, of)
    weighing = [g for g in groups if each[g.code].of or g.empty == "counts_against"]
    power = powers(weighing, {code: reach.of for code, reach in each.items()})
    share = sum((power[g.code] * each[g.code].share for g in weighing), Fraction(0))
    return Reach(share, heads, of)


def blocking(groups: Sequence[Group], pairs: Pairs) -> Iterator[Group]:
    """Yield the groups of which nobody is counted and without which nothing can be decided."""
    for group in groups:
        if not within(group, pairs, "heads").of and group.empty == "blocks":
            yield group
        else:
            yield from blocking(group.groups, pairs)
