"""Facts about breaches and cases: fewer people read them than a member's other data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rulebooks.rules.facts.base import What


@dataclass(frozen=True, slots=True)
class BreachRaised(What):
    """A breach was put to the member as provisional. Key: ``rule:subject``."""

    kind: ClassVar[str] = "breach.raised"


@dataclass(frozen=True, slots=True)
class BreachConfirmed(What):
    """An officer confirmed a provisional breach. Key: ``rule:subject``."""

    kind: ClassVar[str] = "breach.confirmed"


@dataclass(frozen=True, slots=True)
class BreachDismissed(What):
    """An officer dismissed a provisional breach. Key: ``rule:subject``."""

    kind: ClassVar[str] = "breach.dismissed"


@dataclass(frozen=True, slots=True)
class CaseOpened(What):
    """A case began, aiming at one step of the ladder. Key: the case's code."""

    kind: ClassVar[str] = "case.opened"
    edition: str
    step: str


@dataclass(frozen=True, slots=True)
class NoticeServed(What):
    """The notice of a case reached the member; its time to answer runs. Key: the case's code."""

    kind: ClassVar[str] = "notice.served"


@dataclass(frozen=True, slots=True)
class AnswerReceived(What):
    """The member answered. Key: the case's code."""

    kind: ClassVar[str] = "answer.received"


@dataclass(frozen=True, slots=True)
class DecisionTaken(What):
    """A body decided a case. Key: the case's code.

    ``outcome`` is ``impose`` or ``dismiss``; a measure holds from ``effective_on``.
    """

    kind: ClassVar[str] = "decision.taken"
    outcome: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class AppealFiled(What):
    """The member appealed. Key: the case's code."""

    kind: ClassVar[str] = "appeal.filed"


@dataclass(frozen=True, slots=True)
class AppealDecided(What):
    """The appeal was decided: ``upheld`` or ``set_aside``. Key: the case's code."""

    kind: ClassVar[str] = "appeal.decided"
    outcome: str


@dataclass(frozen=True, slots=True)
class MeasureLifted(What):
    """The member is reinstated: the measure of a case ended. Key: the case's code."""

    kind: ClassVar[str] = "measure.lifted"
