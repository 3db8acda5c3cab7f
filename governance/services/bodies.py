"""Bodies, and who sits on them."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from governance import events, rules, selectors
from governance.models import Body, Seat
from ledger import services as ledger


@transaction.atomic
def create_body(*, code: str, name: str, by: User, on: date) -> Body:
    """Create a body; ``code`` is the one that editions name. Twice changes nothing.

    :raises PermissionDenied: ``by`` may not manage bodies.
    """
    access.require(by, Permission.BODY_MANAGE)
    body, created = Body.objects.get_or_create(code=code, defaults={"name": name})
    if created:
        ledger.record(events.BodyCreated(body=code), subject=body, actor=by, on=on)
    return body


@transaction.atomic
def create_bodies(*, by: User, on: date) -> list[Body]:
    """Create the bodies of the edition of ``on`` that are not there yet, and return them.

    :raises PermissionDenied: ``by`` may not manage bodies.
    """
    access.require(by, Permission.BODY_MANAGE)
    return [
        create_body(code=body.code, name=body.name, by=by, on=on)
        for body in selectors.missing_bodies(on=on)
    ]


@transaction.atomic
def give_seat(*, body: Body, user: User, chamber: str, by: User, on: date) -> Seat:
    """Seat ``user`` on a body from ``on``, for a chamber if any; a seat already held stays.

    :raises PermissionDenied: ``by`` may not manage bodies.
    :raises rules.NoSeat: the edition gives the chamber no seat on it, all of them are held, or the
        corporate group of the user holds as many as it may.
    """
    access.require(by, Permission.BODY_MANAGE)
    Body.objects.select_for_update().get(pk=body.pk)
    if not Seat.objects.filter(body=body, user=user, until_on=None).exists():
        stated = selectors.stated_seats(body.code, on=on)
        held = Seat.objects.filter(body=body, chamber=chamber, until_on=None).count()
        rules.require_seat(body.code, chamber, stated=stated, held=held)
        for group, count, allowed in selectors.group_seats(body, user, on=on):
            rules.require_group_seat(body.code, group, allowed=allowed, held=count)
    seat, created = Seat.objects.get_or_create(
        body=body, user=user, until_on=None, defaults={"chamber": chamber, "from_on": on}
    )
    if created:
        event = events.SeatGiven(body=body.code, chamber=chamber or None, user_id=user.pk)
        ledger.record(event, subject=seat, actor=by, on=on)
    return seat


@transaction.atomic
def end_seat(*, seat_id: int, by: User, on: date) -> Seat:
    """End a seat on ``on``, the first day without it.

    :raises PermissionDenied: ``by`` may not manage bodies.
    :raises Seat.DoesNotExist: no seat of that number is held.
    """
    access.require(by, Permission.BODY_MANAGE)
    seats = Seat.objects.select_for_update(of=("self",)).select_related("body")
    seat = seats.get(pk=seat_id, until_on=None)
    seat.until_on = on
    seat.save(update_fields=["until_on"])
    event = events.SeatEnded(body=seat.body.code, user_id=seat.user_id)
    ledger.record(event, subject=seat, actor=by, on=on)
    return seat
