"""Bodies, seats, and the decisions that a clerk records."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from governance import events, rules, selectors
from governance.models import Body, Decision, Resolution, Seat
from governance.rules import voting
from governance.rules.voting import Vote
from ledger import services as ledger
from members.models import Member
from rulebooks.models import Edition
from rulebooks.rules.adoption import Resolved
from rulebooks.rules.decisions import Outcome


class NotBefore(ValueError):
    """The text that the body resolved about is not the draft as it stands."""


@transaction.atomic
def create_body(*, code: str, name: str, by: User, on: date) -> Body:
    """Create a body; ``code`` is the one that editions name. Twice changes nothing.

    :raises PermissionDenied: ``by`` may not manage bodies.
    """
    access.require(by, Permission.BODY_MANAGE)
    body, created = Body.objects.get_or_create(code=code, defaults={"name": name})
    if created:
        ledger.record(events.BodyCreated(body=code), subject=body, actor=by, on=on)
    return body


@transaction.atomic
def create_bodies(*, by: User, on: date) -> list[Body]:
    """Create the bodies of the edition of ``on`` that are not there yet, and return them.

    :raises PermissionDenied: ``by`` may not manage bodies.
    """
    access.require(by, Permission.BODY_MANAGE)
    return [
        create_body(code=body.code, name=body.name, by=by, on=on)
        for body in selectors.missing_bodies(on=on)
    ]


@transaction.atomic
def give_seat(*, body: Body, user: User, chamber: str, by: User, on: date) -> Seat:
    """Seat ``user`` on a body from ``on``, for a chamber if any; a seat already held stays.

    :raises PermissionDenied: ``by`` may not manage bodies.
    :raises rules.NoSeat: the edition gives the chamber no seat on it, or all of them are held.
    """
    access.require(by, Permission.BODY_MANAGE)
    Body.objects.select_for_update().get(pk=body.pk)
    if not Seat.objects.filter(body=body, user=user, until_on=None).exists():
        stated = selectors.stated_seats(body.code, on=on)
        held = Seat.objects.filter(body=body, chamber=chamber, until_on=None).count()
        rules.require_seat(body.code, chamber, stated=stated, held=held)
    seat, created = Seat.objects.get_or_create(
        body=body, user=user, until_on=None, defaults={"chamber": chamber, "from_on": on}
    )
    if created:
        event = events.SeatGiven(body=body.code, chamber=chamber or None, user_id=user.pk)
        ledger.record(event, subject=seat, actor=by, on=on)
    return seat


@transaction.atomic
def end_seat(*, seat_id: int, by: User, on: date) -> Seat:
    """End a seat on ``on``, the first day without it.

    :raises PermissionDenied: ``by`` may not manage bodies.
    :raises Seat.DoesNotExist: no seat of that number is held.
    """
    access.require(by, Permission.BODY_MANAGE)
    seats = Seat.objects.select_for_update(of=("self",)).select_related("body")
    seat = seats.get(pk=seat_id, until_on=None)
    seat.until_on = on
    seat.save(update_fields=["until_on"])
    event = events.SeatEnded(body=seat.body.code, user_id=seat.user_id)
    ledger.record(event, subject=seat, actor=by, on=on)
    return seat


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
        decided_by=asked.step.decided_by,
        hearing=asked.deciders,
    )
    if Decision.objects.filter(matter=matter, outcome__in=question.outcomes).exists():
        raise rules.NotAsked(f"{matter} has been decided; that decision waits to be carried out")
    if not reasons.strip():
        raise rules.NotAsked(f"a decision in {matter} states its reasons")
    came = _come_of(asked, body, vote)
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


def _come_of(asked: selectors.Matter, body: Body, vote: Vote | None) -> Outcome | None:
    """Return what the votes come to, None where the edition has no rule for them.

    :raises rules.NotAsked: the votes are missing, or there is no rule for them.
    """
    if asked.rule_for(body.code) is None and vote is None:
        return None
    if vote is None:
        raise rules.NotAsked(f"{body.code} decides {asked.code} by a vote; count it")
    return voting.come_of(asked.edition, body.code, asked.question, vote)


def _numbers(came: Outcome | None) -> dict[str, object]:
    if came is None:
        return {}
    return {
        "rule": came.rule,
        "stage": came.stage,
        "carried": came.passed,
        "counts": voting.counts(came),
    }


@transaction.atomic
def record_resolution(
    *,
    edition_id: int,
    sha256: str,
    body: Body,
    reference: str,
    outcome: Resolved,
    votes: rules.Votes | None,
    by: User,
    on: date,
) -> Resolution:
    """Record what ``body`` resolved on ``on`` about a draft; no votes means by consensus.

    It changes nothing by itself: the secretariat adopts the edition on it. The same resolution
    twice is recorded once.

    :raises PermissionDenied: ``by`` may not record decisions.
    :raises NotBefore: the edition is adopted, the draft was changed since, or another resolution
        of that body has the reference.
    """
    access.require(by, Permission.DECISION_RECORD)
    row = Edition.objects.visible_to(by).select_for_update().get(pk=edition_id)
    held = Resolution.objects.filter(body=body, reference=reference).first()
    if held is not None and (held.edition, held.sha256, held.outcome) == (row, sha256, outcome):
        return held
    if held is not None:
        raise NotBefore(f"{body} has another resolution {reference}; give this one its own number")
    if row.status != Edition.Status.DRAFT or row.sha256 != sha256:
        raise NotBefore(f"{row.code} is no longer the draft that you read; open it again")
    counted = {
        "in_favor": votes and votes.in_favor,
        "against": votes and votes.against,
        "abstained": votes and votes.abstained,
    }
    event = events.EditionResolved(
        body=body.code,
        edition=row.code,
        sha256=sha256,
        reference=reference,
        outcome=Resolved(outcome).value,
        **counted,
    )
    return Resolution.objects.create(
        body=body,
        edition=row,
        sha256=sha256,
        reference=reference,
        outcome=Resolved(outcome).value,
        **counted,
        taken_on=on,
        entry=ledger.record(event, subject=row, actor=by, on=on),
        recorded_by=by,
    )
