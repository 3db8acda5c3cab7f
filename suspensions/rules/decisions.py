"""Which step a case may aim at, and which decision of which body on which day counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from governance import rules as asked
from governance.rules import Decided, Outcome
from rulebooks.rules.ladder import Ladder, Step
from rulebooks.rules.schema import selects
from suspensions.rules.procedure import Action, IllegalAction

OUTCOMES = {
    Outcome.IMPOSE: Action.IMPOSE,
    Outcome.DISMISS: Action.DISMISS,
    Outcome.UPHELD: Action.UPHOLD,
    Outcome.SET_ASIDE: Action.SET_ASIDE,
    Outcome.LIFT: Action.LIFT,
}


def step_for(ladder: Ladder | None, in_force: Iterable[str]) -> Step:
    """Return the step that a new case aims at.

    It is the ladder's start, or the step after the gravest one that is in force.

    :raises IllegalAction: there is no ladder, or no step is left.
    """
    if ladder is None:
        raise IllegalAction("cannot open a case: the edition in force has no ladder")
    places = {step.code: place for place, step in enumerate(ladder.steps)}
    reached = max((places[code] for code in in_force if code in places), default=None)
    if reached is None:
        return ladder.step(ladder.start)
    step = ladder.steps[reached]
    if step.next is None:
        raise IllegalAction(f"cannot open a case: {step.code} is in force, the last step there is")
    return ladder.step(step.next)


def require_leads_to_case(ladder: Ladder, rules: Iterable[str]) -> None:
    """Refuse breaches of rules that the ladder does not name.

    :raises IllegalAction: naming the rule.
    """
    for rule in rules:
        if not selects(ladder.breaches, rule):
            raise IllegalAction(
                f"cannot open a case on {rule}: clause {ladder.clause} does not name it"
            )


def require_decides(
    decided: Decided,
    *,
    case: str,
    member: str,
    stage: str | None,
    awaited_from: date,
    decided_by: str,
    on: date,
) -> Action:
    """Return the act that a decision calls for in a case at ``stage``.

    ``awaited_from`` is the first day on which a body could decide what is asked at that stage.

    :raises IllegalAction: it was taken in another matter, by another body, too early, after
        ``on``, or decides something that is not asked now.
    """

    def refuse(why: object) -> IllegalAction:
        return IllegalAction(f"cannot carry this decision out in {case}: {why}")

    if (decided.matter, decided.member) != (case, member):
        raise refuse(f"it was taken in {decided.matter} about {decided.member}")
    try:
        asked.require_asked(
            case, stage, outcome=decided.outcome, body=decided.body, decided_by=decided_by
        )
    except asked.NotAsked as error:
        raise refuse(error) from None
    if decided.taken_on < awaited_from:
        raise refuse(f"it was taken on {decided.taken_on}; the first day was {awaited_from}")
    if decided.taken_on > on:
        raise refuse(f"it is dated {decided.taken_on}, after {on}")
    return OUTCOMES[decided.outcome]


def require_not_before(effective_on: date, on: date, case: str) -> None:
    """Refuse a measure that would hold from a day before the act.

    :raises IllegalAction: it would.
    """
    if effective_on < on:
        raise IllegalAction(
            f"the measure in {case} cannot hold from {effective_on}: that is before {on}"
        )
