"""Facts about breaches and cases: fewer people read them than a member's other data.

A case's code names its clocks too; those of a step that holds by itself go by its ladder's code.
"""

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
class BreachCured(What):
    """An officer recorded that a failure was made good. Key: ``rule:subject``."""

    kind: ClassVar[str] = "breach.cured"


@dataclass(frozen=True, slots=True)
class CaseOpened(What):
    """A case began, aiming at one step of a ladder. Key: the case's code.

    ``breaches`` are the failures it stands on as they arose, the last one triggered it; ``follows``
    is the case whose step was not cured in time.
    """

    kind: ClassVar[str] = "case.opened"
    edition: str
    step: str
    breaches: tuple[str, ...] | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeServed(What):
    """The notice of a case reached the member; its time to answer runs. Key: the case's code."""

    kind: ClassVar[str] = "notice.served"


@dataclass(frozen=True, slots=True)
class AnswerReceived(What):
    """The member answered. Key: the case's code."""

    kind: ClassVar[str] = "answer.received"


@dataclass(frozen=True, slots=True)
class HearingHeld(What):
    """The member was heard before the body, or waived it. Key: the case's code.

    ``form`` is ``oral``, ``written`` or ``waived``.
    """

    kind: ClassVar[str] = "hearing.held"
    form: str


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
    """The member is reinstated: the measure of a case ended. Key: the case's code.

    Until ``probation_until`` it stands on probation.
    """

    kind: ClassVar[str] = "measure.lifted"
    probation_until: date | None = None


@dataclass(frozen=True, slots=True)
class PlanReceived(What):
    """The member handed in a corrective action plan that a step asks for. Key: the case's code."""

    kind: ClassVar[str] = "plan.received"


@dataclass(frozen=True, slots=True)
class CommitmentRenewed(What):
    """The member committed itself anew, as its reinstatement asks. Key: the case's code."""

    kind: ClassVar[str] = "commitment.renewed"


@dataclass(frozen=True, slots=True)
class ClockPaused(What):
    """The clocks of a case stand still from this day on. Key: the case's code.

    ``ground`` is ``appeal``, ``court_order`` or ``agreement``.
    """

    kind: ClassVar[str] = "clock.paused"
    ground: str


@dataclass(frozen=True, slots=True)
class ClockResumed(What):
    """The clocks of a case run on from this day. Key: the case's code."""

    kind: ClassVar[str] = "clock.resumed"


@dataclass(frozen=True, slots=True)
class ClockExtended(What):
    """There is time until another day, by decision. Key: the case's code.

    ``clock`` is ``answer``, ``appeal``, ``cure`` or ``plan``.
    """

    kind: ClassVar[str] = "clock.extended"
    clock: str
    until_on: date
