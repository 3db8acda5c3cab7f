"""Facts about what is owed once: certificates, deeds, fees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rulebooks.rules.facts.base import What


@dataclass(frozen=True, slots=True)
class CertificateGranted(What):
    """The member was certified, or certified anew. Key: the obligation's code."""

    kind: ClassVar[str] = "certificate.granted"
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class CertificateWithdrawn(What):
    """The member's certificate ended before its time. Key: the obligation's code."""

    kind: ClassVar[str] = "certificate.withdrawn"


@dataclass(frozen=True, slots=True)
class DeedDone(What):
    """The member did what it owed once. Key: the obligation's code."""

    kind: ClassVar[str] = "deed.done"


@dataclass(frozen=True, slots=True)
class FeeInvoiced(What):
    """A fee was invoiced. Key: the invoice's code. ``due_on``, where the invoice names the day."""

    kind: ClassVar[str] = "fee.invoiced"
    obligation: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class FeePaid(What):
    """An invoice was paid in full. Key: the invoice's code."""

    kind: ClassVar[str] = "fee.paid"
