"""The procedure as tables: what may be done at which stage. What is not listed is not allowed.

The stage itself follows from the facts (``rulebooks.rules.timeline``); these tables say which act
may add the next fact. Which days and bodies count is in :mod:`suspensions.rules.decisions`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar


class IllegalAction(ValueError):
    """The procedure does not allow this act now."""


class Stage(StrEnum):
    """Where a case stands."""

    OPENED = "opened"
    NOTIFIED = "notified"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    HEARD = "heard"
    IMPOSED = "imposed"
    DISMISSED = "dismissed"
    APPEALED = "appealed"
    FINAL = "final"
    SET_ASIDE = "set_aside"
    LIFTED = "lifted"
    CURED = "cured"


class Action(StrEnum):
    """What may be done in a case."""

    SERVE_NOTICE = "serve the notice"
    RECEIVE_ANSWER = "receive an answer"
    HOLD_HEARING = "record the hearing"
    APPLY = "apply the automatic step"
    IMPOSE = "impose the measure"
    DISMISS = "dismiss the case"
    FILE_APPEAL = "file an appeal"
    UPHOLD = "uphold the measure"
    SET_ASIDE = "set the measure aside"
    LIFT = "lift the measure"


class BreachStage(StrEnum):
    """Where a breach stands."""

    PROVISIONAL = "provisional"
    IN_REVIEW = "in_review"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    CURED = "cured"


class BreachAction(StrEnum):
    """What may be done about a breach that was put to the member."""

    CONTEST = "contest it"
    CONFIRM = "confirm it"
    DISMISS = "dismiss it"
    CURE = "record its cure"


# A late answer is still received, as long as the body has not decided.
PROCEDURE: dict[tuple[Stage, Action], Stage] = {
    (Stage.OPENED, Action.SERVE_NOTICE): Stage.NOTIFIED,
    (Stage.NOTIFIED, Action.RECEIVE_ANSWER): Stage.ANSWERED,
    (Stage.UNANSWERED, Action.RECEIVE_ANSWER): Stage.ANSWERED,
    (Stage.ANSWERED, Action.HOLD_HEARING): Stage.HEARD,
    (Stage.ANSWERED, Action.IMPOSE): Stage.IMPOSED,
    (Stage.ANSWERED, Action.DISMISS): Stage.DISMISSED,
    (Stage.ANSWERED, Action.APPLY): Stage.IMPOSED,
    (Stage.UNANSWERED, Action.HOLD_HEARING): Stage.HEARD,
    (Stage.UNANSWERED, Action.IMPOSE): Stage.IMPOSED,
    (Stage.UNANSWERED, Action.DISMISS): Stage.DISMISSED,
    (Stage.UNANSWERED, Action.APPLY): Stage.IMPOSED,
    (Stage.HEARD, Action.IMPOSE): Stage.IMPOSED,
    (Stage.HEARD, Action.DISMISS): Stage.DISMISSED,
    (Stage.HEARD, Action.APPLY): Stage.IMPOSED,
    (Stage.IMPOSED, Action.FILE_APPEAL): Stage.APPEALED,
    (Stage.APPEALED, Action.UPHOLD): Stage.FINAL,
    (Stage.APPEALED, Action.SET_ASIDE): Stage.SET_ASIDE,
    (Stage.IMPOSED, Action.LIFT): Stage.LIFTED,
    (Stage.FINAL, Action.LIFT): Stage.LIFTED,
}
# A breach whose ground has fallen away can only be dismissed.
BREACHES: dict[tuple[BreachStage, BreachAction], BreachStage] = {
    (BreachStage.PROVISIONAL, BreachAction.CONTEST): BreachStage.PROVISIONAL,
    (BreachStage.PROVISIONAL, BreachAction.CONFIRM): BreachStage.CONFIRMED,
    (BreachStage.PROVISIONAL, BreachAction.DISMISS): BreachStage.DISMISSED,
    (BreachStage.IN_REVIEW, BreachAction.CONTEST): BreachStage.IN_REVIEW,
    (BreachStage.IN_REVIEW, BreachAction.DISMISS): BreachStage.DISMISSED,
    (BreachStage.CONFIRMED, BreachAction.CURE): BreachStage.CURED,
}
OPEN = (
    Stage.OPENED,
    Stage.NOTIFIED,
    Stage.ANSWERED,
    Stage.UNANSWERED,
    Stage.HEARD,
    Stage.IMPOSED,
    Stage.APPEALED,
)
UNDECIDED = frozenset({Stage.OPENED, Stage.NOTIFIED, Stage.ANSWERED, Stage.UNANSWERED, Stage.HEARD})
# Where clocks can run: to answer, to appeal, to make good.
RUNNING = frozenset({Stage.NOTIFIED, Stage.IMPOSED, Stage.APPEALED, Stage.FINAL})
MEASURE_IMPOSED = frozenset({Stage.IMPOSED, Stage.APPEALED, Stage.FINAL})

S = TypeVar("S", Stage, BreachStage)
A = TypeVar("A", Action, BreachAction)


def next_stage(case: str, stage: str | None, action: Action) -> Stage:
    """Return the stage that ``action`` leads to in a case.

    :raises IllegalAction: the procedure does not list that act at that stage.
    """
    if stage is None:
        raise IllegalAction(f"cannot {action} in {case}: the case is not open on that day")
    return _next(PROCEDURE, f"in {case}", Stage(stage), action)


def next_breach_stage(breach: str, stage: str | None, action: BreachAction) -> BreachStage:
    """Return the state that ``action`` leads a breach to.

    :raises IllegalAction: the procedure does not list that act in that state.
    """
    if stage is None:
        raise IllegalAction(f"cannot {action}: {breach} has not been put to the member")
    return _next(BREACHES, f"({breach})", BreachStage(stage), action)


def allowed(stage: str | None) -> tuple[Action, ...]:
    """Return what the procedure allows at ``stage``, in the order of the table."""
    return tuple(action for at, action in PROCEDURE if at == stage)


def _next(table: dict[tuple[S, A], S], about: str, stage: S, action: A) -> S:
    if (stage, action) not in table:
        listed = [str(other) for at, other in table if at == stage]
        may = f"allowed now: {', '.join(listed)}" if listed else "nothing more can be done"
        words = stage.replace("_", " ")
        raise IllegalAction(f"cannot {action} {about}: it is {words}; {may}")
    return table[stage, action]
