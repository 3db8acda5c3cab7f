"""Whom an obligation binds."""

from __future__ import annotations

from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.obligations import Obligation, Tenure
from rulebooks.rules.schema import EVERYONE, selects
from rulebooks.rules.timeline.history import History


def is_bound(history: History, obligation: Obligation, edition: Edition, *, on: date) -> bool:
    """Return whether an obligation binds the member on a day, by all that it asks of whom."""
    member_class = history.member_class(edition)
    if member_class is None or not selects(obligation.applies_to, member_class.code):
        return False
    who, admitted = obligation.who, history.admitted
    return who is None or (
        selects(who.chambers, admitted.what.chamber)
        and _is_among(who.sizes, history.described("size", on=on))
        and _is_among(who.countries, history.described("country", on=on))
        and _held(who.years_of_membership, admitted.about_on, on)
    )


def _is_among(asked: str | tuple[str, ...], known: str | None) -> bool:
    return asked == EVERYONE or known in asked


def _held(tenure: Tenure | None, joined: date, on: date) -> bool:
    if tenure is None:
        return True
    years = on.year - joined.year - ((on.month, on.day) < (joined.month, joined.day))
    return years >= tenure.from_ and (tenure.below is None or years < tenure.below)
