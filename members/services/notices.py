"""The notice by which members learn of an edition: what they were not told binds nobody."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import events
from members.models import Fact
from members.services.facts import state_for_all
from rulebooks.models import Edition
from rulebooks.rules import facts as rules


class CannotNotify(ValueError):
    """The notice cannot be recorded as served."""


@transaction.atomic
def notify_edition(*, edition_id: int, served_on: date, by: User, on: date) -> Fact:
    """Record that the notice of an adopted edition had reached the members by ``served_on``.

    The edition governs no period that opened before that day. Every member and the calendar are
    derived again by the reactions to the recorded event.

    :raises PermissionDenied: ``by`` may not adopt editions.
    :raises CannotNotify: it is a draft, the day is yet to come, or a notice is recorded already.
    """
    access.require(by, Permission.EDITION_ADOPT)
    row = Edition.objects.select_for_update().get(pk=edition_id)
    if row.status == Edition.Status.DRAFT:
        raise CannotNotify(f"{row.code} is a draft; members are notified of what was adopted")
    if served_on > on:
        raise CannotNotify(f"the notice is recorded once served; {served_on} is yet to come")
    if before := _recorded(row.code):
        raise CannotNotify(f"the notice of {row.code} was served on {before.about_on} already")
    event = events.EditionNotified(edition=row.code, served_on=served_on)
    entry = ledger.record(event, subject=row, actor=by, on=on)
    return state_for_all(rules.EditionNotified(), about_on=served_on, entry=entry, key=row.code)


def _recorded(edition: str) -> Fact | None:
    facts = Fact.objects.of_initiative().filter(kind=rules.EditionNotified.kind, key=edition)
    return facts.filter(corrected_by=None).order_by("pk").first()
