"""Votes that decide nothing yet: a stage that did not carry, a body of which too many step aside.

The next stage is not voted on before the one ahead of it was, and a substitute body decides only
once the vote of the first body has called it.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from governance.rules import NotAsked
from rulebooks.rules.decisions import DecisionRule, State
from rulebooks.rules.decisions.rule import Stage
from rulebooks.rules.terms import after

OPEN = (State.NEXT_STAGE, State.SUBSTITUTE)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A vote that decided nothing: of which body, at which stage, what it came to, what is next."""

    body: str
    stage: str
    state: State
    then: str
    taken_on: date


@dataclass(frozen=True, slots=True)
class Turn:
    """The stage that a body votes at next, and the first day on which it may."""

    stage: Stage
    from_on: date | None = None
    waits_for: str = ""


def decider(first: str, earlier: Sequence[Earlier]) -> str:
    """Return the body that decides: the first one, or the substitute that its vote called."""
    body = first
    for vote in earlier:
        if vote.state is State.SUBSTITUTE and vote.body == body:
            body = vote.then
    return body


def stood_in_for(body: str, earlier: Sequence[Earlier]) -> str | None:
    """Return the body for which ``body`` decides, because that one's vote called it."""
    called = [vote.body for vote in earlier if vote.then == body]
    return called[-1] if called else None


def turn(
    rule: DecisionRule, body: str, earlier: Sequence[Earlier], *, holidays: Container[date]
) -> Turn:
    """Return the stage at which ``body`` votes next under ``rule``."""
    own = [vote for vote in earlier if vote.body == body and vote.state is State.NEXT_STAGE]
    stage = rule.stage(own[-1].then) if own else rule.stages[0]
    if stage.kind != "referral":
        return Turn(stage)
    following = rule.after(stage)
    if not own or stage.within is None:
        return Turn(following, waits_for=stage.to)
    last = after(own[-1].taken_on, stage.within, holidays=holidays)
    return Turn(following, last + timedelta(days=1), stage.to)


def require_turn(matter: str, rule: DecisionRule, body: str, stage: str | None, at: Turn,
                 *, on: date) -> None:  # fmt: skip
    """Refuse a vote at another stage than the next one, or while a referral lasts.

    :raises NotAsked: saying which stage comes next, from which day, by which clause.
    """
    voted = stage or rule.stages[0].code
    if voted != at.stage.code:
        raise NotAsked(
            f"{body} votes at stage {at.stage.code} next in {matter}, not at {voted}"
            f" (rule {rule.code}, clause {rule.clause})"
        )
    if at.from_on is not None and on < at.from_on:
        raise NotAsked(
            f"{matter} is with {at.waits_for} until {at.from_on - timedelta(days=1)}; the vote at"
            f" {voted} can be taken from {at.from_on} (rule {rule.code}, clause {rule.clause})"
        )
