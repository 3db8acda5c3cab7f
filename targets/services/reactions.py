"""What follows, for periods, from acts elsewhere. Listed in ``msi_platform/reactions.py``."""

from __future__ import annotations

from accounts.selectors import system_user
from ledger.models import Entry
from rulebooks.models import Edition
from targets.services.periods import open_periods


def on_edition_adopted(entry: Entry) -> None:
    """Lay out the calendar once an edition was adopted, or members were notified of it."""
    edition = Edition.objects.adopted().get(code=entry.data["edition"])
    open_periods(edition=edition, by=system_user(), on=entry.effective_on)
