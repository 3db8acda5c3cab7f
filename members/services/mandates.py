"""Who acts for a member, and who audits it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events
from members.models import Affiliation, Assignment, Mandate, Member, Organisation
from members.rules import Post


class ConflictOfInterest(ValueError):
    """The user cannot hold both posts: nobody audits a member that they act for."""


@transaction.atomic
def register_organisation(
    *, name: str, sort: str, country: str, by: User, on: date, identifier: str = ""
) -> Organisation:
    """Add an organisation to the register.

    :raises PermissionDenied: ``by`` may not manage members.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    organisation = Organisation.objects.create(
        name=name, sort=sort, country=country, identifier=identifier
    )
    ledger.record(events.OrganisationRegistered(), subject=organisation, actor=by, on=on)
    return organisation


@transaction.atomic
def affiliate(*, user: User, organisation: Organisation, by: User, on: date) -> Affiliation:
    """Make a user belong to an organisation; twice changes nothing.

    :raises PermissionDenied: ``by`` may not manage members.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    affiliation, created = Affiliation.objects.get_or_create(user=user, organisation=organisation)
    if created:
        event = events.UserAffiliated(user_id=user.pk)
        ledger.record(event, subject=organisation, actor=by, on=on)
    return affiliation


@transaction.atomic
def give_mandate(
    *, member: Member, user: User, post: Post, capacity: str, by: User, on: date
) -> Mandate:
    """Let ``user`` act for ``member`` from ``on``; a mandate already in force stays.

    A signatory may hold several, each in a capacity of its own.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises ConflictOfInterest: the user audits the member.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    if member.assignments.in_force(on).filter(user=user).exists():
        raise ConflictOfInterest(f"{user} audits {member.code} and cannot act for it")
    of_its_own = {"capacity__iexact": capacity} if post is Post.SIGNATORY else {}
    mandate, created = Mandate.objects.get_or_create(
        member=member,
        user=user,
        post=post.value,
        until_on=None,
        **of_its_own,
        defaults={"capacity": capacity, "from_on": on},
    )
    if created:
        event = events.MandateGiven(member=member.code, post=post.value, user_id=user.pk)
        ledger.record(event, subject=mandate, actor=by, on=on)
    return mandate


@transaction.atomic
def end_mandate(*, mandate_id: int, by: User, on: date) -> Mandate:
    """End a mandate on ``on``, the first day without it.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises Mandate.DoesNotExist: there is none in force of that number.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    mandates = Mandate.objects.visible_to(by).select_for_update(of=("self",))
    mandate = mandates.get(pk=mandate_id, until_on=None)
    mandate.until_on = on
    mandate.save(update_fields=["until_on"])
    event = events.MandateEnded(
        member=mandate.member.code, post=mandate.post, user_id=mandate.user_id
    )
    ledger.record(event, subject=mandate, actor=by, on=on)
    return mandate


@transaction.atomic
def assign_auditor(*, member: Member, user: User, by: User, on: date) -> Assignment:
    """Let an auditor check ``member`` from ``on``; twice changes nothing.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises ConflictOfInterest: the user acts for the member.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    if member.mandates.in_force(on).filter(user=user).exists():
        raise ConflictOfInterest(f"{user} acts for {member.code} and cannot audit it")
    assignment, created = Assignment.objects.get_or_create(
        member=member, user=user, until_on=None, defaults={"from_on": on}
    )
    if created:
        event = events.AuditorAssigned(member=member.code, user_id=user.pk)
        ledger.record(event, subject=assignment, actor=by, on=on)
    return assignment


@transaction.atomic
def end_assignment(*, assignment_id: int, by: User, on: date) -> Assignment:
    """End an auditor's assignment on ``on``, the first day without it.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises Assignment.DoesNotExist: there is none in force of that number.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    assignments = Assignment.objects.visible_to(by).select_for_update(of=("self",))
    assignment = assignments.get(pk=assignment_id, until_on=None)
    assignment.until_on = on
    assignment.save(update_fields=["until_on"])
    event = events.AssignmentEnded(member=assignment.member.code, user_id=assignment.user_id)
    ledger.record(event, subject=assignment, actor=by, on=on)
    return assignment
