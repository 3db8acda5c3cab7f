"""Facts about returns, the periods they are owed for, and their scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from rulebooks.rules.facts.base import What


@dataclass(frozen=True, slots=True)
class ReturnFiled(What):
    """A KPI return was signed off and filed. Key: the period's code."""

    kind: ClassVar[str] = "submission.filed"


@dataclass(frozen=True, slots=True)
class ReturnFoundIncomplete(What):
    """A filed return lacks a part that it must have. Key: the period's code."""

    kind: ClassVar[str] = "submission.incomplete"


@dataclass(frozen=True, slots=True)
class DisclosurePublished(What):
    """The member published what it owes for a period. Key: the period's code."""

    kind: ClassVar[str] = "disclosure.published"


@dataclass(frozen=True, slots=True)
class ExtensionGranted(What):
    """There is time until another day. Key: the period's code, or ``obligation:about``.

    ``extension`` is the kind of extension, as the edition calls it.
    """

    kind: ClassVar[str] = "extension.granted"
    until_on: date
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class CycleCancelled(What):
    """The initiative cancelled a period for everybody. Key: the period's code."""

    kind: ClassVar[str] = "cycle.cancelled"


@dataclass(frozen=True, slots=True)
class PeriodAnnounced(What):
    """The initiative announced days of a period. Key: the period's code."""

    kind: ClassVar[str] = "period.announced"
    opens_on: date | None = None
    due_on: date | None = None
    late_until: date | None = None
    evidence_until: date | None = None
    sanctions_on: date | None = None
    publication_on: date | None = None


@dataclass(frozen=True, slots=True)
class ScorePublished(What):
    """A scorecard was published. Key: the period's code.

    ``numbers`` are published numbers and ``labels`` published words, by node; ``grounds`` name
    what stands beside the number.
    """

    kind: ClassVar[str] = "score.published"
    edition: str
    numbers: Mapping[str, Decimal]
    labels: Mapping[str, str]
    grounds: tuple[str, ...] | None = None
