"""What bodies decide in matters about members, and the votes that lead there."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from governance import events, rules, selectors
from governance.models import Body, Decision, Round
from governance.rules import rounds, voting
from governance.rules.voting import Vote
from ledger import services as ledger
from members.models import Member
from rulebooks.rules.decisions import Outcome


@transaction.atomic
def record_decision(
    *,
    member: Member,
    body: Body,
    matter: str,
    outcome: str,
    reasons: str,
    vote: Vote | None = None,
    by: User,
    on: date,
) -> Decision:
    """Record what ``body`` decided on ``on`` in a matter that awaited it that day.

    Where the edition of the case says by which rule the body votes, ``vote`` is what it voted on
    the motion, and has to allow that decision. It changes nothing by itself: the case officer
    carries it out.

    :raises PermissionDenied: ``by`` may not record decisions.
    :raises rules.NotAsked: the matter does not await that decision of that body on ``on``, it is
        about somebody else, it has been decided, or no reasons are given.
    :raises voting.NotCarried: the votes do not allow it.
    """
    access.require(by, Permission.DECISION_RECORD)
    Member.objects.select_for_update().get(pk=member.pk)
    asked = selectors.matter(matter, on=on)
    if asked is None or asked.member != member:
        raise rules.NotAsked(f"no matter {matter} about {member.code} is open on {on}")
    question = rules.require_asked(
        matter,
        asked.stage,
        outcome=outcome,
        body=body.code,
        decided_by=asked.decided_by,
        hearing=asked.deciders,
    )
    if Decision.objects.filter(matter=matter, outcome__in=question.outcomes).exists():
        raise rules.NotAsked(f"{matter} has been decided; that decision waits to be carried out")
    if not reasons.strip():
        raise rules.NotAsked(f"a decision in {matter} states its reasons")
    came = _come_of(asked, body, vote, on)
    if came is not None:
        voting.require_carried(matter, question, outcome, came)
    event = events.DecisionRecorded(
        member=member.code,
        body=body.code,
        matter=matter,
        outcome=outcome,
        **_numbers(came),
    )
    entry = ledger.record(event, subject=member, actor=by, on=on)
    return Decision.objects.create(
        member=member,
        body=body,
        matter=matter,
        outcome=outcome,
        reasons=reasons.strip(),
        taken_on=on,
        carried=came and came.passed,
        vote=came and voting.as_stored(came),
        proof=asked.proof,
        entry=entry,
        recorded_by=by,
    )


@transaction.atomic
def record_round(
    *, member: Member, body: Body, matter: str, vote: Vote, by: User, on: date
) -> Round:
    """Record a vote of ``on`` that decides nothing: another stage follows, or another body.

    The next vote in the matter is held to it.

    :raises PermissionDenied: ``by`` may not record decisions.
    :raises rules.NotAsked: the matter does not await that body, it has been decided, the stage is
        not the next one, or that vote decides, or was no vote.
    """
    access.require(by, Permission.DECISION_RECORD)
    Member.objects.select_for_update().get(pk=member.pk)
    asked = selectors.matter(matter, on=on)
    if asked is None or asked.member != member or asked.question is None:
        raise rules.NotAsked(f"no matter {matter} about {member.code} awaits a vote on {on}")
    outcomes = asked.question.outcomes
    rules.require_asked(
        matter,
        asked.stage,
        outcome=outcomes[0],
        body=body.code,
        decided_by=asked.decided_by,
        hearing=asked.deciders,
    )
    if Decision.objects.filter(matter=matter, outcome__in=outcomes).exists():
        raise rules.NotAsked(f"{matter} has been decided; no further vote is taken on it")
    came = _come_of(asked, body, vote, on)
    if came is None or came.state not in rounds.OPEN:
        said = voting.WORDS[came.state] if came else "taken without a rule"
        raise rules.NotAsked(f"the motion in {matter} was {said}; no further vote follows from it")
    event = events.VoteCounted(
        member=member.code,
        body=body.code,
        matter=matter,
        question=asked.question.code,
        state=came.state.value,
        then=came.next,
        **_numbers(came),
    )
    return Round.objects.create(
        member=member,
        body=body,
        matter=matter,
        question=asked.question.code,
        taken_on=on,
        entry=ledger.record(event, subject=member, actor=by, on=on),
        recorded_by=by,
        **Round.fields_of(came),
    )


def _come_of(asked: selectors.Matter, body: Body, vote: Vote | None, on: date) -> Outcome | None:
    """Return what the votes come to, None where the edition has no rule for them.

    :raises rules.NotAsked: the votes are missing, there is no rule for them, or it is not the turn
        of that stage.
    """
    if asked.rule_for(body.code) is None and vote is None:
        return None
    if vote is None:
        raise rules.NotAsked(f"{body.code} decides {asked.code} by a vote; count it")
    rule, turn = asked.rule_for(body.code), asked.turn(body.code)
    if rule is not None:
        rounds.require_turn(asked.code, rule, body.code, vote.stage, turn, on=on)
    return voting.come_of(
        asked.edition,
        body.code,
        asked.question.code,
        vote,
        instead_of=asked.instead_of(body.code),
        sitting=selectors.sitting(asked.edition, body.code, on=on),
    )


def _numbers(came: Outcome | None) -> dict[str, object]:
    if came is None:
        return {}
    return {
        "rule": came.rule,
        "stage": came.stage,
        "carried": came.passed,
        "counts": voting.counts(came),
    }
