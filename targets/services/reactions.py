"""What follows, for periods, from acts elsewhere. Listed in ``msi_platform/reactions.py``."""

from __future__ import annotations

from django.conf import settings

from accounts.selectors import system_user
from ledger.models import Entry
from members.services import letters
from rulebooks.models import Edition
from targets.models import MemberTarget, Period
from targets.services.periods import open_own_periods, open_periods


def on_edition_adopted(entry: Entry) -> None:
    """Lay out the calendar once an edition was adopted, or members were notified of it."""
    edition = Edition.objects.adopted().get(code=entry.data["edition"])
    open_periods(edition=edition, by=system_user(), on=entry.effective_on)
    open_own_periods(by=system_user(), on=entry.effective_on)


def on_period_announced(entry: Entry) -> None:
    """Lay out the calendar with the days of a period as they were announced."""
    period = Period.objects.select_related("edition").get(code=entry.data["period"])
    open_periods(edition=period.edition, by=system_user(), on=entry.effective_on)


def tell_of_target_decided(entry: Entry) -> None:
    """Tell a member what was decided about a target that it proposed, and why."""
    rows = MemberTarget.objects.select_related("member__organisation", "edition", "revises")
    target = rows.get(pk=int(entry.subject.rpartition(":")[2]))
    document = target.edition.document
    letters.queue(
        "target-decided",
        member=target.member,
        key=f"{target.member.code}:{target.code}",
        on=entry.effective_on,
        context={
            "target": target,
            "kpi": document.kpi(target.kpi),
            "rule": document.own_target(target.rule),
            "address": f"{settings.SITE_URL}{target.get_absolute_url()}",
        },
    )
