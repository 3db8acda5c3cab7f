"""Who may vote on a body, by the corporate groups that they belong to."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from governance.models import Seat
from governance.rules.groups import Sitting
from members import selectors as members
from rulebooks.rules.edition import Edition


def seated(user: User, *, on: date) -> frozenset[str]:
    """Return the bodies on which somebody sits on a day, by code."""
    held = Seat.objects.in_force(on).filter(user=user)
    return frozenset(held.values_list("body__code", flat=True))


def sitting(edition: Edition, body: str, *, on: date) -> tuple[Sitting, ...]:
    """Return who sits on a body on a day, where a rule of the edition limits corporate groups.

    An organisation in no group is one of its own.
    """
    if all(rule.caps.per_corporate_group is None for rule in edition.decision_rules):
        return ()
    seats = Seat.objects.in_force(on).filter(body__code=body).select_related("user")
    held = list(seats.order_by("pk"))
    groups = members.groups_of_users([seat.user for seat in held], on=on)
    return tuple(Sitting(seat.chamber, groups[seat.user_id]) for seat in held)
