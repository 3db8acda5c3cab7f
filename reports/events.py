"""What the record holds of what was shown: codes, numbers and hashes."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from ledger.rules import Code, Digest, Event


class ReportIssued(Event):
    """A PDF left the platform: the hash of its bytes, and of the data inside.

    ``reader`` is the class of readers it was made for.
    """

    code: ClassVar[str] = "reports.report.issued"
    member: Code
    period: Code
    edition: Code
    reader: Code
    known_at: datetime
    sha256: Digest
    content_sha256: Digest
