"""What becomes of a breach that was put to a member."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access
from members import services as members
from members.models import Span
from rulebooks.rules import facts
from rulebooks.rules.timeline.changes import Kind
from suspensions import events
from suspensions.access import locked_breach
from suspensions.models import Breach
from suspensions.rules.procedure import BreachAction, IllegalAction, next_breach_stage


@transaction.atomic
def contest(*, breach_id: int, text: str, by: User, on: date) -> Breach:
    """Say, for the member, which facts are wrong, while the time to correct them runs.

    :raises PermissionDenied: ``by`` does not act for the member.
    :raises IllegalAction: it is decided, the time has run out, it was contested, or ``text`` is
        empty.
    """
    breach = locked_breach(breach_id, by=by, on=on)
    access.require(by, Permission.BREACH_CONTEST, member=breach.member)
    next_breach_stage(breach.key, breach.state, BreachAction.CONTEST)
    if breach.contested_at:
        raise IllegalAction(f"{breach.key} was contested on {breach.contested_at.date()} already")
    if _clock(breach, on) != "running":
        raise IllegalAction(f"cannot contest {breach.key}: the time to correct facts has run out")
    breach.contest = _text(text, "say which facts are wrong")
    breach.contested_at, breach.contested_by = timezone.now(), by
    breach.save(update_fields=["contest", "contested_at", "contested_by"])
    event = events.BreachContested(member=breach.member.code, breach=breach.key)
    ledger.record(event, subject=breach, actor=by, on=on)
    return breach


@transaction.atomic
def confirm_breach(*, breach_id: int, reason: str, by: User, on: date) -> Breach:
    """Confirm a provisional breach, once the member has answered or its time has run out.

    :raises PermissionDenied: ``by`` may not confirm breaches.
    :raises IllegalAction: it is decided, its ground fell away, the member still has time, or no
        reason is given.
    """
    access.require(by, Permission.BREACH_CONFIRM)
    breach = locked_breach(breach_id, by=by, on=on)
    next_breach_stage(breach.key, breach.state, BreachAction.CONFIRM)
    if not breach.contested_at and _clock(breach, on) != "lapsed":
        raise IllegalAction(
            f"cannot confirm {breach.key} yet: {breach.member.code} may correct facts until"
            f" {breach.correct_until}"
        )
    return _decide(breach, Breach.Status.CONFIRMED, reason, by, on)


@transaction.atomic
def dismiss_breach(*, breach_id: int, reason: str, by: User, on: date) -> Breach:
    """Dismiss a breach: the member did not fall short, or its ground has fallen away.

    :raises PermissionDenied: ``by`` may not decide on breaches.
    :raises IllegalAction: it is decided, or no reason is given.
    """
    access.require(by, Permission.BREACH_CONFIRM)
    breach = locked_breach(breach_id, by=by, on=on)
    next_breach_stage(breach.key, breach.state, BreachAction.DISMISS)
    return _decide(breach, Breach.Status.DISMISSED, reason, by, on)


def _decide(breach: Breach, status: Breach.Status, reason: str, by: User, on: date) -> Breach:
    breach.status, breach.reason = status, _text(reason, "give the reason")
    breach.decided_at, breach.decided_by = timezone.now(), by
    breach.save(update_fields=["status", "reason", "decided_at", "decided_by"])
    confirmed = status == Breach.Status.CONFIRMED
    event = events.BreachConfirmed if confirmed else events.BreachDismissed
    what = facts.BreachConfirmed() if confirmed else facts.BreachDismissed()
    said = event(member=breach.member.code, breach=breach.key)
    entry = ledger.record(said, subject=breach, actor=by, on=on)
    members.state(what, member=breach.member, about_on=on, entry=entry, key=breach.key)
    members.letters.queue(
        f"breach-{status}",
        member=breach.member,
        key=f"{breach.member.code}:{breach.key}",
        on=on,
        context={
            "breach": breach,
            "rule": breach.edition.document.breach(breach.rule),
            "contact": settings.DEFAULT_FROM_EMAIL,
        },
    )
    return breach


def _clock(breach: Breach, on: date) -> str | None:
    """Return the state on a day of the clock to correct facts."""
    clocks = Span.objects.in_force(on).of(Kind.CLOCK).filter(member=breach.member)
    return clocks.filter(key=f"correction:{breach.key}").values_list("state", flat=True).first()


def _text(text: str, ask: str) -> str:
    if not text.strip():
        raise IllegalAction(f"nothing is written: {ask}")
    return text.strip()
