"""Facts that a person found or judged, with reasons: they are read like breaches and cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rulebooks.rules.facts.base import What


@dataclass(frozen=True, slots=True)
class JudgementRecorded(What):
    """Somebody judged a matter, with reasons. Key: ``judgement:about``.

    ``due_on`` is the day on which what was missed had been due, where there is one.
    """

    kind: ClassVar[str] = "judgement.recorded"
    outcome: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class FindingRecorded(What):
    """A finding was made about the member. Key: the finding's code."""

    kind: ClassVar[str] = "finding.recorded"
    severity: str


@dataclass(frozen=True, slots=True)
class FindingClosed(What):
    """A finding was closed. Key: the finding's code."""

    kind: ClassVar[str] = "finding.closed"
