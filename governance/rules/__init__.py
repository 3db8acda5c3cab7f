"""What a body is asked in a matter, and what it may answer. ``voting`` holds it to its votes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NotAsked(ValueError):
    """The matter does not await that decision, or not from that body, or not on that day."""


class NoSeat(ValueError):
    """The edition gives that chamber no seat on the body, or all of them are held."""


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

    An appeal goes to another body: nobody is judge in its own cause. Votes are cast on the
    ``motion``; where it is not carried, the decision is ``otherwise``, and where that is null
    nothing is decided.
    """

    code: str
    outcomes: tuple[Outcome, ...]
    first_instance: bool
    motion: Outcome
    otherwise: Outcome | None


MEASURE = Question(
    "measure", (Outcome.IMPOSE, Outcome.DISMISS), True, Outcome.IMPOSE, Outcome.DISMISS
)
APPEAL = Question(
    "appeal", (Outcome.UPHELD, Outcome.SET_ASIDE), False, Outcome.SET_ASIDE, Outcome.UPHELD
)
REINSTATEMENT = Question("reinstatement", (Outcome.LIFT,), True, Outcome.LIFT, None)

# By the stage of the case, as the timeline names it. Other stages ask nobody.
ASKED = {
    "answered": MEASURE,
    "unanswered": MEASURE,
    "heard": MEASURE,
    "appealed": APPEAL,
    "imposed": REINSTATEMENT,
    "final": REINSTATEMENT,
}


def require_asked(
    matter: str,
    stage: str | None,
    *,
    outcome: str,
    body: str,
    decided_by: str,
    hearing: Collection[str] | None = None,
) -> Question:
    """Return the question that ``outcome`` answers at a stage of a matter.

    ``hearing`` are the bodies that hear an appeal from ``decided_by``; null for any other.

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
    if not question.first_instance and hearing is not None and body not in hearing:
        raise NotAsked(f"appeals from {decided_by} go to {' or '.join(hearing)}, not to {body}")
    return question


def require_seat(body: str, chamber: str, *, stated: Mapping[str, int] | None, held: int) -> None:
    """Refuse a seat that the edition does not give; ``stated`` null says that it does not say.

    :raises NoSeat: the chamber has none on the body, or all of them are held.
    """
    if stated is None:
        return
    count, who = stated.get(chamber, 0), chamber or "no chamber"
    if not count:
        allowed = ", ".join(code or "none, for the chair" for code in stated)
        raise NoSeat(f"{body} has no seat for {who}; allowed: {allowed}")
    if held >= count:
        raise NoSeat(f"the {count} of {who} on {body} are held; end one first")


def require_group_seat(body: str, group: str, *, allowed: int | None, held: int) -> None:
    """Refuse a seat to one corporate group more than the edition gives it; null says no limit.

    :raises NoSeat: the group holds as many already.
    """
    if allowed is not None and held >= allowed:
        many = "1 seat" if allowed == 1 else f"{allowed} seats"
        raise NoSeat(f"{group} may hold {many} on {body} and holds {held}; end one first")


@dataclass(frozen=True, slots=True)
class Votes:
    """How a body voted, by heads or by power, as it counts."""

    in_favor: int
    against: int
    abstained: int = 0
