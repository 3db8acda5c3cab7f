"""A change of state, and a span between two of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise
from operator import attrgetter


class Kind(StrEnum):
    CLASS = "class"
    CHAMBER = "chamber"
    STANDING = "standing"
    RIGHT = "right"
    OBLIGATION = "obligation"
    CLOCK = "clock"
    BREACH = "breach"
    CASE = "case"
    STEP = "step"
    PUBLISHED = "published"


_THING = attrgetter("kind", "key")
_PLACE = attrgetter("kind", "key", "on")

# What is settled first on one and the same day: class and chamber, duties, then what those set off.
ORDER = {
    kind: place
    for place, kind in enumerate(
        (
            Kind.CLASS,
            Kind.CHAMBER,
            Kind.OBLIGATION,
            Kind.BREACH,
            Kind.STEP,
            Kind.CASE,
            Kind.CLOCK,
            Kind.STANDING,
            Kind.RIGHT,
            Kind.PUBLISHED,
        )
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From ``on`` something is in another state.

    ``ground`` is a code for what brought it about, ``because`` the sum of days in words (no
    names), ``clause`` the place in the rules, ``facts`` the ids of the facts used. ``due_on`` is
    when an obligation had first been due, before anything moved it; ``falls_due`` is when it is
    due once everything is counted, None while no day is set.
    """

    on: date
    kind: Kind
    key: str
    state: str
    ground: str
    clause: str
    edition: str
    because: str = ""
    facts: tuple[int, ...] = ()
    due_on: date | None = None
    falls_due: date | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A change and the first day on which it no longer holds, None when nothing ends it."""

    change: Change
    until: date | None


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes by day: each thing's last word on a day, and only what is new.

    A standing or a right that rests on other facts than before is new too: its ground has changed.
    """
    return tuple(sorted(by_thing(changes), key=lambda c: (c.on, ORDER[c.kind], c.key)))


def by_thing(changes: Iterable[Change]) -> list[Change]:
    """Return the same changes as ``in_order``, those of one thing together."""
    latest = {_PLACE(change): change for change in changes}
    real: list[Change] = []
    for _, thing in groupby((latest[place] for place in sorted(latest)), key=_THING):
        before = None
        for change in thing:
            word = _word(change)
            if word != before:
                real.append(change)
            before = word
    return real


def _word(change: Change) -> tuple[str, tuple[int, ...]]:
    grounded = change.kind in (Kind.STANDING, Kind.RIGHT)
    return change.state, change.facts if grounded else ()


def as_spans(changes: Iterable[Change]) -> tuple[Span, ...]:
    """Return each change with its end: the day of the next change of the same thing."""
    spans: list[Span] = []
    for _, group in groupby(sorted(changes, key=_PLACE), key=_THING):
        thing = list(group)
        spans += [Span(change, after.on) for change, after in pairwise(thing)]
        spans.append(Span(thing[-1], None))
    return tuple(spans)
