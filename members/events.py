"""What the record holds of members: their numbers and codes, never names or texts."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.rules import Code, Digest, Event


class ApplicationFiled(Event):
    code: ClassVar[str] = "members.application.filed"
    edition: Code
    member_class: Code
    chamber: Code


class ApplicationRefused(Event):
    code: ClassVar[str] = "members.application.refused"
    criterion: Code | None = None
    decision: int | None = None


class ApplicationBegun(Event):
    code: ClassVar[str] = "members.application.begun"
    member_class: Code
    chamber: Code


class ApplicationLinkAsked(Event):
    code: ClassVar[str] = "members.application.link_asked"


class ApplicationWithdrawn(Event):
    code: ClassVar[str] = "members.application.withdrawn"


class ApplicantMatched(Event):
    code: ClassVar[str] = "members.application.matched"
    organisation_id: int


class TieDeclared(Event):
    code: ClassVar[str] = "members.application.tie_declared"
    has_tie: bool


class ApplicationChecked(Event):
    code: ClassVar[str] = "members.application.checked"
    item: Code
    result: Code


class ApplicationCommented(Event):
    code: ClassVar[str] = "members.application.commented"
    member: Code
    criterion: Code
    competitor: bool


class CommentPut(Event):
    code: ClassVar[str] = "members.comment.put"
    objection_id: int


class CommentAnswered(Event):
    code: ClassVar[str] = "members.comment.answered"
    objection_id: int


class RefusalAppealed(Event):
    code: ClassVar[str] = "members.refusal.appealed"


class RefusalUpheld(Event):
    code: ClassVar[str] = "members.refusal.upheld"
    decision: int


class ConditionSettled(Event):
    code: ClassVar[str] = "members.condition.settled"
    member: Code
    condition: Code
    outcome: Code


class MemberAdmitted(Event):
    code: ClassVar[str] = "members.member.admitted"
    member: Code
    member_class: Code
    chamber: Code
    decision: int | None = None
    conditions: tuple[Code, ...] | None = None


class MemberLeft(Event):
    code: ClassVar[str] = "members.member.left"
    member: Code


class ClassChanged(Event):
    code: ClassVar[str] = "members.class.changed"
    member: Code
    member_class: Code
    chamber: Code
    from_on: date
    decision: int | None = None


class ClassChangeAsked(Event):
    code: ClassVar[str] = "members.class_change.asked"
    member: Code
    member_class: Code
    chamber: Code
    from_on: date


class ClassChangeDeclined(Event):
    code: ClassVar[str] = "members.class_change.declined"
    member: Code


class MemberRenamed(Event):
    code: ClassVar[str] = "members.member.renamed"
    member: Code
    name_id: int


class MembersMerged(Event):
    code: ClassVar[str] = "members.members.merged"
    member: Code
    into: Code
    from_on: date
    obligations: Code
    cases: Code
    signatures: Code
    history: bool
    decision: int | None = None


class MemberSplit(Event):
    code: ClassVar[str] = "members.member.split"
    member: Code
    off: Code


class MembershipTransferred(Event):
    code: ClassVar[str] = "members.membership.transferred"
    member: Code
    before: int
    after: int


class WithdrawalNotified(Event):
    code: ClassVar[str] = "members.withdrawal.notified"
    member: Code
    last_on: date


class WithdrawalRevoked(Event):
    code: ClassVar[str] = "members.withdrawal.revoked"
    member: Code


class WithdrawalEnded(Event):
    """The last day after a notice is over: the membership has ended by itself."""

    code: ClassVar[str] = "members.withdrawal.ended"
    member: Code
    last_on: date
    fact_id: int


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


class RequirementsSigned(Event):
    """One act may sign several requirements: parallel tuples of codes and hashes.

    ``texts`` are the hashes of the texts alone, ``signed`` those of all that was signed with each.
    ``reserved`` names those signed with a reservation, ``document`` what proved the mandate.
    ``language`` is that of all; where they were read in several, ``languages`` has that of each.
    """

    code: ClassVar[str] = "members.requirements.signed"
    member: Code
    edition: Code
    mandate_id: int
    requirements: tuple[Code, ...]
    texts: tuple[Digest, ...]
    signed: tuple[Digest, ...] = ()
    deed: Digest | None = None
    language: Code | None = None
    languages: tuple[Code, ...] = ()
    reserved: tuple[Code, ...] = ()
    document: Digest | None = None


class RequirementsDeclined(Event):
    code: ClassVar[str] = "members.requirements.declined"
    member: Code
    edition: Code
    mandate_id: int
    requirements: tuple[Code, ...]
    texts: tuple[Digest, ...]


class SigningReminded(Event):
    """Reminders of signatures that are due, and the root over their keys."""

    code: ClassVar[str] = "members.signing.reminded"
    count: int
    root: Digest


class LettersReleased(Event):
    code: ClassVar[str] = "members.letters.released"
    count: int


class LettersDiscarded(Event):
    code: ClassVar[str] = "members.letters.discarded"
    count: int


class LetterModeSet(Event):
    code: ClassVar[str] = "members.letter_mode.set"
    template: Code
    mode: Code


class FactCorrected(Event):
    code: ClassVar[str] = "members.fact.corrected"
    fact_id: int


class CycleCancelled(Event):
    code: ClassVar[str] = "members.cycle.cancelled"
    period: Code


class EditionNotified(Event):
    code: ClassVar[str] = "members.edition.notified"
    edition: Code
    served_on: date


class OrganisationRegistered(Event):
    code: ClassVar[str] = "members.organisation.registered"


class UserAffiliated(Event):
    code: ClassVar[str] = "members.user.affiliated"
    user_id: int
