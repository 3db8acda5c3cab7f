"""The disclosure rule of aggregates: numbers about members that give no member away.

A number may be shown when at least ``FEWEST`` corporate groups stand behind it and none of them
makes more than ``LARGEST`` of it, and so for every other number that follows from what is shown by
adding and subtracting. The same people are counted
along several lines at once (class, size, chamber), so a number withheld along one line must not
follow from another. Zero is a number about everybody in its row, and is held to the same rule.

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
from itertools import product
from typing import NamedTuple

FEWEST = 5
LARGEST = Fraction(1, 4)  # of a number that one corporate group may make
APART = "\n"
MOST_ROWS = 12  # every sum and difference of so many rows is looked at: 4,096

Atom = tuple[str, ...]  # one value along each line: the finest that members are told apart
Region = frozenset[Atom]
Groups = dict[str, Counter[str]]  # members of each corporate group, by outcome


class Rule(NamedTuple):
    """How many corporate groups stand behind a number at least, and how much one makes at most."""

    fewest: int = FEWEST
    largest: Fraction = LARGEST


USUAL = Rule()


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
        found = self.behind_each(region, outcomes)
        if len(found) < rule.fewest:
            return False
        return max(found.values()) <= rule.largest * found.total()

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


def disclose(tally: Tally, outcomes: Sequence[str], *, rest: str, rule: Rule = USUAL) -> Disclosed:
    """Return what may be shown of a tally.

    ``outcomes`` are the columns wanted, ``rest`` the outcome that those are counted with which too
    few share. Rows with too few groups in any column, or with one that makes too much of it, are
    withheld, and then as many others as it takes that no withheld row, nor any part of one,
    follows from those that are left.
    """
    everybody = frozenset(tally.members)
    columns = _columns(tally, everybody, outcomes, rest, rule)

    def is_safe(region: Region) -> bool:
        return all(tally.is_safe(region, column, rule) for column in columns)

    regions = {row: tally.region(*row) for row in tally.rows()}
    tells = len(columns) > 1 and is_safe(everybody)  # one column says only how many there are
    shown = _shown(tally, everybody, regions, is_safe) if tells else None
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


def may_follow(moved: Tally, before: Disclosed, after: Disclosed, *, rule: Rule = USUAL) -> bool:
    """Return whether a table may be shown in the place of an earlier one of the same question.

    Whoever holds both can subtract them. ``moved`` counts every member by ``move(…)``, how it
    came out before and after; in each region that both tables tell of, nobody, or enough groups,
    must have come into a column or left it.
    """
    kept = {(row.line, row.value) for row in before.rows if row.counts is not None}
    kept &= {(row.line, row.value) for row in after.rows if row.counts is not None}
    if before.total.counts is None or after.total.counts is None:
        return before.total.counts is None  # nothing was shown: nothing to subtract from
    rows = [moved.region(moved.lines.index(line), value) for line, value in sorted(kept)]
    regions = list(derivable([frozenset(moved.members), *rows]))
    columns = dict.fromkeys((*before.columns, *after.columns))
    return all(_enough_moved(moved, r, column, rule) for r in regions for column in columns)


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


def _shown(
    tally: Tally,
    everybody: Region,
    regions: Mapping[tuple[int, str], Region],
    is_safe: Callable[[Region], bool],
) -> frozenset[tuple[int, str]]:
    """Return the rows that may be shown together with the total."""

    def size(row: tuple[int, str]) -> tuple[int, tuple[int, str]]:
        return sum(sum(tally.members[atom].values()) for atom in regions[row]), row

    shown = sorted((row for row, region in regions.items() if is_safe(region)), key=size)
    shown = shown[-MOST_ROWS:]
    while shown:
        given = [everybody, *(regions[row] for row in shown)]
        if all(is_safe(region) for region in derivable(given)):
            break
        shown = shown[1:]
    return frozenset(shown)


def withheld_total(
    groups: int, largest: Iterable[tuple[Fraction, Fraction]], *, rule: Rule = USUAL
) -> str:
    """Return why a total of amounts may not be shown, empty where it may.

    ``groups`` is how many corporate groups stand behind it; ``largest`` are the sums that it is
    made of, each with what the largest group adds to it.
    """
    if groups < rule.fewest:
        return f"fewer than {rule.fewest} corporate groups stand behind it"
    if any(top > rule.largest * whole for whole, top in largest if whole):
        return f"one corporate group makes more than {rule.largest * 100} % of it"
    return ""


def withheld_share(reaching: int, short: int, *, rule: Rule = USUAL) -> str:
    """Return why the share of members that reached something may not be shown.

    ``reaching`` and ``short`` are how many corporate groups did and did not: that all did, or
    nobody, is a number about each of them.
    """
    if min(reaching, short) < rule.fewest:
        return f"fewer than {rule.fewest} corporate groups reached it, or missed it"
    return ""


def derivable(given: Sequence[Region]) -> Iterator[Region]:
    """Yield every region whose numbers follow from those of ``given`` by adding and subtracting.

    A region follows when its members are counted once, and nobody else is, in some sum of
    multiples of the given ones. In reduced form each of the independent rows has an atom of its
    own, so trying 0 and 1 at those atoms tries every such sum.
    """
    atoms = sorted(frozenset().union(*given))
    basis = _reduced([[Fraction(atom in region) for atom in atoms] for region in given])
    for taken in product((0, 1), repeat=len(basis)):
        chosen = [row for row, take in zip(basis, taken, strict=True) if take]
        summed = [sum(column, Fraction(0)) for column in zip(*chosen, strict=True)]
        if summed and all(number in (0, 1) for number in summed):
            yield frozenset(atom for atom, n in zip(atoms, summed, strict=True) if n)


def _reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """Return the reduced row echelon form, without the rows that are all 0."""
    done = 0
    for column in range(len(rows[0])):
        pivot = next((r for r in range(done, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        head = rows[done] = [number / rows[done][column] for number in rows[done]]
        for place, row in enumerate(rows):
            if place != done and row[column]:
                rows[place] = [n - row[column] * h for n, h in zip(row, head, strict=True)]
        done += 1
    return rows[:done]
