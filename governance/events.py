"""What the record holds of bodies and decisions: codes and numbers, never names or reasons."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ledger.rules import Code, Digest, Event


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


class MembershipDecided(Event):
    code: ClassVar[str] = "governance.membership.decided"
    member: Code
    body: Code
    matter: Code
    outcome: Code


class DecisionRecorded(Event):
    """The entry's day is the day on which the body decided.

    ``counts`` hold, by group: for, against, abstained, spoilt, present, recused. ``carried`` is
    about the motion that was voted on.
    """

    code: ClassVar[str] = "governance.decision.recorded"
    member: Code
    body: Code
    matter: Code
    outcome: Code
    rule: Code | None = None
    stage: Code | None = None
    carried: bool | None = None
    counts: dict[Code, tuple[int, int, int, int, int, int]] | None = None


class VoteCounted(Event):
    """A vote that decided nothing: ``then`` is the stage or the body that comes next."""

    code: ClassVar[str] = "governance.vote.counted"
    member: Code
    body: Code
    matter: Code
    question: Code
    rule: Code
    stage: Code
    state: Code
    then: Code
    carried: bool
    counts: dict[Code, tuple[int, int, int, int, int, int]]


class EditionResolved(Event):
    """A body's resolution on the draft with this hash; the entry's day is the day it was taken."""

    code: ClassVar[str] = "governance.edition.resolved"
    body: Code
    edition: Code
    sha256: Digest
    reference: Code
    outcome: Code
    in_favor: int | None
    against: int | None
    abstained: int | None
    rule: Code | None = None
    stage: Code | None = None
    carried: bool | None = None
    counts: dict[Code, tuple[int, int, int, int, int, int]] | None = None


class AdmissionDecided(Event):
    """The entry's day is the day on which the body decided about the application.

    ``due_on`` are the days of the conditions; ``counts`` are as in a decision. Where a substitute
    decided, it did so ``instead_of`` the body that the edition asks.
    """

    code: ClassVar[str] = "governance.admission.decided"
    application: Code
    body: Code
    instead_of: Code | None = None
    question: Code
    outcome: Code
    criterion: Code | None = None
    due_on: tuple[date, ...] | None = None
    rule: Code | None = None
    stage: Code | None = None
    carried: bool | None = None
    counts: dict[Code, tuple[int, int, int, int, int, int]] | None = None


class AdmissionVoteCounted(Event):
    """A vote on an application that decided nothing: ``then`` is the stage or body that follows."""

    code: ClassVar[str] = "governance.admission.vote_counted"
    application: Code
    body: Code
    question: Code
    rule: Code
    stage: Code
    state: Code
    then: Code
    carried: bool
    counts: dict[Code, tuple[int, int, int, int, int, int]]
