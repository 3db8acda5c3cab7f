"""Reminding members of what they have yet to sign."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.rules import merkle_root
from members import access, events
from members.models import Member
from members.selectors import reminding
from members.selectors.reminding import SignSoon
from members.services import letters
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition

BATCH = 500  # members


@transaction.atomic
def remind_to_sign(*, by: User, on: date) -> int:
    """Write to members whose signatures are due soon, once for each day that the edition names.

    Returns how many reminders were written. An edition that names no days sends none.

    :raises PermissionDenied: ``by`` may not run it.
    """
    access.require(by, Permission.ADVANCE_RUN)
    count, last = 0, 0
    with suppress(rulebooks.NoEdition):
        edition = rulebooks.edition_in_force(on)
        while ids := reminding.members_to_remind(edition, on=on, after=last, limit=BATCH):
            count += _remind(edition, ids, by=by, on=on)
            last = ids[-1]
    return count


def _remind(edition: Edition, member_ids: Sequence[int], *, by: User, on: date) -> int:
    list(Member.objects.select_for_update().filter(pk__in=member_ids).order_by("pk"))
    due = reminding.signatures_due(edition, member_ids, on=on)
    letters.queue_many(reminding.REMINDER, occasions=[_letter(soon) for soon in due], on=on)
    if due:
        root = merkle_root(key.encode() for key in sorted(soon.key for soon in due))
        event = events.SigningReminded(count=len(due), root=root)
        ledger.record(event, subject=edition, actor=by, on=on)
    return len(due)


def _letter(soon: SignSoon) -> letters.Occasion:
    context = {"soon": soon, "contact": settings.DEFAULT_FROM_EMAIL}
    return letters.Occasion(soon.member, soon.key, context)
