"""The people whom a member names for a purpose, and handing over from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.models import Entry
from members import access, events, selectors
from members.models import Affiliation, Contact, Member, Organisation
from members.rules import Post
from members.services import mandates


class NoSuchRole(ValueError):
    """The edition names no such role for the member's class."""


class NeedsSuccessor(ValueError):
    """Without somebody in their place nobody could be written to, or nobody would act."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who a contact is. ``user`` is their account, if they have one."""

    name: str
    email: str
    phone: str = ""
    user: User | None = None


@transaction.atomic
def name_contact(*, member: Member, role: str, person: Person, by: User, on: date) -> Contact:
    """Name a person as a contact in a role from ``on``; the same person twice stays one.

    :raises PermissionDenied: ``by`` may not manage the member's contacts.
    :raises NoSuchRole: the edition names no such role for the member's class.
    """
    access.require(by, Permission.CONTACT_MANAGE, member=member)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    roles = {role.code for role in selectors.contact_roles(member, on=on)}
    if role not in roles:
        allowed = ", ".join(sorted(roles)) or "none is defined"
        raise NoSuchRole(f"{role!r} is no role of contacts of {member.code}; allowed: {allowed}")
    held = member.contacts.in_force(on).filter(role=role, email__iexact=person.email).first()
    if held is not None:
        return held
    return _named(member, role, person, by, on)


def _named(member: Member, role: str, person: Person, by: User, on: date) -> Contact:
    contact = Contact.objects.create(
        member=member,
        role=role,
        name=person.name,
        email=person.email,
        phone=person.phone,
        user=person.user,
        from_on=on,
    )
    event = events.ContactNamed(member=member.code, role=role, contact_id=contact.pk)
    ledger.record(event, subject=contact, actor=by, on=on)
    return contact


@transaction.atomic
def correct_contact(*, contact_id: int, person: Person, by: User, on: date) -> Contact:
    """Correct name, address or number of a contact; a new address is taken to be reachable.

    :raises PermissionDenied: ``by`` may not manage the member's contacts.
    :raises Contact.DoesNotExist: none of that number is in force.
    """
    contact = _contact(contact_id, by, on)
    access.require(by, Permission.CONTACT_MANAGE, member=contact.member)
    if contact.email != person.email:
        contact.unreachable_on = None
    contact.name, contact.email, contact.phone = person.name, person.email, person.phone
    contact.user = person.user
    contact.save(update_fields=["name", "email", "phone", "user", "unreachable_on"])
    event = events.ContactCorrected(member=contact.member.code, contact_id=contact.pk)
    ledger.record(event, subject=contact, actor=by, on=on)
    return contact


@transaction.atomic
def hand_over(*, contact_id: int, person: Person, by: User, on: date) -> Contact:
    """Put another person in a contact's place from ``on``, and return the new contact.

    Whoever holds the role already, by the e-mail, goes on holding it once.

    :raises PermissionDenied: ``by`` may not manage the member's contacts.
    :raises Contact.DoesNotExist: none of that number is in force.
    """
    contact = _contact(contact_id, by, on)
    access.require(by, Permission.CONTACT_MANAGE, member=contact.member)
    there = contact.member.contacts.in_force(on).filter(role=contact.role)
    held = there.filter(email__iexact=person.email).order_by("pk").first()
    if held == contact:
        return contact
    _end(contact, by, on)
    return held or _named(contact.member, contact.role, person, by, on)


@transaction.atomic
def end_contact(*, contact_id: int, by: User, on: date) -> Contact:
    """End a contact on ``on``, the first day without it.

    :raises PermissionDenied: ``by`` may not manage the member's contacts.
    :raises Contact.DoesNotExist: none of that number is in force.
    :raises NeedsSuccessor: it is the last reachable one in a role that the edition requires.
    """
    contact = _contact(contact_id, by, on)
    access.require(by, Permission.CONTACT_MANAGE, member=contact.member)
    required = {r.code for r in selectors.contact_roles(contact.member, on=on) if r.required}
    others = contact.member.contacts.in_force(on).reachable().filter(role=contact.role)
    if contact.role in required and not others.exclude(pk=contact.pk).exists():
        raise NeedsSuccessor("nobody else is named in this role; hand over to a successor")
    return _end(contact, by, on)


def _end(contact: Contact, by: User, on: date) -> Contact:
    contact.until_on = on
    contact.save(update_fields=["until_on"])
    event = events.ContactEnded(member=contact.member.code, contact_id=contact.pk)
    ledger.record(event, subject=contact, actor=by, on=on)
    return contact


@transaction.atomic
def mark_unreachable(*, contact_id: int, by: User, on: date) -> Contact:
    """Record that a letter did not reach a contact on ``on``; twice keeps the first day.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises Contact.DoesNotExist: none of that number is in force.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    contact = _contact(contact_id, by, on)
    if contact.unreachable_on is None:
        contact.unreachable_on = on
        contact.save(update_fields=["unreachable_on"])
        event = events.ContactUnreachable(member=contact.member.code, contact_id=contact.pk)
        ledger.record(event, subject=contact, actor=by, on=on)
    return contact


@transaction.atomic
def erase_contact(*, contact_id: int, by: User, on: date) -> Contact:
    """Erase what is known of the person; that there was a contact, and when, stays.

    :raises PermissionDenied: ``by`` may not manage the member's contacts.
    :raises Contact.DoesNotExist: there is none of that number.
    :raises NeedsSuccessor: the contact is in force; it ends, or is handed over, first.
    """
    contacts = Contact.objects.visible_to(by).select_for_update(of=("self",))
    contact = contacts.select_related("member").get(pk=contact_id)
    access.require(by, Permission.CONTACT_MANAGE, member=contact.member)
    if contact.until_on is None or contact.until_on > on:
        raise NeedsSuccessor("the contact is in force; end it or hand over first")
    if contact.erased_at is None:
        contact.name = contact.email = contact.phone = ""
        contact.user, contact.erased_at = None, timezone.now()
        contact.save(update_fields=["name", "email", "phone", "user", "erased_at"])
        event = events.ContactErased(member=contact.member.code, contact_id=contact.pk)
        ledger.record(event, subject=contact, actor=by, on=on)
    return contact


def _contact(contact_id: int, by: User, on: date) -> Contact:
    contacts = Contact.objects.visible_to(by).in_force(on).select_for_update(of=("self",))
    return contacts.select_related("member__organisation").get(pk=contact_id)


@transaction.atomic
def end_affiliation(
    *, user: User, organisation: Organisation, successor: User | None, by: User, on: date
) -> Entry:
    """Let a user no longer belong to an organisation; what they held there goes to a successor.

    Their mandates and contacts for its member end on ``on`` and begin anew with the successor.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises Affiliation.DoesNotExist: the user does not belong to the organisation.
    :raises NeedsSuccessor: something would be left to nobody, and no successor is named.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    affiliation = Affiliation.objects.select_for_update().get(user=user, organisation=organisation)
    held = selectors.held_by(user, organisation, on=on)
    if held and successor is None:
        raise NeedsSuccessor(f"{user.name} holds {len(held)} posts and roles; name a successor")
    if successor == user:
        raise NeedsSuccessor("a successor is somebody else")
    if held:
        mandates.affiliate(user=successor, organisation=organisation, by=by, on=on)
    for mandate in held.mandates:
        mandates.end_mandate(mandate_id=mandate.pk, by=by, on=on)
        mandates.give_mandate(
            member=mandate.member,
            user=successor,
            post=Post(mandate.post),
            capacity=mandate.capacity,
            by=by,
            on=on,
        )
    for contact in held.contacts:
        person = Person(successor.name, successor.email, user=successor)
        hand_over(contact_id=contact.pk, person=person, by=by, on=on)
    affiliation.delete()
    event = events.AffiliationEnded(user_id=user.pk)
    return ledger.record(event, subject=organisation, actor=by, on=on)
