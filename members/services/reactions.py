"""What follows, for members, from acts elsewhere. Listed in ``msi_platform/reactions.py``."""

from __future__ import annotations

from ledger.models import Entry
from members.services.facts import derive_all


def derive_everybody(entry: Entry) -> None:
    """Derive every member again: the rules changed, or a fact about all was stated."""
    derive_all()
