"""What the record holds of bodies and decisions: codes and numbers, never names or reasons."""

from __future__ import annotations

from typing import ClassVar

from ledger.rules import Code, Event


class BodyCreated(Event):
    code: ClassVar[str] = "governance.body.created"
    body: Code


class SeatGiven(Event):
    code: ClassVar[str] = "governance.seat.given"
    body: Code
    chamber: Code | None
    user_id: int


class SeatEnded(Event):
    code: ClassVar[str] = "governance.seat.ended"
    body: Code
    user_id: int


class DecisionRecorded(Event):
    """The entry's day is the day on which the body decided."""

    code: ClassVar[str] = "governance.decision.recorded"
    member: Code
    body: Code
    matter: Code
    outcome: Code
