"""Whom an obligation binds, and from when to when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact
from rulebooks.rules.obligations import Obligation, Tenure
from rulebooks.rules.schema import EVERYONE, selects
from rulebooks.rules.timeline.belonging import Spell
from rulebooks.rules.timeline.history import History


def is_bound(history: History, obligation: Obligation, edition: Edition, *, on: date) -> bool:
    """Return whether an obligation binds the member on a day, by all that it asks of whom."""
    member_class = history.member_class(edition, on=on)
    if member_class is None or not selects(obligation.applies_to, member_class.code):
        return False
    who = obligation.who
    return who is None or (
        selects(who.chambers, history.place_on(on).chamber)
        and _is_among(who.sizes, history.described("size", on=on))
        and _is_among(who.countries, history.described("country", on=on))
        and _held(who.years_of_membership, history.joined_on(on), on)
    )


def stretches(
    history: History, binds: Callable[[date], bool], spell: Spell, *, begins: date, until: date
) -> Iterator[tuple[date, Fact | None]]:
    """Yield each first day of a stretch in which something binds, and the class change ending it.

    It is looked at on the day it begins, and again with each class change before ``until``: another
    class or chamber may bring an obligation, and may free from one.
    """
    changes = [p for p in history.places if begins < p.on < until and spell.holds(p.on)]
    bound_since = begins if binds(begins) else None
    for place in changes:
        binds_now = binds(place.on)
        if bound_since is not None and not binds_now:
            yield bound_since, place.fact
            bound_since = None
        elif bound_since is None and binds_now:
            bound_since = place.on
    if bound_since is not None:
        yield bound_since, None


def _is_among(asked: str | tuple[str, ...], known: str | None) -> bool:
    return asked == EVERYONE or known in asked


def _held(tenure: Tenure | None, joined: date, on: date) -> bool:
    if tenure is None:
        return True
    years = on.year - joined.year - ((on.month, on.day) < (joined.month, joined.day))
    return years >= tenure.from_ and (tenure.below is None or years < tenure.below)
