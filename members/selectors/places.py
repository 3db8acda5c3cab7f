"""Where a member may belong from a day on."""

from __future__ import annotations

from datetime import date

from members.models import Member
from members.selectors.timelines import history as history_of
from rulebooks import selectors as rulebooks


class NoSuchPlace(ValueError):
    """The member cannot belong there from that day on; saying why, and what is allowed."""


def require_place(
    member: Member, member_class: str, chamber: str, *, from_on: date, on: date
) -> None:
    """Refuse a class or chamber that a member cannot come into on a day.

    :raises NoSuchPlace: the day lies behind, it is no member then, it belongs there already, or
        the edition of that day has no such class, or does not open it to that chamber.
    """
    if from_on < on:
        raise NoSuchPlace(
            f"{from_on} has passed: a class changes from {on} or a later day. "
            "What was recorded wrongly is corrected instead"
        )
    history = history_of(member)
    if history.spell_on(from_on) is None:
        raise NoSuchPlace(f"{member.code} is no member on {from_on}")
    edition = rulebooks.edition_in_force(from_on).document
    classes = {made.code: made for made in edition.classes}
    if member_class not in classes:
        raise NoSuchPlace(f"there is no class {member_class}; choose one of {', '.join(classes)}")
    open_to = classes[member_class].chambers
    if chamber not in open_to:
        allowed, said = ", ".join(open_to), chamber or "no chamber"
        raise NoSuchPlace(f"class {member_class} is open to {allowed}, not to {said}")
    place = history.place_on(from_on)
    if (place.member_class, place.chamber) == (member_class, chamber):
        raise NoSuchPlace(
            f"{member.code} belongs to {member_class}, {chamber} on {from_on} already"
        )
