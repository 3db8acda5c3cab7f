"""Recorded of members: how memberships begin, change, pass on and end; what is known."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.rules import Code, Event


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
