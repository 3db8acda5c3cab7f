"""What the votes that a clerk counted come to, and which decision they allow to record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from governance.rules import NotAsked, Question
from governance.rules.groups import Sitting, hold
from rulebooks.rules.adoption import Resolved
from rulebooks.rules.decisions import (
    DecisionRule,
    Electorate,
    Miscounted,
    NotAVote,
    Outcome,
    State,
    Tally,
    Unseated,
    outcome,
)
from rulebooks.rules.decisions.outcome import Casting
from rulebooks.rules.edition import Edition
from rulebooks.rules.ladder import Step

WORDS = {
    State.PASSED: "carried",
    State.FAILED: "not carried",
    State.NOT_QUORATE: "taken without a quorum",
    State.TIED: "tied",
    State.NEXT_STAGE: "not carried at this stage",
    State.SUBSTITUTE: "for another body: too many are recused",
    State.INADMISSIBLE: "inadmissible as proposed",
}


EDITION = "edition"  # the question whether a draft is adopted


class NotCarried(NotAsked):
    """The votes do not allow that decision. ``came`` holds every ground."""

    def __init__(self, message: str, came: Outcome) -> None:
        super().__init__(message)
        self.came = came


@dataclass(frozen=True)
class Vote:
    """A vote on the motion of a question, as the clerk counted it by group.

    ``present`` null: whoever voted was there. ``seats`` are those of groups whose number the body
    leaves open; ``proposers`` the groups of those who proposed.
    """

    counts: Mapping[str, Tally]
    present: Mapping[str, int] | None = None
    recused: Mapping[str, int] = field(default_factory=dict)
    seats: Mapping[str, int] = field(default_factory=dict)
    stage: str | None = None
    proposers: Collection[str] | None = None
    casting: Casting | None = None


def rule_for(
    edition: Edition, body: str, question: str, *, instead_of: str | None = None
) -> DecisionRule | None:
    """Return the rule by which a body answers a question, None where the edition has none.

    A substitute that has no rule of its own for it goes by that of the body ``instead_of`` which
    it decides.
    """
    for code in dict.fromkeys((body, instead_of)):
        found = next((one for one in edition.bodies if one.code == code), None)
        rule = found.rule_for(question) if found else None
        if rule:
            return edition.decision_rule(rule)
    return None


def deciders(edition: Edition, step: Step, question: Question) -> tuple[str, ...] | None:
    """Return the bodies that may answer a question, None for any but the one that decided first.

    An appeal goes to the bodies that hear appeals from the one that decided, where there are any.
    """
    if question.first_instance:
        return (step.decided_by,)
    hearing = [b.code for b in edition.bodies if step.decided_by in b.hears_appeals_from]
    return tuple(hearing) or None


def come_of(
    edition: Edition,
    body: str,
    question: str,
    vote: Vote,
    *,
    instead_of: str | None = None,
    sitting: Sequence[Sitting] = (),
) -> Outcome:
    """Return what ``vote`` comes to under the rule of ``body`` for ``question``.

    ``sitting`` are those who sit on it, or the members that vote; where the rule limits corporate
    groups, no more votes are taken than they can cast, and no more of them count.

    :raises NotAsked: the edition has no such rule, or the figures cannot be.
    """
    rule = rule_for(edition, body, question, instead_of=instead_of)
    if rule is None:
        raise NotAsked(f"edition {edition.code} has no rule by which {body} votes on this")
    held = hold(
        edition.body(body),
        rule,
        vote.counts,
        sitting,
        seats=vote.seats,
        recused=vote.recused,
        present=vote.present,
    )
    try:
        electorate = Electorate.of(edition.body(body).groups, held.seats)
        came = outcome(
            rule,
            electorate,
            vote.counts,
            held.recused,
            vote.present,
            stage=vote.stage,
            proposers=vote.proposers,
            casting=vote.casting,
        )
    except (Miscounted, NotAVote, Unseated) as error:
        raise NotAsked(str(error)) from None
    return replace(came, notes=(*held.notes, *came.notes))


def require_decides(edition: Edition, body: str, question: str) -> None:
    """Refuse a body that the edition does not ask, where it says which ones it asks.

    :raises NotAsked: naming those that are asked.
    """
    asked = [one.code for one in edition.bodies if one.rule_for(question)]
    if body not in asked:
        clauses = ", ".join(f"{code} (clause {edition.body(code).clause})" for code in asked)
        raise NotAsked(f"by edition {edition.code} {clauses} decides on this, not {body}")


def require_resolved(outcome: Resolved, came: Outcome) -> None:
    """Refuse a resolution on an edition that the votes to adopt it do not allow.

    :raises NotCarried: ``came`` holds every ground, and the message those that failed.
    """
    if came.state is {Resolved.ADOPTED: State.PASSED, Resolved.REJECTED: State.FAILED}[outcome]:
        return
    failed = "; ".join(ground.words for ground in came.failing)
    said = f"the motion to adopt was {WORDS[came.state]} by rule {came.rule}, clause {came.clause}"
    raise NotCarried(f"{said}{': ' * bool(failed)}{failed}", came)


def require_carried(matter: str, question: Question, decided: str, came: Outcome) -> None:
    """Refuse a decision that the votes on the question's motion do not allow.

    :raises NotCarried: the motion is to be recorded and was not carried, the contrary is and it
        was, or nothing is decided yet.
    """
    if came.state is State.PASSED and decided == question.motion:
        return
    if came.state is State.FAILED and decided == question.otherwise:
        return
    motion = question.motion.replace("_", " ")
    said = f"the motion to {motion} in {matter} was {WORDS[came.state]}"
    if came.state is State.PASSED:
        raise NotCarried(f"{said}; record it as {question.motion}", came)
    if came.state is State.FAILED and question.otherwise:
        raise NotCarried(f"{said}; record it as {question.otherwise}", came)
    raise NotCarried(f"{said}; there is nothing to record yet", came)


def as_stored(came: Outcome) -> dict[str, Any]:
    """Return an outcome as a decision keeps it: codes, numbers, and each ground in words."""
    return {
        "rule": came.rule,
        "stage": came.stage,
        "state": came.state.value,
        "grade": came.grade,
        "clause": came.clause,
        "grounds": [{"held": ground.held, "words": ground.words} for ground in came.grounds],
        "notes": list(came.notes),
        "results": came.results,
        "counts": counts(came),
    }


def counts(came: Outcome) -> dict[str, tuple[int, int, int, int, int, int]]:
    """Return by group: for, against, abstained, spoilt, present, recused."""
    return {
        one.group: (
            one.tally.in_favor,
            one.tally.against,
            one.tally.abstained,
            one.tally.spoilt,
            one.present,
            one.recused,
        )
        for one in came.chambers
    }
