"""The disclosure rule of aggregates: numbers about members that give no member away.

A number may be shown when at least ``FEWEST`` corporate groups stand behind it and none of them
makes more than ``LARGEST`` of it, and so for every other number that follows from what is shown by
adding and subtracting. The same people are counted along several lines at once (class, size,
chamber), so a number withheld along one line must not follow from another; nor may any combination
of numbers be about fewer groups. Zero is a number about everybody in its row, and is held to the
same rule.

What each member is counted along is taken to be known (a register may say it); how each came out
is what must not be found out. Numbers of different questions are not looked at together: whoever
shows them for some members only, or again after a few have left, lets them be subtracted.

Source: docs/sources.md, disclosure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from rulebooks.rules.following import Atom, Region, derivable, new_in, tells_of_few

FEWEST = 5
LARGEST = Fraction(1, 4)  # of a number that one corporate group may make
APART = "\n"
MOST_ROWS = 12  # every sum and difference of so many rows is looked at: 4,096

Groups = dict[str, Counter[str]]  # members of each corporate group, by outcome


class Rule(NamedTuple):
    """How many corporate groups stand behind a number at least, and how much one makes at most."""

    fewest: int = FEWEST
    largest: Fraction = LARGEST


USUAL = Rule()


def is_safe(behind: Mapping[str, int], rule: Rule) -> bool:
    """Return whether enough groups stand behind a count, and none makes too much of it."""
    if len(behind) < rule.fewest:
        return False
    return max(behind.values()) <= rule.largest * sum(behind.values())


@dataclass
class Tally:
    """Counts of members by what they are and how they came out, with the groups behind each."""

    lines: tuple[str, ...]
    members: dict[Atom, dict[str, int]] = field(default_factory=dict)
    groups: dict[Atom, Groups] = field(default_factory=dict)

    def add(self, atom: Sequence[str], outcome: str, group: str) -> None:
        """Count a member of a corporate group: what it is along each line, and how it came out."""
        where = tuple(atom)
        if len(where) != len(self.lines):
            raise ValueError(f"say what the member is along each of: {', '.join(self.lines)}")
        counts = self.members.setdefault(where, defaultdict(int))
        counts[outcome] += 1
        self.groups.setdefault(where, defaultdict(Counter))[outcome][group] += 1

    def region(self, line: int, value: str) -> Region:
        """Return the atoms of a row: all that have one value along a line."""
        return frozenset(atom for atom in self.members if atom[line] == value)

    def rows(self) -> Iterator[tuple[int, str]]:
        """Yield every row there is: a line, and a value along it."""
        for line in range(len(self.lines)):
            for value in sorted({atom[line] for atom in self.members}):
                yield line, value

    def present(self) -> dict[Atom, frozenset[str]]:
        """Return the corporate groups in each atom, however their members came out."""
        return {
            atom: frozenset().union(*outcomes.values()) for atom, outcomes in self.groups.items()
        }

    def behind(self, region: Iterable[Atom], outcomes: Iterable[str]) -> int:
        """Return how many corporate groups stand behind some outcomes of a region."""
        return len(self.behind_each(region, outcomes))

    def behind_each(self, region: Iterable[Atom], outcomes: Iterable[str]) -> Counter[str]:
        """Return how many members of each corporate group stand behind some outcomes."""
        wanted = tuple(outcomes)
        found: Counter[str] = Counter()
        for atom in region:
            for one in wanted:
                found.update(self.groups[atom].get(one, {}))
        return found

    def is_safe(self, region: Iterable[Atom], outcomes: Iterable[str], rule: Rule) -> bool:
        """Return whether enough groups stand behind a number, and none makes too much of it."""
        return is_safe(self.behind_each(region, outcomes), rule)

    def count(self, region: Iterable[Atom], outcomes: Iterable[str]) -> int:
        """Return how many members of a region came out so."""
        wanted = tuple(outcomes)
        return sum(self.members[atom].get(one, 0) for atom in region for one in wanted)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: a number for each column, or nothing when it is withheld."""

    line: str
    value: str
    counts: tuple[int, ...] | None

    @property
    def members(self) -> int | None:
        """Return how many members stand in the row, None when it is withheld."""
        return None if self.counts is None else sum(self.counts)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may be shown. A column is one outcome, or several that are only counted together."""

    columns: tuple[tuple[str, ...], ...]
    total: Row
    rows: tuple[Row, ...]


def disclose(
    tally: Tally,
    outcomes: Sequence[str],
    *,
    rest: str | None = None,
    rule: Rule = USUAL,
    lines: Sequence[str] | None = None,
    like: Disclosed | None = None,
) -> Disclosed:
    """Return what may be shown of a tally, along ``lines`` of its lines: all where left out.

    ``outcomes`` are the columns wanted, ``rest`` the outcome that those are counted with which too
    few share; without one, ``outcomes`` stand in an order, and such are counted with those before
    them. Rows with too few groups in any column, or with one that makes too much of it, are
    withheld, and then each, from the largest on, beside which a withheld row, or any part of one,
    would follow from those that are shown. A table ``like`` an earlier one has the same columns
    and rows or shows nothing: a row in which nobody changed is known from there.
    """
    everybody = frozenset(tally.members)
    if like is not None:
        columns = like.columns
    elif rest is None:
        columns = _neighbours(tally, everybody, outcomes, rule)
    else:
        columns = _columns(tally, everybody, outcomes, rest, rule)

    def is_safe(region: Region) -> bool:
        return all(tally.is_safe(region, column, rule) for column in columns)

    told_along = {tally.lines.index(line) for line in (tally.lines if lines is None else lines)}
    regions = {row: tally.region(*row) for row in tally.rows() if row[0] in told_along}
    wanted = regions if like is None else _again(tally, regions, like)
    tells = len(columns) > 1 and is_safe(everybody)  # one column says only how many there are
    shown = _shown(tally, everybody, wanted, is_safe, rule) if tells else None
    if like is not None and shown != wanted.keys():
        shown = None
    kept = shown if shown is not None else frozenset()

    def told(row: tuple[int, str]) -> Row:
        line, value = row
        region = regions[row]
        counts = tuple(tally.count(region, column) for column in columns)
        return Row(tally.lines[line], value, counts if row in kept else None)

    total = tuple(tally.count(everybody, column) for column in columns)
    return Disclosed(
        columns,
        Row("", "", total if shown is not None else None),
        tuple(told(row) for row in regions),
    )


def _again(
    tally: Tally, regions: Mapping[tuple[int, str], Region], like: Disclosed
) -> dict[tuple[int, str], Region]:
    """Return the rows that an earlier table told."""
    told = {(row.line, row.value) for row in like.rows if row.counts is not None}
    return {
        (line, value): region
        for (line, value), region in regions.items()
        if (tally.lines[line], value) in told
    }


def may_follow(
    told: Sequence[Disclosed],
    *,
    steps: Sequence[Tally],
    jumps: Sequence[Tally],
    also: Callable[[Tally], Sequence[Region]] = lambda _: (),
    rule: Rule = USUAL,
) -> bool:
    """Return whether the last of the tables ``told`` may be shown after the others.

    All are of one question and of the same members, some scored anew in between. Whoever holds
    several can add and subtract them: what is the same in two falls out, and the members scored
    anew are left. ``steps`` counts those between each table and the next, ``jumps`` those between
    each earlier table and the last, by ``move(…)``. ``also`` gives regions of which something else
    is told. In every combination of regions that any table tells of, a step must be of nobody, or
    of enough groups, whether they came out otherwise or not: that nothing changed tells too; and
    whoever came into a column of a derivable region, or left it, must be nobody or enough.
    """
    keys = {(row.line, row.value) for one in told for row in one.rows if row.counts is not None}
    columns = tuple(dict.fromkeys(column for one in told for column in one.columns))

    def regions(of: Tally) -> list[Region]:
        rows = (of.region(of.lines.index(line), value) for line, value in sorted(keys))
        return [frozenset(of.members), *rows, *also(of)]

    if any(tells_of_few(regions(of), of.present(), fewest=rule.fewest) for of in steps):
        return False
    return all(
        _enough_moved(of, region, column, rule)
        for of in jumps
        for region in derivable(regions(of))
        for column in columns
    )


def move(before: str, after: str) -> str:
    """Return a member's two outcomes as one, empty where it was not counted."""
    return f"{before}{APART}{after}"


def _enough_moved(moved: Tally, region: Region, column: Sequence[str], rule: Rule) -> bool:
    outcomes = {outcome for atom in region for outcome in moved.members[atom]}
    crossing = [one for one in outcomes if _crosses(one, column)]
    return not moved.behind(region, crossing) or moved.is_safe(region, crossing, rule)


def _crosses(outcome: str, column: Sequence[str]) -> bool:
    before, _, after = outcome.partition(APART)
    return (before in column) != (after in column)


def _columns(
    tally: Tally, everybody: Region, outcomes: Sequence[str], rest: str, rule: Rule
) -> tuple[tuple[str, ...], ...]:
    """Return the columns: those outcomes that enough groups share, all others with ``rest``."""
    enough = [one for one in outcomes if one != rest and tally.is_safe(everybody, [one], rule)]
    together = tuple(one for one in outcomes if one not in enough)
    return (*((one,) for one in enough), *([together] if together else ()))


def _neighbours(
    tally: Tally, everybody: Region, outcomes: Sequence[str], rule: Rule
) -> tuple[tuple[str, ...], ...]:
    """Return the columns in the order of the outcomes, each as few of them as enough groups share.

    From the last on, so that one that too few share is counted with those before it.
    """
    columns: list[tuple[str, ...]] = []
    left: tuple[str, ...] = ()
    for one in reversed(outcomes):
        left = (one, *left)
        if tally.is_safe(everybody, left, rule):
            columns.append(left)
            left = ()
    if left:
        columns[-1:] = [(*left, *columns[-1])] if columns else [left]
    return tuple(reversed(columns))


def _shown(
    tally: Tally,
    everybody: Region,
    regions: Mapping[tuple[int, str], Region],
    is_safe: Callable[[Region], bool],
    rule: Rule,
) -> frozenset[tuple[int, str]]:
    """Return the rows that may be shown together with the total: the largest first."""

    def size(row: tuple[int, str]) -> tuple[int, tuple[int, str]]:
        return sum(sum(tally.members[atom].values()) for atom in regions[row]), row

    present, shown = tally.present(), [everybody]
    kept: list[tuple[int, str]] = []
    for row in sorted((r for r, region in regions.items() if is_safe(region)), key=size)[::-1]:
        given = [*shown, regions[row]]
        if tells_of_few(given, present, fewest=rule.fewest):
            continue
        if all(is_safe(region) for region in new_in(given)):
            shown, kept = given, [*kept, row]
        if len(kept) == MOST_ROWS:
            break
    return frozenset(kept)
