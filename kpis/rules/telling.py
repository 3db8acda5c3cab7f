"""Totals of targets held together: beside each other, and beside those that were told before.

Each total gives nobody away by itself. Two totals of the same numbers, over different classes or
chambers or against different bars, can be subtracted, and so can a total and the one that was told
before a member was scored anew. What follows is held to the rule of every number.

Source: docs/sources.md, disclosure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from rulebooks.rules.disclosure import USUAL, Rule, is_safe
from rulebooks.rules.following import Atom, Region, derivable, tells_of_few
from rulebooks.rules.sums_told import may_change, withheld_total

MOST = 8  # totals of the same numbers that are told: every sum and difference is looked at


class Adds(NamedTuple):
    """What a member adds to the sums that a total is made of; where it is counted, in what group.

    To a total that counts who reaches a bar it adds itself: its number is the only one.
    """

    atom: Atom
    group: str
    numbers: tuple[Fraction, ...]


class Bar(NamedTuple):
    """What a number has to reach: to be as high, or as low."""

    at: Fraction
    higher: bool

    def holds(self, number: Fraction) -> bool:
        return number >= self.at if self.higher else number <= self.at


@dataclass(frozen=True, slots=True)
class Told:
    """A total that may be told by itself.

    ``question`` says whose numbers it takes, ``way`` how: two totals of one question and way add
    the same for a member. ``bar`` is what members reach, in a total that counts them.
    """

    code: str
    question: str
    way: str
    adds: Mapping[int, Adds]
    bar: Bar | None = None

    @property
    def region(self) -> Region:
        """Return where the members are that it is about."""
        return frozenset(one.atom for one in self.adds.values())

    def sums(self, adds: Adds) -> tuple[Fraction, ...]:
        """Return what a member adds: its numbers, or whether it reaches the bar or misses it."""
        if self.bar is None:
            return adds.numbers
        reached = self.bar.holds(adds.numbers[0])
        return Fraction(reached), Fraction(not reached)


def withheld_beside(totals: Iterable[Told], *, rule: Rule = USUAL) -> tuple[str, ...]:
    """Return the codes of the totals that must be withheld, so that nothing follows from the rest.

    Of the same numbers, that of the fewest members goes first.
    """
    by_question: dict[str, list[Told]] = defaultdict(list)
    for total in sorted(totals, key=lambda one: (len(one.adds), one.code)):
        by_question[total.question].append(total)
    withheld: list[str] = []
    for told in by_question.values():
        while len({(one.region, one.bar) for one in told}) > 1 and _give_away(told, rule):
            withheld.append(told.pop(0).code)
    return tuple(withheld)


def may_be_told_again(before: Sequence[Told], after: Sequence[Told], *, rule: Rule = USUAL) -> bool:
    """Return whether totals may be told anew in the place of earlier ones, by code.

    In every region that follows from those of the same numbers the sums must differ by what
    nobody, or enough groups, add otherwise, and none of them makes too much of the difference.
    """
    by_code = {one.code: one for one in before}
    pairs = [(by_code[one.code], one) for one in after if one.code in by_code]
    by_question: dict[str, list[tuple[Told, Told]]] = defaultdict(list)
    for old, new in pairs:
        by_question[new.question].append((old, new))
    return all(
        may_change(change, rule=rule) for same in by_question.values() for change in _changes(same)
    )


def _changes(same: Sequence[tuple[Told, Told]]) -> Iterator[dict[str, tuple[Fraction, ...]]]:
    """Yield by how much each group adds otherwise, in each way, in each region that follows."""
    ways: dict[tuple, list[tuple[Told, Told]]] = defaultdict(list)
    for old, new in same:
        ways[new.way, new.bar].append((old, new))
    for pairs in ways.values():
        differ = list(_differences(*map(_together, zip(*pairs, strict=True))))
        where = frozenset(atom for atom, _, _ in differ)
        regions = {(old.region | new.region) & where for old, new in same} - {frozenset()}
        for region in derivable(sorted(regions, key=sorted)):
            yield _by_group((group, by) for atom, group, by in differ if atom in region)


def _together(totals: Sequence[Told]) -> Told:
    """Return totals of one way as one, over all their members."""
    adds = {member: adds for one in totals for member, adds in one.adds.items()}
    return replace(totals[0], adds=adds)


def _differences(old: Told, new: Told) -> Iterator[tuple[Atom, str, tuple[Fraction, ...]]]:
    """Yield by how much a member adds otherwise than before, where that is not the same."""
    for member in old.adds.keys() | new.adds.keys():
        was, now = old.adds.get(member), new.adds.get(member)
        if was != now:
            before = was and old.sums(was)
            after = now and new.sums(now)
            nothing = (Fraction(0),) * len(before or after)
            pairs = zip(before or nothing, after or nothing, strict=True)
            yield (now or was).atom, (now or was).group, tuple(b - a for a, b in pairs)


def _by_group(
    adds: Iterable[tuple[str, tuple[Fraction, ...]]],
) -> dict[str, tuple[Fraction, ...]]:
    found: dict[str, tuple[Fraction, ...]] = {}
    for group, numbers in adds:
        held = found.get(group, (Fraction(0),) * len(numbers))
        found[group] = tuple(map(sum, zip(held, numbers, strict=True)))
    return found


def _give_away(told: Sequence[Told], rule: Rule) -> bool:
    """Return whether something follows from totals of the same numbers that may not be told."""
    if len(told) > MOST:
        return True
    regions = sorted({one.region for one in told}, key=sorted)
    behind: dict[Atom, set[str]] = defaultdict(set)
    for one in told:
        for adds in one.adds.values():
            behind[adds.atom].add(adds.group)
    if tells_of_few(regions, behind, fewest=rule.fewest):
        return True
    derived = [region for region in derivable(regions) if region not in regions]
    ways: dict[str, dict[int, Adds]] = defaultdict(dict)
    for one in told:
        if one.bar is None:
            ways[one.way].update(one.adds)
    if any(_withheld(adds, region, rule) for adds in ways.values() for region in derived):
        return True
    return _counts_give_away([one for one in told if one.bar is not None], rule)


def _withheld(adds: Mapping[int, Adds], region: Region, rule: Rule) -> str:
    """Return why the sums over a region may not be told, empty where they may, or are of nobody."""
    within = (one for one in adds.values() if one.atom in region)
    by_group = _by_group((one.group, tuple(map(abs, one.numbers))) for one in within)
    columns = list(zip(*by_group.values(), strict=True))
    largest = [(sum(column), max(column)) for column in columns]
    return withheld_total(len(by_group), largest, rule=rule) if by_group else ""


def _counts_give_away(told: Sequence[Told], rule: Rule) -> bool:
    """Return whether counts against several bars say too much of those between two of them.

    Whoever reaches one bar and misses the next is in a cell of their own, within each atom; each
    total tells of those cells that reach its bar, and of all. A cell in which nobody is counts.
    """
    bars = sorted({one.bar for one in told})
    behind: dict[Atom, Counter[str]] = defaultdict(Counter)
    for adds in {member: adds for one in told for member, adds in one.adds.items()}.values():
        behind[*adds.atom, _cell(bars, adds.numbers[0])][adds.group] += 1
    kinds = {_cell(bars, bar.at + step) for bar in bars for step in (-NEAR, Fraction(0), NEAR)}
    cells = {(*cell[:-1], kind) for cell in behind for kind in kinds} | behind.keys()
    given: set[Region] = set()
    for one in told:
        place = bars.index(one.bar)
        within = frozenset(cell for cell in cells if cell[:-1] in one.region)
        given |= {within, frozenset(cell for cell in within if cell[-1][place] == "1")}
    return any(
        not is_safe(sum((behind[cell] for cell in region), Counter()), rule)
        for region in derivable(sorted(given, key=sorted))
    )


NEAR = Fraction(1, 10**24)  # finer than any bar is written


def _cell(bars: Sequence[Bar], number: Fraction) -> str:
    """Return which of the bars a number reaches, a digit each."""
    return "".join("1" if bar.holds(number) else "0" for bar in bars)
