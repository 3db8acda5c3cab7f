"""What differs between what was and what would have been, on which day, and which way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from kpis.rules.scoring import Card
from rulebooks.rules.edition import Edition
from rulebooks.rules.scales import Direction
from rulebooks.rules.timeline.changes import Change, Kind
from suspensions.rules.simulation.alternative import Days

NOTHING = "none"


class Way(StrEnum):
    WORSE = "worse"
    BETTER = "better"
    OTHER = "other"  # neither: another label, or worse in one thing and better in another
    UNCHANGED = "unchanged"


class Aspect(StrEnum):
    """What is told apart: the score, what would be owed and proposed, how the member stands."""

    SCORE = "score"
    BREACHES = "breaches"
    STANDING = "standing"


ASPECTS: Mapping[str, Aspect] = {
    Kind.OBLIGATION: Aspect.BREACHES,
    Kind.BREACH: Aspect.BREACHES,
    Kind.CASE: Aspect.STANDING,
    Kind.STANDING: Aspect.STANDING,
    Kind.RIGHT: Aspect.STANDING,
    Kind.STEP: Aspect.BREACHES,
    Kind.PUBLISHED: Aspect.STANDING,
}
# The graver a state, the larger; states that are not listed are not compared.
GRAVITY: Mapping[str, Mapping[str, int]] = {
    Kind.OBLIGATION: {
        **dict.fromkeys((NOTHING, "met", "open", "extended", "exempt", "moratorium"), 0),
        "met_late": 1,
        **dict.fromkeys(("overdue", "incomplete"), 2),
        "missed": 3,
    },
    Kind.BREACH: {
        **dict.fromkeys((NOTHING, "quiet", "dismissed", "closed", "cured"), 0),
        **dict.fromkeys(("in_review", "provisional_list"), 1),
        **dict.fromkeys(("proposed", "provisional"), 2),
        "confirmed": 3,
    },
    Kind.STEP: {NOTHING: 0, "over": 0, "proposed": 1, "held": 2},
    Kind.STANDING: {"good": 0, "warned": 1, "suspended": 2, "excluded": 3},
    Kind.RIGHT: {"held": 0, "lost": 1},
}
STATUS = {"good": 0, "none": 0, "soon": 1, "breach": 2}


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing that would be otherwise: from which day, what it was, what it would be, and why.

    ``until`` is the first day on which both agree again, None where they do not by the last day.
    """

    aspect: Aspect
    what: str
    key: str
    on: date
    until: date | None
    before: str
    after: str
    way: Way
    clause: str
    because: str = ""


def of_states(was: Sequence[Change], would_be: Sequence[Change], days: Days) -> Iterator[Shift]:
    """Yield each thing whose state differs on some of the days, with the first stretch of them."""
    before, after = _by_thing(was), _by_thing(would_be)
    for thing in sorted(before.keys() | after.keys()):
        here, there = before.get(thing, ()), after.get(thing, ())
        if _plain(here) != _plain(there):
            yield from _first_stretch(thing, here, there, days)


def _by_thing(changes: Iterable[Change]) -> dict[tuple[str, str], list[Change]]:
    found: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        if change.kind in ASPECTS:
            found[change.kind, change.key].append(change)
    return found


def _plain(changes: Sequence[Change]) -> list[tuple[date, str]]:
    runs = [next(run) for _, run in groupby(changes, key=lambda change: change.state)]
    return [(change.on, change.state) for change in runs]


def _first_stretch(
    thing: tuple[str, str], here: Sequence[Change], there: Sequence[Change], days: Days
) -> Iterator[Shift]:
    kind, key = thing
    turns = {change.on for change in (*here, *there) if change.on in days}
    first, until = None, None
    for day in sorted(turns | {days.first}):
        differs = _state(here, day) != _state(there, day)
        if differs and first is None:
            first = day
        elif not differs and first is not None:
            until = day
            break
    if first is None:
        return
    before, after = _state(here, first), _state(there, first)
    why = _at(there, first) or _at(here, first)
    yield Shift(
        aspect=ASPECTS[kind],
        what=kind,
        key=key,
        on=first,
        until=until,
        before=before,
        after=after,
        way=_way(GRAVITY.get(kind, {}), before, after),
        clause=why.clause,
        because=why.because,
    )


def _at(changes: Sequence[Change], day: date) -> Change | None:
    so_far = [change for change in changes if change.on <= day]
    return so_far[-1] if so_far else None


def _state(changes: Sequence[Change], day: date) -> str:
    change = _at(changes, day)
    return change.state if change else NOTHING


def _way(gravity: Mapping[str, int], before: str, after: str) -> Way:
    if before not in gravity or after not in gravity or gravity[before] == gravity[after]:
        return Way.OTHER
    return Way.WORSE if gravity[after] > gravity[before] else Way.BETTER


def of_cards(was: Card, would_be: Card, draft: Edition, period: str, on: date) -> Iterator[Shift]:
    """Yield what differs between two cards about a period, published on a day.

    Totals are better or worse in the direction of the draft's total, bands by their status.
    """

    def shift(what: str, before: str | None, after: str | None, way: Way, clause: str) -> Shift:
        told = before or NOTHING, after or NOTHING
        return Shift(Aspect.SCORE, what, period, on, None, *told, way, clause)

    if was.total != would_be.total:
        clause = draft.node(draft.scoring.total).clause if draft.scoring.total else ""
        totals = _digits(was.total), _digits(would_be.total)
        yield shift("total", *totals, _of_totals(was, would_be, draft), clause)
    if was.band != would_be.band:
        statuses = STATUS.get(was.status or "none", 0), STATUS.get(would_be.status or "none", 0)
        way = _ordered(*statuses)
        yield shift("band", was.band, would_be.band, way, _band_clause(would_be, draft))
    if was.verdict != would_be.verdict:
        clause = draft.node(draft.scoring.verdict).clause if draft.scoring.verdict else ""
        yield shift("verdict", was.verdict, would_be.verdict, Way.OTHER, clause)


def _digits(total: Decimal | None) -> str | None:
    return None if total is None else f"{total:f}"


def _of_totals(was: Card, would_be: Card, draft: Edition) -> Way:
    if was.total is None or would_be.total is None:
        return Way.OTHER
    better = draft.tree.better[draft.scoring.total]
    if better not in (Direction.HIGHER, Direction.LOWER):
        return Way.OTHER
    sign = 1 if better == Direction.LOWER else -1
    return _ordered(sign * was.total, sign * would_be.total)


def _ordered(before: Decimal | int, after: Decimal | int) -> Way:
    """Return which way it goes when more is worse."""
    if before == after:
        return Way.OTHER
    return Way.WORSE if after > before else Way.BETTER


def _band_clause(card: Card, draft: Edition) -> str:
    bands = draft.bands.bands if draft.bands else ()
    return next((band.clause for band in bands if band.code == card.band), "")


def together(shifts: Iterable[Shift]) -> Way:
    """Return which way several shifts of one aspect go together."""
    ways = {shift.way for shift in shifts}
    if not ways:
        return Way.UNCHANGED
    decided = ways - {Way.OTHER}
    return next(iter(decided)) if len(decided) == 1 else Way.OTHER
