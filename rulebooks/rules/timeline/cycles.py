"""Which periods there are: those of all members, and those that fall due on days of one's own.

A period keeps the edition that binds on the day its window opens: in force, and served on the
members by then. When a later edition defines a period of the same code, the one whose own edition
binds that day counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import CycleCancelled, Fact, PeriodAnnounced
from rulebooks.rules.periods import DataAge, FixedWindow, Occurrence, Own, Rolling, as_announced
from rulebooks.rules.timeline.notice import Notices, applies_from, governing, notices

OWN = (Rolling, DataAge)


@dataclass(frozen=True, eq=False)
class Cycle:
    """A period, the edition that governs it, and its place in the initiative's calendar.

    One that all members share is one object, by which what follows for all can be kept.
    """

    edition: Edition
    period: Occurrence
    place: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the initiative told of its calendar.

    ``served`` are notices of editions. ``announced`` is what was announced of periods: the period,
    on which day it was told, and which day is when.
    """

    served: Notices = frozenset()
    announced: tuple[tuple[str, date, str, date], ...] = ()
    cancelled: frozenset[str] = frozenset()

    @classmethod
    def of(cls, initiative: Sequence[Fact]) -> Told:
        """Return what known facts about all members tell."""
        return cls(
            served=notices(initiative),
            announced=tuple(_announced(initiative)),
            cancelled=frozenset(f.key for f in initiative if isinstance(f.what, CycleCancelled)),
        )


NOTHING = Told()


def _announced(facts: Iterable[Fact]) -> Iterator[tuple[str, date, str, date]]:
    for fact in facts:
        if isinstance(fact.what, PeriodAnnounced):
            for name, day in fact.what.data().items():
                yield fact.key, fact.about_on, name, date.fromisoformat(day)


@lru_cache(maxsize=64)
def cycles(editions: tuple[Edition, ...], told: Told = NOTHING) -> tuple[Cycle, ...]:
    """Return the periods of all members in order, but for those that were cancelled.

    Places count only periods that are held, so a cancelled one stands between no two others.
    """
    starts = applies_from(editions, told.served)
    governed = {
        period.code: (edition, period)
        for edition in editions
        for period in _of_all(edition, told)
        if governing(editions, starts, period.opens_on) is edition
    }
    return in_order(pair for code, pair in governed.items() if code not in told.cancelled)


def _of_all(edition: Edition, told: Told) -> Iterator[Occurrence]:
    """Yield the periods of all members under one edition, with the days that hold as announced.

    Windows written out one by one follow one another as if one rule had made them.
    """
    by_code: dict[str, list[tuple[date, str, date]]] = defaultdict(list)
    for code, told_on, name, day in told.announced:
        by_code[code].append((told_on, name, day))
    rows: dict[str, list[Occurrence]] = defaultdict(list)
    for rule in edition.periods:
        if not isinstance(rule, OWN):
            row = rule.kind if isinstance(rule, FixedWindow) else rule.code
            rows[row] += rule.occurrences(holidays=edition.closed_days)
    for row in rows.values():
        row.sort(key=lambda occurrence: (occurrence.about_from, occurrence.code))
        yield from as_announced(row, edition.announced, by_code, holidays=edition.closed_days)


def own_cycles(
    editions: tuple[Edition, ...], told: Told, own: Own
) -> list[tuple[Edition, Occurrence]]:
    """Return the periods that fall due on days of one member's own.

    A period that a later edition brings in is counted from the day it binds, for who was a member
    before.
    """
    starts = applies_from(editions, told.served)
    governed: dict[str, tuple[Edition, Occurrence]] = {}
    known: set[str] = set()
    for edition in editions:
        rules = [rule for rule in edition.periods if isinstance(rule, OWN)]
        is_first = edition is editions[0]
        for rule in rules:
            counts_on = is_first or rule.code in known
            since = own.since if counts_on else max(own.since, starts[edition.code])
            said = replace(own, since=since)
            for period in rule.occurrences(said, holidays=edition.closed_days):
                if governing(editions, starts, period.opens_on) is edition:
                    governed[period.code] = (edition, period)
        known |= {rule.code for rule in rules}
    return [pair for code, pair in governed.items() if code not in told.cancelled]


@lru_cache(maxsize=64)
def has_own(editions: tuple[Edition, ...]) -> bool:
    """Return whether any edition has periods on days of a member's own."""
    return any(isinstance(rule, OWN) for edition in editions for rule in edition.periods)


def in_order(pairs: Iterable[tuple[Edition, Occurrence]]) -> tuple[Cycle, ...]:
    """Return periods as cycles, by what they are about, each with its place."""
    ordered = sorted(pairs, key=lambda pair: (pair[1].about_from, pair[1].code))
    return tuple(Cycle(edition, period, place) for place, (edition, period) in enumerate(ordered))
