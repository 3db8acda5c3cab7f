"""Withdrawing from the initiative by notice."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.models import Entry
from members import access, events, selectors
from members.models import Fact, Member
from members.services.facts import state
from rulebooks.rules import facts


class NoNotice(ValueError):
    """There is no notice to give, or none to take back."""


@transaction.atomic
def give_notice(*, member: Member, by: User, on: date) -> Fact:
    """Give notice that a member withdraws; its last day follows from the edition's term.

    Open cases go on after it, and so do their clocks and letters.

    :raises PermissionDenied: ``by`` may not change the membership for the member.
    :raises NoNotice: it is no member, or notice was given already.
    """
    access.require(by, Permission.MEMBERSHIP_CHANGE, member=member)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    if selectors.notice_of(member, on=on) is not None:
        raise NoNotice(f"{member.code} has given notice already")
    if selectors.history(member).spell_on(on) is None:
        raise NoNotice(f"{member.code} is no member on {on}")
    last_on = selectors.last_day_after_notice(on)
    event = events.WithdrawalNotified(member=member.code, last_on=last_on)
    entry = ledger.record(event, subject=member, actor=by, on=on)
    return state(facts.WithdrawalNotified(last_on), member=member, about_on=on, entry=entry)


@transaction.atomic
def revoke_notice(*, member: Member, by: User, on: date) -> Fact:
    """Take back a notice before its last day is over; the member stays.

    :raises PermissionDenied: ``by`` may not change the membership for the member.
    :raises NoNotice: none was given, or its last day is over.
    """
    access.require(by, Permission.MEMBERSHIP_CHANGE, member=member)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    if selectors.notice_of(member, on=on) is None:
        raise NoNotice(f"{member.code} has no notice that could be taken back on {on}")
    entry = ledger.record(
        events.WithdrawalRevoked(member=member.code), subject=member, actor=by, on=on
    )
    return state(facts.WithdrawalRevoked(), member=member, about_on=on, entry=entry)


@transaction.atomic
def end_withdrawn(*, by: User, on: date) -> int:
    """Record each membership whose last day after a notice is over, once; return how many.

    It ended by the notice alone: what follows from that, as in the register, starts here.

    :raises PermissionDenied: ``by`` may not run the daily run.
    """
    access.require(by, Permission.ADVANCE_RUN)
    return sum(_end(fact_id, by=by, on=on) for fact_id in selectors.notices_over(on=on))


def _end(fact_id: int, *, by: User, on: date) -> bool:
    """Record one, unless another run has, or the notice does not hold after all."""
    notice = Fact.objects.select_related("member").get(pk=fact_id)
    member = Member.objects.select_for_update(of=("self",)).get(pk=notice.member_id)
    recorded = Entry.objects.filter(event=events.WithdrawalEnded.code, data__fact_id=fact_id)
    if recorded.exists():
        return False
    last_on = date.fromisoformat(notice.data["last_on"])
    event = events.WithdrawalEnded(member=member.code, last_on=last_on, fact_id=fact_id)
    ledger.record(event, subject=member, actor=by, on=last_on + timedelta(days=1))
    return True
