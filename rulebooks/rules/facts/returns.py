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
class ExtensionGranted(What):
    """A return may be filed until another day. Key: the period's code."""

    kind: ClassVar[str] = "extension.granted"
    until_on: date


@dataclass(frozen=True, slots=True)
class CycleCancelled(What):
    """The initiative cancelled a period for everybody. Key: the period's code."""

    kind: ClassVar[str] = "cycle.cancelled"


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
