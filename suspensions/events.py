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
    follows: Code | None = None


class HearingHeld(Event):
    code: ClassVar[str] = "suspensions.hearing.held"
    member: Code
    case: Code
    form: Code


class StepApplied(Event):
    """An automatic step was applied by its rule alone: no body decided."""

    code: ClassVar[str] = "suspensions.step.applied"
    member: Code
    case: Code
    step: Code
    effective_on: date


class ClockPaused(Event):
    code: ClassVar[str] = "suspensions.clock.paused"
    member: Code
    case: Code
    ground: Code


class ClockResumed(Event):
    code: ClassVar[str] = "suspensions.clock.resumed"
    member: Code
    case: Code


class ClockExtended(Event):
    code: ClassVar[str] = "suspensions.clock.extended"
    member: Code
    case: Code
    clock: Code
    until_on: date


class BreachCured(Event):
    code: ClassVar[str] = "suspensions.breach.cured"
    member: Code
    breach: Code


class CommitmentRenewed(Event):
    code: ClassVar[str] = "suspensions.commitment.renewed"
    member: Code
    case: Code


class JudgementRecorded(Event):
    code: ClassVar[str] = "suspensions.judgement.recorded"
    member: Code
    judgement: Code


class FindingRecorded(Event):
    code: ClassVar[str] = "suspensions.finding.recorded"
    member: Code
    finding: Code


class FindingClosed(Event):
    code: ClassVar[str] = "suspensions.finding.closed"
    member: Code
    finding: Code


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


class PlanReceived(Event):
    """The member handed in the corrective action plan that its step asks for."""

    code: ClassVar[str] = "suspensions.plan.received"
    member: Code
    case: Code


class EntryLettersQueued(Event):
    """Letters that a step writes on entry: how many, and which measure's act they follow."""

    code: ClassVar[str] = "suspensions.entry.told"
    member: Code
    case: Code
    step: Code
    act: int
    count: int


class MeasureLifted(Event):
    code: ClassVar[str] = "suspensions.measure.lifted"
    member: Code
    case: Code
    decision: int
    probation_until: date | None = None


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
