"""All that changes about breaches and cases."""

from suspensions.services.breaches import confirm_breach, contest, dismiss_breach
from suspensions.services.cases import open_case, receive_answer, serve_notice
from suspensions.services.daily import Advanced, advance, raise_breaches, remind
from suspensions.services.measures import carry_out, decide_appeal, file_appeal, lift
from suspensions.services.simulation import CannotSimulate, Simulated, simulate_draft

__all__ = [
    "Advanced",
    "CannotSimulate",
    "Simulated",
    "advance",
    "carry_out",
    "confirm_breach",
    "contest",
    "decide_appeal",
    "dismiss_breach",
    "file_appeal",
    "lift",
    "open_case",
    "raise_breaches",
    "receive_answer",
    "remind",
    "serve_notice",
    "simulate_draft",
]
