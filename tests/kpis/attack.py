"""An attack on what is published about all members, by somebody who holds all of it.

The attacker knows who is a member, what each is along every line, and whose card was another when;
not how anybody came out. Each published number is a sum over unknowns: 1 for each member's card and
each band that the number counts, or what the card adds to a total. The attack is independent of the
rule that it tests: it sees published numbers, and eliminates in fractions.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple


class Unknown(NamedTuple):
    """How one card came out, or what it adds: what must not be found out."""

    group: str
    card: Hashable
    part: str


Vector = dict[Unknown, Fraction]


@dataclass(frozen=True, slots=True)
class Cell:
    """A published number: what it sums up, and where it stands."""

    where: str
    sums: Vector


@dataclass
class Attack:
    """All that was published. ``parts`` are the bands; every card is in just one of them.

    ``truth`` says which unknowns are 1, for cells that follow: whether too few stand behind them.
    """

    parts: tuple[str, ...] = ()
    fewest: int = 5
    largest: Fraction = Fraction(1, 4)
    cells: list[Cell] = field(default_factory=list)
    truth: set[Unknown] = field(default_factory=set)

    def tell(self, where: str, unknowns: Iterable[Unknown]) -> None:
        self.cells.append(Cell(where, dict.fromkeys(unknowns, Fraction(1))))

    # Every pair

    def pairs(self) -> Iterator[str]:
        """Yield each two numbers that, one less the other, are about too few."""
        for one, other in combinations(self.cells, 2):
            for more, less in ((one, other), (other, one)):
                rest = dict(more.sums)
                for unknown, number in less.sums.items():
                    rest[unknown] = rest.get(unknown, Fraction(0)) - number
                rest = {u: n for u, n in rest.items() if n}
                if rest and self._is_of_few(rest):
                    yield f"{more.where} less {less.where}"

    def _is_of_few(self, sums: Vector) -> bool:
        reduced = self._reduced(sums)
        if reduced and len({u.group for u in reduced}) < self.fewest:
            return True
        is_cell = all(n == 1 for n in sums.values()) and all(u.part in self.parts for u in sums)
        return is_cell and self._is_small(sums)

    def _is_small(self, cell: Iterable[Unknown]) -> bool:
        """Return whether too few groups stand behind a number, or one makes too much of it."""
        behind: dict[str, int] = {}
        for unknown in cell:
            if unknown in self.truth:
                behind[unknown.group] = behind.get(unknown.group, 0) + 1
        if len(behind) < self.fewest:
            return True
        return max(behind.values()) > self.largest * sum(behind.values())

    def _reduced(self, sums: Vector) -> Vector:
        """Return the sums without the last band: that a card is in one of them is no secret."""
        found: Vector = {}
        for unknown, number in sums.items():
            if self.parts and unknown.part == self.parts[-1]:
                for part in self.parts[:-1]:
                    other = unknown._replace(part=part)
                    found[other] = found.get(other, Fraction(0)) - number
            else:
                found[unknown] = found.get(unknown, Fraction(0)) + number
        return {unknown: number for unknown, number in found.items() if number}

    # The linear system over all numbers

    def isolated(self) -> Iterator[str]:
        """Yield each corporate group, or two, of whom alone some combination of numbers tells."""
        system = System([self._reduced(cell.sums) for cell in self.cells])
        columns = system.columns()
        groups = sorted(frozenset().union(*columns.values()))
        for few in (*combinations(groups, 1), *combinations(groups, 2)):
            others = [column for column, held in columns.items() if not held <= set(few)]
            if rank(others) < len(system.rows):
                yield " and ".join(few)

    def found(self, wanted: Mapping[str, Iterable[Unknown]]) -> Iterator[str]:
        """Yield each small cell, of those ``wanted``, that follows from all numbers together."""
        system = System([self._reduced(cell.sums) for cell in self.cells])
        for where, unknowns in wanted.items():
            cell = list(unknowns)
            reduced = self._reduced(dict.fromkeys(cell, Fraction(1)))
            if reduced and self._is_small(cell) and system.knows(reduced):
                yield where


class System:
    """Sums of unknowns, as rows in reduced form: exact, in fractions."""

    def __init__(self, rows: Iterable[Vector]) -> None:
        given = [row for row in rows if row]
        self.unknowns = sorted({unknown for row in given for unknown in row}, key=repr)
        self.rows: list[tuple[Unknown, Vector]] = []
        for row in given:
            self._add(row)

    def _add(self, row: Vector) -> None:
        rest = self._without(row)
        if not rest:
            return
        lead = min(rest, key=repr)
        new = {unknown: number / rest[lead] for unknown, number in rest.items()}
        self.rows = [(at, minus(old, new, old.get(lead, Fraction(0)))) for at, old in self.rows]
        self.rows.append((lead, new))

    def _without(self, row: Vector) -> Vector:
        for lead, known in self.rows:
            if lead in row:
                row = minus(row, known, row[lead])
        return row

    def knows(self, row: Vector) -> bool:
        """Return whether the sum follows."""
        return not self._without(dict(row))

    def columns(self) -> dict[tuple[Fraction, ...], frozenset[str]]:
        """Return what the rows have of each unknown, with the groups of those that are alike.

        A combination of the rows is about some groups and no other when the rows, without the
        columns of these, are no longer independent.
        """
        found: dict[tuple[Fraction, ...], set[str]] = {}
        for unknown in self.unknowns:
            column = tuple(row.get(unknown, Fraction(0)) for _, row in self.rows)
            if any(column):
                found.setdefault(column, set()).add(unknown.group)
        return {column: frozenset(groups) for column, groups in found.items()}


def rank(columns: Iterable[tuple[Fraction, ...]]) -> int:
    """Return how many of the columns are independent."""
    pivots: list[tuple[int, list[Fraction]]] = []
    for column in columns:
        rest = list(column)
        for place, known in pivots:
            if rest[place]:
                rest = [a - rest[place] * b for a, b in zip(rest, known, strict=True)]
        place = next((n for n, number in enumerate(rest) if number), None)
        if place is not None:
            pivots.append((place, [number / rest[place] for number in rest]))
            if len(pivots) == len(column):
                break
    return len(pivots)


def minus(row: Vector, other: Vector, times: Fraction) -> Vector:
    if not times:
        return row
    found = dict(row)
    for unknown, number in other.items():
        found[unknown] = found.get(unknown, Fraction(0)) - times * number
    return {unknown: number for unknown, number in found.items() if number}
