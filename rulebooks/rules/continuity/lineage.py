"""Things followed from edition to edition: what is still the same, and what goes on with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from rulebooks.rules.continuity.words import Declaration, Reworded, What

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition

LISTS: dict[What, str] = {
    "requirement": "requirements",
    "kpi": "kpis",
    "obligation": "obligations",
    "target": "targets",
}
Tie = Literal["thing", "signatures", "counters", "waivers"]


class Place(NamedTuple):
    """A thing as one edition knows it: the edition's code, what it is, its code there."""

    edition: str
    what: What
    code: str


Group = tuple[Place, ...]


@dataclass(frozen=True)
class Continuity:
    """What the declarations of some editions say of each thing, followed through all of them.

    An edition that declares nothing of the one before, as the first one does, is taken by its
    codes: what is called the same is the same. ``groups`` holds, for each tie, the places that it
    binds together, in the order of editions.
    """

    groups: dict[tuple[Tie, Place], Group]
    successors: dict[Place, tuple[str, ...]]

    def same_thing(self, one: Place, other: Place, *, tie: Tie = "thing") -> bool:
        """Return whether two places name one thing: the same, or the same in other words.

        With ``tie`` it is asked whether signatures, counters or waivers go on between them.
        """
        return other in self.known_as(one, tie=tie)

    def known_as(self, place: Place, *, tie: Tie = "thing") -> Group:
        """Return every place that names the same thing, in the order of editions."""
        return self.groups.get((tie, place), ())

    def code_in(self, edition: str, place: Place, *, tie: Tie = "thing") -> str | None:
        """Return what a thing is called in another edition, None where it is not."""
        found = (p.code for p in self.known_as(place, tie=tie) if p.edition == edition)
        return next(found, None)

    def series_breaks(self, kpi: str, *, before: str, after: str) -> bool:
        """Return whether numbers of a KPI under two editions cannot be compared.

        ``kpi`` is its code in the edition ``after``.
        """
        return self.code_in(before, Place(after, "kpi", kpi)) is None

    def successor(self, place: Place) -> tuple[str, ...]:
        """Return the codes of what a thing became in the next edition, none where it ended."""
        return self.successors.get(place, ())


@lru_cache(maxsize=64)
def continuity(editions: tuple[Edition, ...]) -> Continuity:
    """Return what became of everything in ``editions``, which are in the order of effect."""
    groups = {
        (tie, place): [place]
        for edition in editions
        for what, name in LISTS.items()
        for part in getattr(edition, name)
        for place in (Place(edition.code, what, part.code),)
        for tie in get_args(Tie)
    }
    successors: dict[Place, tuple[str, ...]] = {}
    for before, after in steps(editions):
        for tie, old, new in _ties(before, after):
            _join(groups, (tie, old), (tie, new))
        successors |= _successors(before, after)
    return Continuity({key: tuple(group) for key, group in groups.items()}, successors)


def steps(editions: Sequence[Edition]) -> Iterator[tuple[Edition, Edition]]:
    """Yield each edition with the one it follows: the one that it names, else the one before."""
    named = {edition.code: edition for edition in editions}
    for before, after in pairwise(editions):
        yield named.get(after.replaces or "", before), after


def _ties(before: Edition, after: Edition) -> Iterator[tuple[Tie, Place, Place]]:
    """Yield what goes on between two editions."""
    for declared in _declarations(before, after):
        ties = ("thing", *declared.carried()) if declared.series_goes_on else declared.carried()
        for old, new in declared.pairs():
            places = (Place(before.code, declared.what, old), Place(after.code, declared.what, new))
            yield from ((tie, *places) for tie in ties)


def _successors(before: Edition, after: Edition) -> dict[Place, tuple[str, ...]]:
    found: dict[Place, tuple[str, ...]] = {}
    for declared in _declarations(before, after):
        for old, new in declared.pairs():
            place = Place(before.code, declared.what, old)
            found[place] = (*found.get(place, ()), new)
    return found


def _join(
    groups: dict[tuple[Tie, Place], list[Place]],
    old: tuple[Tie, Place],
    new: tuple[Tie, Place],
) -> None:
    """Let what is bound to ``new`` be bound to what is bound to ``old``."""
    kept, added = groups.get(old), groups.get(new)
    if kept is None or added is None or kept is added:
        return
    kept.extend(added)
    for place in added:
        groups[new[0], place] = kept


def _declarations(before: Edition, after: Edition) -> tuple[Declaration, ...]:
    """Return what ``after`` declares of ``before``; where it does not, the codes speak.

    They do not speak for signatures: there the hash of the text decides.
    """
    if after.replaces == before.code and after.continuity:
        return after.continuity
    return tuple(
        Reworded(**{"as": "reworded", "what": what, "was": kept, "clause": "by code"})
        for what, name in LISTS.items()
        if (kept := _kept(before, after, name))
    )


def _kept(before: Edition, after: Edition, name: str) -> tuple[str, ...]:
    known = {part.code for part in getattr(before, name)}
    return tuple(part.code for part in getattr(after, name) if part.code in known)
