"""Who may vote on a body, by the corporate groups that they belong to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

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
    return voters(edition, body, on=on) if _limits_groups(edition) else ()


def voters(edition: Edition, body: str, *, on: date) -> tuple[Sitting, ...]:
    """Return who may vote on a body on a day, with their corporate groups where a rule limits them.

    Those who hold its seats. Where the edition leaves the number of a chamber's votes open and no
    seat of it is recorded, its members vote for themselves. An organisation in no group is one of
    its own.
    """
    seats = Seat.objects.in_force(on).filter(body__code=body).select_related("user")
    held = list(seats.order_by("pk"))
    stated = next((one for one in edition.bodies if one.code == body), None)
    leaves = [leaf for group in stated.groups for leaf in group.leaves()] if stated else []
    open_to = {leaf.chamber or leaf.code for leaf in leaves if leaf.seats is None}
    free = open_to - {seat.chamber for seat in held}
    if not _limits_groups(edition):
        return tuple(Sitting(seat.chamber) for seat in held) + _counted(free, on)
    groups = members.groups_of_users([seat.user for seat in held], on=on)
    return tuple(Sitting(seat.chamber, groups[seat.user_id]) for seat in held) + _members(free, on)


def _limits_groups(edition: Edition) -> bool:
    rules = [edition.decision_rule(rule.code) for rule in edition.decision_rules]
    return any(rule.caps.per_corporate_group is not None for rule in rules)


def _counted(chambers: Collection[str], on: date) -> tuple[Sitting, ...]:
    """Return the members of these chambers on a day; they are counted, in a query a chamber."""
    return tuple(
        sitting
        for chamber in sorted(chambers)
        for sitting in (Sitting(chamber, is_member=True),) * _there([chamber], on).count()
    )


def _members(chambers: Collection[str], on: date) -> tuple[Sitting, ...]:
    """Return the members of these chambers on a day, each with its group, in four queries."""
    if not chambers:
        return ()
    ids = list(_there(chambers, on).order_by("pk").values_list("pk", flat=True))
    places, groups = members.places_on(ids, on=on), members.groups_of_members(ids, on=on)
    return tuple(Sitting(places[pk].chamber, frozenset([groups[pk]]), is_member=True) for pk in ids)


def _there(chambers: Collection[str], on: date) -> QuerySet[Member]:
    gone = Span.objects.in_force(on).of(Kind.STANDING).filter(state=Standing.LEFT)
    there = Member.objects.placed(Kind.CHAMBER, sorted(chambers), on=on)
    return there.filter(admitted_on__lte=on).exclude(pk__in=gone.values("member"))
