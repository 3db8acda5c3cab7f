"""All that changes about breaches and cases."""

from suspensions.services.breaches import confirm_breach, contest, dismiss_breach
from suspensions.services.cases import escalate, open_case, receive_answer, serve_notice
from suspensions.services.clocks import extend_clock, pause_clocks, resume_clocks
from suspensions.services.daily import Advanced, advance, raise_breaches, remind, remind_by_edition
from suspensions.services.hearings import record_hearing
from suspensions.services.measures import (
    apply_step,
    carry_out,
    decide_appeal,
    file_appeal,
    lift,
)
from suspensions.services.plans import hand_in_plan
from suspensions.services.records import (
    close_finding,
    record_cure,
    record_finding,
    record_judgement,
    renew_commitment,
)
from suspensions.services.simulation import CannotSimulate, Simulated, simulate_draft

__all__ = [
    "Advanced",
    "CannotSimulate",
    "Simulated",
    "advance",
    "apply_step",
    "carry_out",
    "close_finding",
    "confirm_breach",
    "contest",
    "decide_appeal",
    "dismiss_breach",
    "escalate",
    "extend_clock",
    "file_appeal",
    "hand_in_plan",
    "lift",
    "open_case",
    "pause_clocks",
    "raise_breaches",
    "receive_answer",
    "record_cure",
    "record_finding",
    "record_hearing",
    "record_judgement",
    "remind",
    "remind_by_edition",
    "renew_commitment",
    "resume_clocks",
    "serve_notice",
    "simulate_draft",
]
