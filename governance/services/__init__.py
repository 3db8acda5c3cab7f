"""Bodies, seats, and the decisions that a clerk records."""

from governance.services.admissions import (
    AlreadyDone,
    carry_out_admission,
    record_admission,
    record_admission_round,
)
from governance.services.bodies import create_bodies, create_body, end_seat, give_seat
from governance.services.decisions import record_decision, record_round
from governance.services.memberships import decide_on_membership
from governance.services.resolutions import NotBefore, record_resolution

__all__ = [
    "AlreadyDone",
    "NotBefore",
    "carry_out_admission",
    "create_bodies",
    "create_body",
    "decide_on_membership",
    "end_seat",
    "give_seat",
    "record_admission",
    "record_admission_round",
    "record_decision",
    "record_resolution",
    "record_round",
]
