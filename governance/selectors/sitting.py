"""Who may vote on a body, by the corporate groups that they belong to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from accounts.models import User
from governance.models import Seat
from governance.rules.groups import Sitting
from members import selectors as members
from members.models import Member, Span
from members.rules import Standing
from rulebooks.rules.edition import Edition
from rulebooks.rules.timeline.changes import Kind


def seated(user: User, *, on: date) -> frozenset[str]:
    """Return the bodies on which somebody sits on a day, by code."""
    held = Seat.objects.in_force(on).filter(user=user)
    return frozenset(held.values_list("body__code", flat=True))


def sitting(edition: Edition, body: str, *, on: date) -> tuple[Sitting, ...]:
    """Return who may vote on a body on a day, where a rule of the edition limits corporate groups.

    Nobody is looked up where none does.
    """
    rules = [edition.decision_rule(rule.code) for rule in edition.decision_rules]
    if all(rule.caps.per_corporate_group is None for rule in rules):
        return ()
    return voters(edition, body, on=on)


def voters(edition: Edition, body: str, *, on: date) -> tuple[Sitting, ...]:
    """Return who may vote on a body on a day, with their corporate groups.

    Those who hold its seats. Where the edition leaves the number of a chamber's votes open and no
    seat of it is recorded, its members vote for themselves. An organisation in no group is one of
    its own.
    """
    seats = Seat.objects.in_force(on).filter(body__code=body).select_related("user")
    held = list(seats.order_by("pk"))
    groups = members.groups_of_users([seat.user for seat in held], on=on)
    seated = tuple(Sitting(seat.chamber, groups[seat.user_id]) for seat in held)
    stated = next((one for one in edition.bodies if one.code == body), None)
    leaves = [leaf for group in stated.groups for leaf in group.leaves()] if stated else []
    open_to = {leaf.chamber or leaf.code for leaf in leaves if leaf.seats is None}
    return seated + _members(open_to - {seat.chamber for seat in held}, on)


def _members(chambers: Collection[str], on: date) -> tuple[Sitting, ...]:
    """Return the members of these chambers on a day, each with its group, in four queries."""
    if not chambers:
        return ()
    gone = Span.objects.in_force(on).of(Kind.STANDING).filter(state=Standing.LEFT)
    there = Member.objects.placed(Kind.CHAMBER, sorted(chambers), on=on)
    begun = there.filter(admitted_on__lte=on).exclude(pk__in=gone.values("member"))
    ids = list(begun.order_by("pk").values_list("pk", flat=True))
    places, groups = members.places_on(ids, on=on), members.groups_of_members(ids, on=on)
    return tuple(Sitting(places[pk].chamber, frozenset([groups[pk]]), is_member=True) for pk in ids)
