"""Changing a member's class or chamber from a day on."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events, selectors
from members.models import Fact, Member
from members.services.facts import state
from rulebooks.rules import facts


@transaction.atomic
def change_class(
    *, member: Member, member_class: str, chamber: str, from_on: date, by: User, on: date
) -> Fact:
    """Put a member into another class or chamber from ``from_on``.

    What it owes, signs and may do changes from that day; what began before stays as it began.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises selectors.NoSuchPlace: the day lies behind, or it cannot belong there from then on.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    selectors.require_place(member, member_class, chamber, from_on=from_on, on=on)
    event = events.ClassChanged(
        member=member.code, member_class=member_class, chamber=chamber, from_on=from_on
    )
    entry = ledger.record(event, subject=member, actor=by, on=on)
    what = facts.ClassChanged(member_class=member_class, chamber=chamber)
    return state(what, member=member, about_on=from_on, entry=entry)
