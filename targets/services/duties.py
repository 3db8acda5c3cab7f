"""What is recorded of a member's duties: exemptions, certificates, deeds, fees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access
from members import services as members
from members.models import Fact, Member, Span
from rulebooks.rules import facts
from rulebooks.rules.timeline.changes import Kind
from targets import events
from targets.models import Exemption
from targets.rules import RECORDS, say_day


class CannotRecord(ValueError):
    """The member owes nothing of the sort, it was recorded already, or a day is out of order."""


@transaction.atomic
def grant_exemption(
    *,
    member: Member,
    obligation: str,
    until_on: date,
    approver: str,
    clause: str,
    reason: str,
    by: User,
    on: date,
) -> Exemption:
    """Exempt ``member`` from what falls due under an obligation from ``on`` to ``until_on``.

    :raises PermissionDenied: ``by`` may not.
    :raises CannotRecord: saying why.
    """
    access.require(by, Permission.EXEMPTION_GRANT)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    _require_owed(member, obligation)
    if until_on < on:
        raise CannotRecord(f"it ends on {say_day(on)} or later, not on {say_day(until_on)}")
    if not (approver.strip() and clause.strip() and reason.strip()):
        raise CannotRecord("an exemption names who approved it, by which clause, and why")
    granted = Exemption.objects.create(
        member=member,
        key=obligation,
        from_on=on,
        until_on=until_on,
        approver=approver.strip(),
        clause=clause.strip(),
        reason=reason.strip(),
        granted_at=timezone.now(),
        granted_by=by,
    )
    event = events.ExemptionGranted(member=member.code, obligation=obligation, until_on=until_on)
    entry = ledger.record(event, subject=granted, actor=by, on=on)
    what = facts.ExemptionGranted(until_on, granted.approver, granted.clause)
    members.state(what, member=member, about_on=on, entry=entry, key=obligation)
    return granted


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded: a word of ``RECORDS``, the key of its fact, and a day some of them have."""

    word: str
    key: str
    obligation: str = ""
    day: date | None = None


@transaction.atomic
def record_duty(*, member: Member, record: Record, about_on: date, by: User, on: date) -> Fact:
    """Record that a member did what it owed once, or what happened to it, on ``about_on``.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises CannotRecord: unknown, recorded already, or about a day ahead.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    if record.word not in RECORDS:
        raise CannotRecord(f"{record.word!r} is not recorded; allowed: {', '.join(RECORDS)}")
    if about_on > on:
        raise CannotRecord(f"{say_day(about_on)} lies ahead; record it once it has happened")
    if not record.key.strip():
        raise CannotRecord("say what it is about")
    what = RECORDS[record.word].fact(record.obligation, record.day)
    same = member.facts.filter(kind=what.kind, key=record.key, about_on=about_on, corrected_by=None)
    if same.exists():
        raise CannotRecord(f"that was recorded already for {say_day(about_on)}")
    event = events.DutyRecorded(member=member.code, fact=what.kind, key=record.key)
    entry = ledger.record(event, subject=member, actor=by, on=on)
    return members.state(what, member=member, about_on=about_on, entry=entry, key=record.key)


def _require_owed(member: Member, obligation: str) -> None:
    code = obligation.partition(":")[0]
    spans = Span.objects.of(Kind.OBLIGATION).filter(member=member)
    if not spans.filter(key__startswith=f"{code}:").exists():
        raise CannotRecord(f"{member} has no obligation called {code!r}")
