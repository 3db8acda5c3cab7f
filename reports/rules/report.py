"""What an accountability report says: one frozen value, from which paper and JSON are made.

Nothing is on the paper that is not in here, and the JSON is all of it. What the reader may not
see never gets in; that something was left out does.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from reports.rules.answers import File, Filing, Past, Reply, Score
from reports.rules.certificate import Certificate
from reports.rules.parts import (
    Breach,
    Case,
    Duty,
    Reader,
    Required,
    RightHeld,
    Rules,
    Stretch,
    Who,
    Window,
)

FORMAT = "accountability-report/1"


@dataclass(frozen=True, slots=True)
class Report:
    """The accountability report of a member for a period, as known at a moment, for a reader."""

    initiative: str
    language: str
    time_zone: str
    reader: Reader
    known_at: datetime
    on: date
    member: Who
    period: Window
    edition: Rules
    standing: Stretch | None
    history: tuple[Stretch, ...]
    rights: tuple[RightHeld, ...]
    requirements: tuple[Required, ...]
    duties: tuple[Duty, ...]
    filing: Filing | None
    replies: tuple[Reply, ...]
    evidence: tuple[File, ...]
    score: Score | None
    past: tuple[Past, ...]
    breaches: tuple[Breach, ...]
    cases: tuple[Case, ...]
    hidden: tuple[str, ...]
    format: str = FORMAT


def canonical(report: Report | Certificate) -> bytes:
    """Return all of ``report`` as JSON: keys sorted, no white space, UTF-8, the same every time."""
    return json.dumps(
        asdict(report),
        default=_plain,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    ).encode()


def digest(report: Report | Certificate) -> str:
    """Return the SHA-256 of the canonical form, in hex."""
    return sha256(canonical(report)).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} has no place in a report")
