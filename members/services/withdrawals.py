"""Withdrawing from the initiative by notice."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
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
