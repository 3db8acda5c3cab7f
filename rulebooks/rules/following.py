"""What follows from sums that are told, by adding and subtracting multiples of them.

A sum is told of a region: a set of atoms, each the finest part that members are told apart by.
Whoever knows which atoms a region has can reckon out every combination of the sums; these are the
combinations that matter. All is exact, in fractions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

Atom = tuple[str, ...]  # one value along each line
Region = frozenset[Atom]
Vector = tuple[Fraction, ...]
MOST_LOOKS = 3_000  # ways to leave out groups that are looked at; more count as found


def derivable(given: Sequence[Region]) -> Iterator[Region]:
    """Yield every region whose numbers follow from those of ``given`` by adding and subtracting.

    A region follows when its members are counted once, and nobody else is, in some sum of
    multiples of the given ones. In reduced form each of the independent rows has an atom of its
    own, so trying 0 and 1 at those atoms tries every such sum; a sum that is out of reach of 0 and
    1 somewhere, whatever rows are still to come, is given up.
    """
    parts = _parts(given)
    basis = _reduced([list(row) for row in zip(*parts, strict=True)] if parts else [])
    regions = list(parts.values())
    ends = _ends(basis, len(regions))

    def sums(place: int, sofar: list[Fraction]) -> Iterator[list[Fraction]]:
        if place == len(basis):
            yield sofar
            return
        for now in (sofar, [a + b for a, b in zip(sofar, basis[place], strict=True)]):
            least, most = ends[place + 1]
            reach = zip(now, least, most, strict=True)
            if all(n + low <= 1 and n + high >= 0 for n, low, high in reach):
                yield from sums(place + 1, now)

    for found in sums(0, [Fraction(0)] * len(regions)):
        if any(found) and all(number in (0, 1) for number in found):
            yield frozenset().union(*(part for part, n in zip(regions, found, strict=True) if n))


def new_in(given: Sequence[Region]) -> Iterator[Region]:
    """Yield those derivable regions that have no given region wholly within them.

    If what is given may be told, and what these add, so may every other: it is made of several that
    do not meet, and a number made of safe numbers about other people is safe.
    """
    told = [region for region in given if region]
    for region in derivable(given):
        if not any(one <= region for one in told):
            yield region


def _ends(basis: Sequence[list[Fraction]], width: int) -> list[tuple[list, list]]:
    """Return, before each row, the least and the most that it and those after it can add."""
    nothing = [Fraction(0)] * width
    found = [(nothing, nothing)]
    for row in reversed(basis):
        least, most = found[-1]
        found.append(
            (
                [low + min(n, 0) for low, n in zip(least, row, strict=True)],
                [high + max(n, 0) for high, n in zip(most, row, strict=True)],
            )
        )
    return found[::-1]


def tells_of_few(
    given: Sequence[Region], behind: Mapping[Atom, Collection[str]], *, fewest: int
) -> bool:
    """Return whether some combination is about fewer corporate groups than ``fewest``.

    ``behind`` names the groups of each atom; atoms that are not in it are of no concern. Any
    multiples count, not only whole sums: twice one member and another's number give both away.
    Where looking takes too long, the answer is that it does.
    """
    groups: dict[Vector, frozenset[str]] = {
        signature: frozenset().union(*(behind.get(atom, ()) for atom in part))
        for signature, part in _parts(given).items()
    }
    parts = sorted(
        (signature for signature, held in groups.items() if held),
        key=lambda one: (-len(groups[one]), one),
    )
    rank = len(_basis(parts))
    seen: set[frozenset[str]] = set()

    def few(left_out: frozenset[str]) -> bool:
        """Leave out some groups' own parts: each way to need them all is one of its basis."""
        if left_out in seen:
            return False
        seen.add(left_out)
        if len(seen) > MOST_LOOKS:
            return True
        basis = _basis([part for part in parts if not groups[part] <= left_out])
        if len(basis) < rank:
            return True
        wider = (left_out | groups[part] for part in basis)
        return any(few(one) for one in wider if len(one) < fewest)

    return few(frozenset())


def _parts(given: Sequence[Region]) -> dict[Vector, Region]:
    """Return the atoms that no given region tells apart, by which of the regions they are in."""
    found: dict[Vector, set[Atom]] = {}
    for atom in sorted(frozenset().union(*given)):
        found.setdefault(tuple(Fraction(atom in region) for region in given), set()).add(atom)
    return {signature: frozenset(atoms) for signature, atoms in found.items()}


def _basis(vectors: Iterable[Vector]) -> list[Vector]:
    """Return the first vectors of those given that do not follow from the ones before."""
    pivots: list[tuple[int, list[Fraction]]] = []
    basis = []
    for vector in vectors:
        rest = list(vector)
        for place, row in pivots:
            if rest[place]:
                rest = [a - rest[place] * b for a, b in zip(rest, row, strict=True)]
        place = next((n for n, number in enumerate(rest) if number), None)
        if place is not None:
            pivots.append((place, [number / rest[place] for number in rest]))
            basis.append(vector)
    return basis


def _reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """Return the reduced row echelon form, without the rows that are all 0."""
    done = 0
    for column in range(len(rows[0]) if rows else 0):
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
