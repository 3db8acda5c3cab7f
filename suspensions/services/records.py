"""What people found or judged about a member, and that a failure was made good."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.rules import Event
from members import access
from members import services as members
from members.models import Member
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts
from suspensions import events, selectors
from suspensions.access import locked_breach, locked_case, require_last
from suspensions.models import Breach, Case, Paper, Reason
from suspensions.rules import records
from suspensions.rules.procedure import (
    RUNNING,
    BreachAction,
    IllegalAction,
    next_breach_stage,
)
from suspensions.services import papers


@transaction.atomic
def record_judgement(
    *,
    member: Member,
    judgement: str,
    about: str,
    outcome: str,
    reasons: str,
    by: User,
    on: date,
    due_on: date | None = None,
) -> Reason:
    """Record how a matter was judged, and why. ``due_on`` is when what was missed had been due.

    :raises PermissionDenied: ``by`` may not confirm breaches.
    :raises IllegalAction: the edition in force on ``on`` names no such matter or outcome, it was
        judged on a later day already, or no reason is given.
    """
    access.require(by, Permission.BREACH_CONFIRM)
    records.require_matter(rulebooks.edition_in_force(on).document, judgement, outcome)
    records.require_code(about, "what the judgement is about")
    records.require_past(due_on, on)
    member, key = _locked(member, by), f"{judgement}:{about}"
    require_last(member, key, on)
    event = events.JudgementRecorded(member=member.code, judgement=key)
    what = facts.JudgementRecorded(outcome=outcome, due_on=due_on)
    return _stated(member, event, what, key, reasons, by, on)


@transaction.atomic
def record_finding(
    *, member: Member, code: str, severity: str, reasons: str, by: User, on: date
) -> Reason:
    """Record a finding about a member, and what was found.

    :raises PermissionDenied: ``by`` may not confirm breaches.
    :raises IllegalAction: the edition in force on ``on`` names no such severity, the code names
        another finding already, or nothing is written.
    """
    access.require(by, Permission.BREACH_CONFIRM)
    records.require_severity(rulebooks.edition_in_force(on).document, severity)
    records.require_code(code, "a finding")
    member = _locked(member, by)
    if selectors.recorded(member).filter(kind=facts.FindingRecorded.kind, key=code).exists():
        raise IllegalAction(f"finding {code} of {member.code} is recorded already")
    event = events.FindingRecorded(member=member.code, finding=code)
    what = facts.FindingRecorded(severity=severity)
    return _stated(member, event, what, code, reasons, by, on)


@transaction.atomic
def close_finding(*, member: Member, code: str, reasons: str, by: User, on: date) -> Reason:
    """Record that a finding about a member was closed on ``on``, and what shows it.

    :raises PermissionDenied: ``by`` may not confirm breaches.
    :raises IllegalAction: there is no such finding, it is closed, it was found later, or nothing
        is written.
    """
    access.require(by, Permission.BREACH_CONFIRM)
    member = _locked(member, by)
    found = selectors.recorded(member).filter(key=code)
    if not found.filter(kind=facts.FindingRecorded.kind, about_on__lte=on).exists():
        open_now = ", ".join(f.key for f in selectors.open_findings(member)) or "none"
        raise IllegalAction(
            f"there is no finding {code} of {member.code} on {on}; open are: {open_now}"
        )
    if found.filter(kind=facts.FindingClosed.kind).exists():
        raise IllegalAction(f"finding {code} of {member.code} is closed already")
    event = events.FindingClosed(member=member.code, finding=code)
    return _stated(member, event, facts.FindingClosed(), code, reasons, by, on)


def _locked(member: Member, by: User) -> Member:
    return Member.objects.visible_to(by).select_for_update().get(pk=member.pk)


def _stated(
    member: Member, event: Event, what: facts.What, key: str, reasons: str, by: User, on: date
) -> Reason:
    if not reasons.strip():
        raise IllegalAction("nothing is written: give the reasons, the member reads them")
    entry = ledger.record(event, subject=member, actor=by, on=on)
    return Reason.objects.create(
        member=member,
        fact=members.state(what, member=member, about_on=on, entry=entry, key=key),
        text=reasons.strip(),
        written_at=timezone.now(),
        written_by=by,
    )


@transaction.atomic
def record_cure(*, breach_id: int, reason: str, by: User, on: date) -> Breach:
    """Record that a confirmed failure was made good on ``on``, and what shows it.

    Where the step says that this ends it, the case is closed and the measure with it.

    :raises PermissionDenied: ``by`` may not confirm breaches.
    :raises IllegalAction: the breach is not confirmed, or no reason is given.
    """
    access.require(by, Permission.BREACH_CONFIRM)
    breach = locked_breach(breach_id, by=by, on=on)
    next_breach_stage(breach.key, breach.state, BreachAction.CURE)
    if not reason.strip():
        raise IllegalAction("nothing is written: say what shows that it was made good")
    breach.cure = reason.strip()
    breach.save(update_fields=["cure"])
    event = events.BreachCured(member=breach.member.code, breach=breach.key)
    entry = ledger.record(event, subject=breach, actor=by, on=on)
    what = facts.BreachCured()
    members.state(what, member=breach.member, about_on=on, entry=entry, key=breach.key)
    return breach


@transaction.atomic
def renew_commitment(*, case_id: int, text: str, by: User, on: date) -> Case:
    """Take the member's new commitment, as its reinstatement may ask.

    :raises PermissionDenied: ``by`` is neither a signatory nor an adviser of the member.
    :raises IllegalAction: no measure holds, or nothing is written.
    """
    case = locked_case(case_id, by=by, on=on)
    access.require(by, Permission.CASE_APPEAL, member=case.member)
    if case.stage not in RUNNING:
        raise IllegalAction(f"no measure of {case.code} holds: there is nothing to come back from")
    papers.add(Paper.Sort.COMMITMENT, case=case, text=text, by=by, on=on)
    event = events.CommitmentRenewed(member=case.member.code, case=case.code)
    entry = ledger.record(event, subject=case, actor=by, on=on)
    what = facts.CommitmentRenewed()
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    return case
