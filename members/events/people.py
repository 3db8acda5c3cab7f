"""Recorded of organisations and members: their contacts, groups, sectors, who acts for them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.rules import Code, Digest, Event


class ContactNamed(Event):
    code: ClassVar[str] = "members.contact.named"
    member: Code
    role: Code
    contact_id: int


class ContactCorrected(Event):
    code: ClassVar[str] = "members.contact.corrected"
    member: Code
    contact_id: int


class ContactEnded(Event):
    code: ClassVar[str] = "members.contact.ended"
    member: Code
    contact_id: int


class ContactUnreachable(Event):
    code: ClassVar[str] = "members.contact.unreachable"
    member: Code
    contact_id: int


class ContactErased(Event):
    code: ClassVar[str] = "members.contact.erased"
    member: Code
    contact_id: int


class SectorsSet(Event):
    """From this day an organisation works in these sectors of the edition, and in no other."""

    code: ClassVar[str] = "members.sectors.set"
    sectors: tuple[Code, ...]


class GroupJoined(Event):
    code: ClassVar[str] = "members.group.joined"
    group_id: int
    from_on: date


class GroupLeft(Event):
    code: ClassVar[str] = "members.group.left"
    group_id: int
    until_on: date


class AffiliationEnded(Event):
    code: ClassVar[str] = "members.affiliation.ended"
    user_id: int


class MandateGiven(Event):
    code: ClassVar[str] = "members.mandate.given"
    member: Code
    post: Code
    user_id: int


class MandateEnded(Event):
    code: ClassVar[str] = "members.mandate.ended"
    member: Code
    post: Code
    user_id: int


class AuditorAssigned(Event):
    code: ClassVar[str] = "members.auditor.assigned"
    member: Code
    user_id: int


class AssignmentEnded(Event):
    code: ClassVar[str] = "members.assignment.ended"
    member: Code
    user_id: int


class MandateDocumentLodged(Event):
    code: ClassVar[str] = "members.mandate_document.lodged"
    member: Code
    mandate_id: int
    sha256: Digest


class OrganisationRegistered(Event):
    code: ClassVar[str] = "members.organisation.registered"


class UserAffiliated(Event):
    code: ClassVar[str] = "members.user.affiliated"
    user_id: int
