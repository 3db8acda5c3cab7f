"""What the record holds of breaches and cases: codes, numbers and days, never what was written."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.rules import Code, Digest, Event


class BreachesRaised(Event):
    """One batch of the daily run: how many, and the Merkle root over ``member key``, sorted."""

    code: ClassVar[str] = "suspensions.breaches.raised"
    count: int
    root: Digest


class RemindersQueued(Event):
    """One batch of the daily run, likewise over ``member period``."""

    code: ClassVar[str] = "suspensions.reminders.queued"
    count: int
    root: Digest


class BreachContested(Event):
    code: ClassVar[str] = "suspensions.breach.contested"
    member: Code
    breach: Code


class BreachConfirmed(Event):
    code: ClassVar[str] = "suspensions.breach.confirmed"
    member: Code
    breach: Code


class BreachDismissed(Event):
    code: ClassVar[str] = "suspensions.breach.dismissed"
    member: Code
    breach: Code


class CaseOpened(Event):
    code: ClassVar[str] = "suspensions.case.opened"
    member: Code
    case: Code
    edition: Code
    step: Code
    breaches: tuple[Code, ...]


class NoticeServed(Event):
    code: ClassVar[str] = "suspensions.notice.served"
    member: Code
    case: Code


class AnswerReceived(Event):
    code: ClassVar[str] = "suspensions.answer.received"
    member: Code
    case: Code


class DecisionCarriedOut(Event):
    """``decision`` is the number of the ledger entry of the body's decision."""

    code: ClassVar[str] = "suspensions.decision.carried_out"
    member: Code
    case: Code
    decision: int
    outcome: Code
    effective_on: date


class AppealFiled(Event):
    code: ClassVar[str] = "suspensions.appeal.filed"
    member: Code
    case: Code


class AppealDecided(Event):
    code: ClassVar[str] = "suspensions.appeal.decided"
    member: Code
    case: Code
    decision: int
    outcome: Code


class MeasureLifted(Event):
    code: ClassVar[str] = "suspensions.measure.lifted"
    member: Code
    case: Code
    decision: int


class DraftSimulated(Event):
    """A draft was tried on stored facts; ``named`` says whether members' names were shown."""

    code: ClassVar[str] = "suspensions.draft.simulated"
    edition: Code
    sha256: Digest
    first_on: date
    last_on: date
    members: int
    changed: int
    named: bool


class StoryTold(Event):
    """A replay stated the facts of so many cases, in a scratch database."""

    code: ClassVar[str] = "suspensions.story.told"
    cases: int
