"""Bodies, seats, and the decisions that a clerk records."""

from governance.services.bodies import create_bodies, create_body, end_seat, give_seat
from governance.services.decisions import record_decision, record_round
from governance.services.resolutions import NotBefore, record_resolution

__all__ = [
    "NotBefore",
    "create_bodies",
    "create_body",
    "end_seat",
    "give_seat",
    "record_decision",
    "record_resolution",
    "record_round",
]
