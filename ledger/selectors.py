"""Questions to the record."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.models import Entry

CHUNK = 5_000


def damaged_entries() -> Iterator[Entry]:
    """Yield, oldest first, each entry whose stored hash is not that of its content."""
    for entry in Entry.objects.order_by("pk").iterator(chunk_size=CHUNK):
        if entry.digest != entry.expected_digest():
            yield entry
