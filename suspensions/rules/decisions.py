"""Which step a case may aim at, and which decision of which body on which day counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from governance import rules as asked
from governance.rules import Decided, Outcome
from rulebooks.rules.edition import Edition
from rulebooks.rules.ladder import Ladder, Step
from rulebooks.rules.terms import after
from suspensions.rules.procedure import Action, IllegalAction, Stage

OUTCOMES = {
    Outcome.IMPOSE: Action.IMPOSE,
    Outcome.DISMISS: Action.DISMISS,
    Outcome.UPHELD: Action.UPHOLD,
    Outcome.SET_ASIDE: Action.SET_ASIDE,
    Outcome.LIFT: Action.LIFT,
}


def ladder_for(edition: Edition, rules: Iterable[str]) -> Ladder:
    """Return the ladder that breaches of ``rules`` lead to.

    :raises IllegalAction: one leads to none, or they lead to different ones.
    """
    found: dict[str, Ladder] = {}
    for rule in sorted(rules):
        ladder = edition.ladder_for(rule)
        if ladder is None:
            raise IllegalAction(
                f"cannot open a case on {rule}: no ladder of {edition.code} names it"
            )
        found.setdefault(ladder.code, ladder)
    if len(found) != 1:
        names = " and ".join(found) or "none"
        raise IllegalAction(
            f"these breaches lead to different ladders ({names}): open a case on each"
        )
    return next(iter(found.values()))


def step_for(ladder: Ladder, in_force: Iterable[str], proposed: Iterable[str] = ()) -> Step:
    """Return the step that a new case aims at.

    It is the gravest that the rules propose, where steps count misses or follow in time. Else it
    is the ladder's start, or the step after the gravest one of it that is in force.

    :raises IllegalAction: no step is left.
    """
    due = [step for step in ladder.steps if step.code in set(proposed)]
    if due:
        return due[-1]
    places = {step.code: place for place, step in enumerate(ladder.steps)}
    reached = max((places[code] for code in in_force if code in places), default=None)
    if reached is None:
        return ladder.step(ladder.start)
    step = ladder.steps[reached]
    if step.next is None:
        raise IllegalAction(f"cannot open a case: {step.code} is in force, the last step there is")
    return ladder.step(step.next)


def require_entry(ladder: Ladder, aim: Step, step: str | None, reasons: str) -> Step:
    """Return the step at which a case enters: its aim, or for a serious case a graver one.

    :raises IllegalAction: the ladder lets no case enter there, or no reasons are given.
    """
    if step in (None, aim.code):
        return aim
    allowed = [aim.code, *ladder.serious_cases]
    if step not in allowed:
        raise IllegalAction(
            f"this case aims at {aim.code}, not at {step}; allowed: {', '.join(allowed)}"
        )
    if not reasons.strip():
        raise IllegalAction(f"nothing is written: say why the case enters at {step}")
    return ladder.step(step)


def require_due(
    ladder: Ladder, entry: Step, proposed: Iterable[str], *, due_on: date | None
) -> None:
    """Refuse a case at a first step that waits, before the rules propose it.

    ``due_on`` is the day on which they will, None while no day leads to it.

    :raises IllegalAction: it is too early, saying from which day on.
    """
    if not ladder.waits or entry.code != ladder.start or entry.code in set(proposed):
        return
    when = f"is due on {due_on}" if due_on else "is not due on any day that is known"
    raise IllegalAction(
        f"cannot open a case at {entry.name} yet: by clause {entry.clause} it {when}"
    )


def require_heard(case: str, step: Step, stage: str | None) -> None:
    """Refuse a decision on a step that promises an oral hearing before that was held or waived.

    :raises IllegalAction: it was neither.
    """
    if step.hearing == "oral" and stage in (Stage.ANSWERED, Stage.UNANSWERED):
        raise IllegalAction(
            f"{case} cannot be decided yet: {step.name} promises an oral hearing, held or waived"
        )


def require_reinstatement(
    case: str, step: Step, *, cured: bool, committed: bool, in_force_since: date, on: date
) -> None:
    """Refuse to lift a measure whose way back the member has not gone.

    :raises IllegalAction: saying what is missing.
    """
    lines = way_back(step, cured=cured, committed=committed, in_force_since=in_force_since, on=on)
    told = [line.words for line in lines if not line.done]
    if told:
        clause = step.reinstatement.clause
        raise IllegalAction(f"cannot lift {case} by clause {clause}: needs {', '.join(told)}")


@dataclass(frozen=True, slots=True)
class WayBack:
    """One thing that a step asks for before it is lifted, and whether it is there."""

    words: str
    done: bool


def way_back(
    step: Step, *, cured: bool, committed: bool, in_force_since: date, on: date
) -> list[WayBack]:
    """Return what a step asks for before it is lifted, each with whether it is there on a day."""
    way = step.reinstatement
    if way is None:
        return []
    done = {"cure_evidence": cured, "new_commitment": committed, "new_admission": False}
    lines = [WayBack(need.replace("_", " "), done[need]) for need in way.needs]
    if way.wait is not None:
        first = after(in_force_since, way.wait)
        lines.append(WayBack(f"waiting until {first}", on >= first))
    return lines


def require_decides(
    decided: Decided,
    *,
    case: str,
    member: str,
    stage: str | None,
    awaited_from: date,
    decided_by: str,
    on: date,
    hearing: Collection[str] | None = None,
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
            case, stage, outcome=decided.outcome, body=decided.body, decided_by=decided_by,
            hearing=hearing,
        )  # fmt: skip
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
