"""The bodies of the initiative, who sits on them, and what they decided."""

from governance.models.admissions import AdmissionDecision, AdmissionRound
from governance.models.bodies import (
    MATTERS,
    OUTCOME_LABELS,
    QUESTIONS,
    Body,
    Decision,
    DecisionQuerySet,
    MembershipDecision,
    Resolution,
    Round,
    Seat,
)

__all__ = [
    "MATTERS",
    "OUTCOME_LABELS",
    "QUESTIONS",
    "AdmissionDecision",
    "AdmissionRound",
    "Body",
    "Decision",
    "DecisionQuerySet",
    "MembershipDecision",
    "Resolution",
    "Round",
    "Seat",
]
