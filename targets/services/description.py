"""What is known of a member that its obligations depend on: size, country, fiscal year."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access
from members import services as members
from members.models import Fact, Member
from rulebooks import selectors as rulebooks
from rulebooks.rules.facts import MemberDescribed
from rulebooks.rules.periods.base import day_of_year
from targets import events
from targets.rules import say_day
from targets.services.duties import CannotRecord


@transaction.atomic
def describe_member(
    *, member: Member, described: MemberDescribed, about_on: date, by: User, on: date
) -> Fact:
    """State what a member's size, country or fiscal year is from ``about_on`` on.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises CannotRecord: nothing is said, a size the rulebook does not know, or a day ahead.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    if described == MemberDescribed():
        raise CannotRecord("say at least one thing: size, country or fiscal year")
    if about_on > on:
        raise CannotRecord(f"{say_day(about_on)} lies ahead; record it once it holds")
    document = rulebooks.current_document(on)
    sizes = [size.code for size in document.sizes] if document else []
    if described.size is not None and described.size not in sizes:
        known = ", ".join(sizes) or "none is defined"
        raise CannotRecord(f"{described.size!r} is no size of the rulebook; allowed: {known}")
    if described.year_ends is not None:
        _require_day(described.year_ends)
    event = events.MemberDescribed(member=member.code)
    entry = ledger.record(event, subject=member, actor=by, on=on)
    return members.state(described, member=member, about_on=about_on, entry=entry)


def _require_day(year_ends: str) -> None:
    try:
        day_of_year(year_ends)
    except ValueError as error:
        raise CannotRecord(f"the fiscal year ends on a day of the year: {error}") from None
