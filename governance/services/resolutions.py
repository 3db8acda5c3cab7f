"""What bodies resolve about drafts of the rulebook."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from governance import events, rules, selectors
from governance.models import Body, Resolution
from governance.rules import voting
from governance.rules.voting import EDITION, Vote
from ledger import services as ledger
from rulebooks.models import Edition
from rulebooks.rules.adoption import Resolved
from rulebooks.rules.decisions import Outcome


class NotBefore(ValueError):
    """The text that the body resolved about is not the draft as it stands."""


@transaction.atomic
def record_resolution(
    *,
    edition_id: int,
    sha256: str,
    body: Body,
    reference: str,
    outcome: Resolved,
    votes: rules.Votes | None = None,
    vote: Vote | None = None,
    by: User,
    on: date,
) -> Resolution:
    """Record what ``body`` resolved on ``on`` about a draft; no votes means by consensus.

    Where the edition in force on that day says which body decides on editions, and by which rule,
    ``vote`` is what that body voted by group, and has to allow the resolution.

    It changes nothing by itself: the secretariat adopts the edition on it. The same resolution
    twice is recorded once.

    :raises PermissionDenied: ``by`` may not record decisions.
    :raises NotBefore: the edition is adopted, the draft was changed since, or another resolution
        of that body has the reference.
    :raises rules.NotAsked: another body decides on editions, or the votes do not allow it.
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
    came = _come_of(body, vote, Resolved(outcome), on)
    counted = _counted(votes, came)
    event = events.EditionResolved(
        body=body.code,
        edition=row.code,
        sha256=sha256,
        reference=reference,
        outcome=Resolved(outcome).value,
        **counted,
        **_judged(came),
    )
    return Resolution.objects.create(
        body=body,
        edition=row,
        sha256=sha256,
        reference=reference,
        outcome=Resolved(outcome).value,
        **counted,
        vote=came and voting.as_stored(came),
        taken_on=on,
        entry=ledger.record(event, subject=row, actor=by, on=on),
        recorded_by=by,
    )


def _come_of(body: Body, vote: Vote | None, outcome: Resolved, on: date) -> Outcome | None:
    """Return what the votes come to by the edition in force, None where it has no rule for it.

    :raises rules.NotAsked: another body decides on editions, the votes are missing, or they do
        not allow that resolution.
    """
    document = selectors.edition_of_resolutions(on)
    if document is None:
        return None
    voting.require_decides(document, body.code, EDITION)
    if vote is None:
        raise rules.NotAsked(f"{body.code} decides on editions by a vote; count it by group")
    there = selectors.sitting(document, body.code, on=on)
    came = voting.come_of(document, body.code, EDITION, vote, sitting=there)
    voting.require_resolved(outcome, came)
    return came


def _counted(votes: rules.Votes | None, came: Outcome | None) -> dict[str, int | None]:
    """Return how many were for, against and abstained, of the vote by group where there is one."""
    told = came.total if came else votes
    names = ("in_favor", "against", "abstained")
    return {name: getattr(told, name) if told else None for name in names}


def _judged(came: Outcome | None) -> dict[str, object]:
    if came is None:
        return {}
    counts = voting.counts(came)
    return {"rule": came.rule, "stage": came.stage, "carried": came.passed, "counts": counts}
