"""More time for one member."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access
from members import services as members
from members.models import Member
from rulebooks.rules import facts
from rulebooks.rules.terms import add_months
from targets import events, selectors
from targets.models import Extension, Period
from targets.rules import files_return, say_day

LONGEST_MONTHS = 12  # longer is no extension but another deadline


class CannotExtend(ValueError):
    """The deadline has passed, the new one is not later, or the member has an extension."""


@transaction.atomic
def grant_extension(
    *, member: Member, period: Period, until_on: date, reason: str, by: User, on: date
) -> Extension:
    """Let ``member`` file its return for ``period`` until ``until_on``, in time.

    Once per period, and only while the deadline has not passed: what is late stays late.

    :raises PermissionDenied: ``by`` may not grant extensions.
    :raises CannotExtend: saying why.
    """
    access.require(by, Permission.EXTENSION_GRANT)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    _require_extendable(member, period, until_on=until_on, reason=reason, on=on)
    extension = Extension.objects.create(
        member=member,
        period=period,
        until_on=until_on,
        reason=reason.strip(),
        granted_at=timezone.now(),
        granted_by=by,
    )
    event = events.ExtensionGranted(member=member.code, period=period.code, until_on=until_on)
    entry = ledger.record(event, subject=extension, actor=by, on=on)
    what = facts.ExtensionGranted(until_on=until_on)
    members.state(what, member=member, about_on=on, entry=entry, key=period.code)
    return extension


def _require_extendable(
    member: Member, period: Period, *, until_on: date, reason: str, on: date
) -> None:
    given = Extension.objects.filter(member=member, period=period).first()
    if given is not None:
        raise CannotExtend(f"{member} has an extension already, until {say_day(given.until_on)}")
    if not files_return(period.edition.document, period.code, member.member_class):
        raise CannotExtend(f"{member} files no return for {period}: its class owes none")
    due_on = selectors.window(member, period).due_on
    if on > due_on:
        raise CannotExtend(
            f"the deadline passed on {say_day(due_on)}; an extension is granted before it"
        )
    if until_on <= due_on:
        raise CannotExtend(
            f"the new deadline must lie after {say_day(due_on)}, not on {say_day(until_on)}"
        )
    if until_on > add_months(due_on, LONGEST_MONTHS):
        longest = say_day(add_months(due_on, LONGEST_MONTHS))
        raise CannotExtend(f"an extension ends within a year, by {longest}")
    if not reason.strip():
        raise CannotExtend("an extension gives its reason")
