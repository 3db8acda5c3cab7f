"""What follows, for periods, from acts elsewhere. Listed in ``msi_platform/reactions.py``."""

from __future__ import annotations

from accounts.selectors import system_user
from ledger.models import Entry
from rulebooks.models import Edition
from targets.models import Period
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
