"""Which organisations belong to one corporate group, since when, and how that is known."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events
from members.models import CorporateGroup, GroupMembership, Organisation


class InAnotherGroup(ValueError):
    """An organisation belongs to one group at a time."""


@transaction.atomic
def join_group(
    *, organisation: Organisation, group: str, source: str, from_on: date, by: User, on: date
) -> GroupMembership:
    """Record that an organisation belongs to the group called so; twice changes nothing.

    A group that is named for the first time is created.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises InAnotherGroup: it belongs to another group; that has to end first.
    :raises ValueError: no group or no source is named, or the day has not come.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    if not group.strip() or not source.strip():
        raise ValueError("name the group, and the source that says so")
    if from_on > on:
        raise ValueError(f"{from_on} has not come; record what holds by {on}")
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    row, _ = CorporateGroup.objects.get_or_create(name=group.strip())
    held = organisation.group_memberships.filter(until_on=None).select_related("group").first()
    if held is not None and held.group != row:
        since = f"{held.group.name} since {held.from_on}"
        raise InAnotherGroup(f"it belongs to {since}; end that first")
    if held is not None:
        return held
    made = GroupMembership.objects.create(
        organisation=organisation, group=row, from_on=from_on, source=source.strip()
    )
    event = events.GroupJoined(group_id=row.pk, from_on=from_on)
    ledger.record(event, subject=organisation, actor=by, on=on)
    return made


@transaction.atomic
def leave_group(*, membership_id: int, until_on: date, by: User, on: date) -> GroupMembership:
    """Record that an organisation belongs to a group no more; ``until_on`` is the first day so.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises GroupMembership.DoesNotExist: none of that number goes on.
    :raises ValueError: the day lies before it began, or has not come.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    rows = GroupMembership.objects.select_for_update(of=("self",)).select_related("organisation")
    held = rows.get(pk=membership_id, until_on=None)
    if not held.from_on <= until_on <= on:
        raise ValueError(f"the day lies from {held.from_on} to {on}")
    held.until_on = until_on
    held.save(update_fields=["until_on"])
    event = events.GroupLeft(group_id=held.group_id, until_on=until_on)
    ledger.record(event, subject=held.organisation, actor=by, on=on)
    return held
