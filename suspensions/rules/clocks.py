"""When the clocks of a case may be paused, run on, or be extended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from rulebooks.rules.ladder import Ladder
from suspensions.rules.procedure import IllegalAction

BY_HAND = ("court_order", "agreement")  # an appeal and a cancelled cycle are facts of their own
NAMES = {
    "answer": "to answer",
    "appeal": "to appeal",
    "cure": "to make good",
    "plan": "to hand in a plan",
}


def require_pause(case: str, ladder: Ladder, ground: str, states: Collection[str]) -> None:
    """Refuse a pause that the ladder does not know, and one where nothing runs.

    :raises IllegalAction: saying which grounds there are.
    """
    allowed = [pause for pause in ladder.pauses if pause in BY_HAND]
    if ground not in allowed:
        may = ", ".join(allowed) or "none"
        raise IllegalAction(
            f"cannot pause the clocks of {case} for {ground.replace('_', ' ')}: clause"
            f" {ladder.clause} allows {may.replace('_', ' ')}"
        )
    if "paused" in states:
        raise IllegalAction(f"the clocks of {case} stand still already")
    if "running" not in states:
        raise IllegalAction(f"no clock of {case} runs on that day")


def require_paused(case: str, states: Collection[str]) -> None:
    """Refuse to let clocks run on that do not stand still.

    :raises IllegalAction: they run, or there are none.
    """
    if "paused" not in states:
        raise IllegalAction(f"the clocks of {case} do not stand still")


def require_later(
    case: str, clock: str, running: Collection[str], *, ends: date | None, until_on: date
) -> None:
    """Refuse to extend a clock that does not run, or to an earlier day.

    :raises IllegalAction: naming the clocks that run.
    """
    if clock not in running:
        runs = " and ".join(f"the time {NAMES[name]}" for name in NAMES if name in running)
        raise IllegalAction(
            f"cannot extend the time {NAMES.get(clock, clock)} in {case}: {runs or 'no clock'} runs"
        )
    if ends is not None and until_on <= ends:
        raise IllegalAction(f"the time {NAMES[clock]} in {case} runs until {ends} as it is")
