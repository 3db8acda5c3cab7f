"""What a body is asked in a matter, and what it may answer. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NotAsked(ValueError):
    """The matter does not await that decision, or not from that body, or not on that day."""


class Outcome(StrEnum):
    IMPOSE = "impose"
    DISMISS = "dismiss"
    UPHELD = "upheld"
    SET_ASIDE = "set_aside"
    LIFT = "lift"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as the record holds it; ``member`` and ``matter`` are codes."""

    member: str
    body: str
    matter: str
    outcome: Outcome
    taken_on: date


@dataclass(frozen=True, slots=True)
class Question:
    """What a body is asked. ``first_instance``: by the body that the ladder's step names.

    An appeal goes to any other body: nobody is judge in its own cause.
    """

    code: str
    outcomes: tuple[Outcome, ...]
    first_instance: bool


MEASURE = Question("measure", (Outcome.IMPOSE, Outcome.DISMISS), first_instance=True)
APPEAL = Question("appeal", (Outcome.UPHELD, Outcome.SET_ASIDE), first_instance=False)
REINSTATEMENT = Question("reinstatement", (Outcome.LIFT,), first_instance=True)

# By the stage of the case, as the timeline names it. Other stages ask nobody.
ASKED = {
    "answered": MEASURE,
    "unanswered": MEASURE,
    "appealed": APPEAL,
    "imposed": REINSTATEMENT,
    "final": REINSTATEMENT,
}


def require_asked(
    matter: str, stage: str | None, *, outcome: str, body: str, decided_by: str
) -> Question:
    """Return the question that ``outcome`` answers at a stage of a matter.

    :raises NotAsked: nothing is asked at that stage, something else is, or another body is asked.
    """
    question = ASKED.get(stage or "")
    if question is None:
        raise NotAsked(f"{matter} awaits no decision: it is {stage or 'not open'} on that day")
    if outcome not in question.outcomes:
        allowed = " or ".join(question.outcomes)
        raise NotAsked(f"{matter} is {stage} on that day; it may be decided as {allowed}")
    if question.first_instance and body != decided_by:
        raise NotAsked(f"{matter} is for {decided_by} to decide, not for {body}")
    if not question.first_instance and body == decided_by:
        raise NotAsked(f"{body} decided {matter} itself; another body decides the appeal")
    return question


@dataclass(frozen=True, slots=True)
class Votes:
    """How a body voted, by heads or by power, as it counts."""

    in_favor: int
    against: int
    abstained: int = 0
