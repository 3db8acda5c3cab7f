"""What follows, in the register, from acts elsewhere. Listed in ``msi_platform/reactions.py``.

A membership enters by itself where the edition makes members public; what is said against a
member leaves by itself once it no longer holds. Nothing adverse enters by itself.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from django.utils import timezone

from accounts.selectors import system_user
from ledger.models import Entry
from members.models import Member
from reports.rules.publicity import NotPublic
from reports.services import register
from rulebooks.selectors import NoEdition


def on_member_admitted(entry: Entry) -> None:
    """Put the new member into the register, if members are public and it is not there."""
    with suppress(NoEdition, NotPublic, register.NothingToPublish):
        register.publish_membership(member=_member(entry), by=system_user(), on=_day(entry))


def on_standing_changed(entry: Entry) -> None:
    """Withdraw what the register says against the member and no longer holds."""
    register.withdraw_what_no_longer_holds(member=_member(entry), by=system_user(), on=_day(entry))


def _day(entry: Entry) -> date:
    """Return the day on which the register changes: today, or that of an act still to come."""
    return max(entry.effective_on, timezone.localdate())


def _member(entry: Entry) -> Member:
    return Member.objects.get(code=entry.data["member"])
