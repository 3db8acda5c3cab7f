"""The facts that rules read: a closed list, one frozen class each, a module for each subject."""

from rulebooks.rules.facts.base import Fact, FactRetracted, What
from rulebooks.rules.facts.commitments import (
    CommitmentExtended,
    CommitmentMade,
    CommitmentMet,
    CommitmentRemoved,
    TargetSet,
)
from rulebooks.rules.facts.editions import EditionNotified
from rulebooks.rules.facts.judgements import FindingClosed, FindingRecorded, JudgementRecorded
from rulebooks.rules.facts.membership import MemberAdmitted, MemberLeft, RequirementSigned
from rulebooks.rules.facts.procedure import (
    AnswerReceived,
    AppealDecided,
    AppealFiled,
    BreachConfirmed,
    BreachCured,
    BreachDismissed,
    BreachRaised,
    CaseOpened,
    ClockExtended,
    ClockPaused,
    ClockResumed,
    CommitmentRenewed,
    DecisionTaken,
    HearingHeld,
    MeasureLifted,
    NoticeServed,
)
from rulebooks.rules.facts.returns import (
    CycleCancelled,
    ExtensionGranted,
    ReturnFiled,
    ScorePublished,
)
from rulebooks.rules.facts.stored import KINDS, PROCEDURE, UnknownFact, known, unpack

__all__ = [
    "KINDS",
    "PROCEDURE",
    "AnswerReceived",
    "AppealDecided",
    "AppealFiled",
    "BreachConfirmed",
    "BreachCured",
    "BreachDismissed",
    "BreachRaised",
    "CaseOpened",
    "ClockExtended",
    "ClockPaused",
    "ClockResumed",
    "CommitmentExtended",
    "CommitmentMade",
    "CommitmentMet",
    "CommitmentRemoved",
    "CommitmentRenewed",
    "CycleCancelled",
    "DecisionTaken",
    "EditionNotified",
    "ExtensionGranted",
    "Fact",
    "FactRetracted",
    "FindingClosed",
    "FindingRecorded",
    "HearingHeld",
    "JudgementRecorded",
    "MeasureLifted",
    "MemberAdmitted",
    "MemberLeft",
    "NoticeServed",
    "RequirementSigned",
    "ReturnFiled",
    "ScorePublished",
    "TargetSet",
    "UnknownFact",
    "What",
    "known",
    "unpack",
]
