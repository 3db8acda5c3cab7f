"""What the record holds of periods and of what gives more time: codes and days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from ledger.rules import Code, Digest, Event


class PeriodsOpened(Event):
    """The calendar of an adopted edition was laid out. ``withdrawn`` ones it no longer has."""

    code: ClassVar[str] = "targets.periods.opened"
    edition: Code
    periods: tuple[Code, ...]
    withdrawn: tuple[Code, ...] = ()


class ExtensionGranted(Event):
    """``period`` is a period's code or ``obligation:about``; ``kind`` is the edition's word."""

    code: ClassVar[str] = "targets.extension.granted"
    member: Code
    period: Code
    until_on: date
    kind: Code | None = None


class ExemptionGranted(Event):
    code: ClassVar[str] = "targets.exemption.granted"
    member: Code
    obligation: Code
    until_on: date


class FeesInvoiced(Event):
    code: ClassVar[str] = "targets.fees.invoiced"
    obligation: Code
    year: int
    count: int
    root: Digest


class PaymentRecorded(Event):
    code: ClassVar[str] = "targets.payment.recorded"
    member: Code
    invoice: Code
    amount: Decimal
    currency: Code
    paid_on: date
    settled: bool


class PeriodAnnounced(Event):
    code: ClassVar[str] = "targets.period.announced"
    period: Code
    opens_on: date | None = None
    due_on: date | None = None
    late_until: date | None = None
    evidence_until: date | None = None
    sanctions_on: date | None = None
    publication_on: date | None = None


class TargetProposed(Event):
    """A member proposed a target of its own; ``revises`` is the code of the one it replaces."""

    code: ClassVar[str] = "targets.target.proposed"
    member: Code
    target: Code
    rule: Code
    kpi: Code
    revises: Code | None = None
    because: Code | None = None


class TargetApproved(Event):
    code: ClassVar[str] = "targets.target.approved"
    member: Code
    target: Code
    rule: Code


class TargetRefused(Event):
    code: ClassVar[str] = "targets.target.refused"
    member: Code
    target: Code
    rule: Code


class TargetWithdrawn(Event):
    """The member took a proposal back before it was decided."""

    code: ClassVar[str] = "targets.target.withdrawn"
    member: Code
    target: Code
    rule: Code


class BaselineRecalculated(Event):
    """The baseline of a target of an edition was worked out anew, by the threshold of a clause."""

    code: ClassVar[str] = "targets.baseline.recalculated"
    edition: Code
    target: Code
    number: int
    because: Code
    before: Decimal
    value: Decimal
    above_percent: Decimal


class MoratoriumDeclared(Event):
    code: ClassVar[str] = "targets.moratorium.declared"
    obligation: Code
    until_on: date | None = None


class MoratoriumEnded(Event):
    code: ClassVar[str] = "targets.moratorium.ended"
    obligation: Code


class OutageRecorded(Event):
    code: ClassVar[str] = "targets.outage.recorded"
    outage: Code
    until_on: date


class DutyRecorded(Event):
    """Something about what a member owes once was recorded: the kind of fact, and its key."""

    code: ClassVar[str] = "targets.duty.recorded"
    member: Code
    fact: Code
    key: Code


class MemberDescribed(Event):
    """Size, country or fiscal year of a member was stated; which, the fact says."""

    code: ClassVar[str] = "targets.member.described"
    member: Code


class FeedOpened(Event):
    """Somebody opened a calendar feed of their own."""

    code: ClassVar[str] = "targets.feed.opened"
    feed_id: int


class FeedRevoked(Event):
    code: ClassVar[str] = "targets.feed.revoked"
    feed_id: int
