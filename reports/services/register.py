"""The acts by which something enters the public register, and leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from kpis.models import Scorecard, ScoreRun
from kpis.rules.scoring import Card
from ledger import services as ledger
from members import access
from members.models import Member
from members.rules import standing_words
from reports import events, selectors
from reports.models import Publication
from reports.rules.publicity import require_public
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from targets.models import Period

CHUNK = 2_000
Sort = Publication.Sort


class NothingToPublish(ValueError):
    """There is nothing that could enter the register, or it stands there already."""


@transaction.atomic
def publish_membership(*, member: Member, by: User, on: date) -> Publication:
    """Put a member into the public register.

    :raises PermissionDenied: ``by`` may not publish.
    :raises NotPublic: the edition in force on ``on`` keeps its members to itself.
    :raises NothingToPublish: the member stands there already, or has left.
    """
    access.require(by, Permission.REGISTER_PUBLISH)
    edition = rulebooks.edition_in_force(on).document
    member = _locked(member)
    require_public(edition, "membership", happened_on=member.admitted_on, on=on)
    if selectors.standing_on(member, on) in (None, "left"):
        raise NothingToPublish(f"{member.code} is no member on {on}")
    if _in_force(member, Sort.MEMBERSHIP):
        raise NothingToPublish(f"{member.code} stands in the register already")
    line = _membership(member, edition, by)
    line.save()
    return _published(line, by=by, on=on)


@transaction.atomic
def publish_memberships(*, by: User, on: date) -> int:
    """Put all members into the register that are not in it, and return how many there were.

    :raises PermissionDenied: ``by`` may not publish.
    :raises NotPublic: the edition in force on ``on`` keeps its members to itself.
    :raises NothingToPublish: all stand there already.
    """
    access.require(by, Permission.REGISTER_PUBLISH)
    edition = rulebooks.edition_in_force(on).document
    policy = require_public(edition, "membership", happened_on=None, on=on)
    rows = selectors.not_in_register(on=on).select_for_update(of=("self",)).order_by("pk")
    count = _insert(
        _membership(member, edition, by)
        for member in rows.iterator(CHUNK)
        if policy.earliest(member.admitted_on, holidays=edition.closed_days) <= on
    )
    if not count:
        raise NothingToPublish("every member stands in the register already")
    ledger.record(
        events.MembershipsPublished(count=count),
        subject=rulebooks.edition_in_force(on),
        actor=by,
        on=on,
    )
    return count


@transaction.atomic
def publish_standing(*, member: Member, by: User, on: date) -> Publication:
    """Publish the measure that is in force against ``member`` on ``on``: an act, never automatic.

    It takes the place of a measure published earlier.

    :raises PermissionDenied: ``by`` may not publish.
    :raises NotPublic: the edition in force on ``on`` keeps such a measure to the members, or
        until a later day.
    :raises NothingToPublish: no measure is in force, or this one is published.
    """
    access.require(by, Permission.REGISTER_PUBLISH)
    edition = rulebooks.edition_in_force(on).document
    require_public(edition, "measure", happened_on=None, on=on)
    member = _locked(member)
    span = selectors.measure_on(member, on)
    if span is None:
        raise NothingToPublish(
            f"no measure against {member.code} can be published on {on}: none is in force, or it"
            " waits until it is final"
        )
    policy = require_public(
        edition, "measure", happened_on=span.from_on, on=on, standing=span.state
    )
    before = _in_force(member, Sort.STANDING)
    if before and (before.state, before.since_on) == (span.state, span.from_on):
        raise NothingToPublish(f"this standing of {member.code} is published already")
    if before:
        _withdraw(before, why="replaced", by=by, on=on)
    words, kind = standing_words(span.state)
    line = Publication.objects.create(
        member=member,
        sort=Sort.STANDING,
        state=span.state,
        since_on=span.from_on,
        content={
            "words": words,
            "kind": kind,
            "clause": span.clause,
            "edition": span.edition,
            "published_under": policy.clause,
        },
        published_at=timezone.now(),
        published_by=by,
    )
    return _published(line, by=by, on=on)


@transaction.atomic
def withdraw(*, publication_id: int, by: User, on: date, why: str = "by_hand") -> Publication:
    """Take one line out of the register. It stays on record that it stood there.

    :raises PermissionDenied: ``by`` may not publish.
    :raises Publication.DoesNotExist: no such line stands in the register.
    """
    access.require(by, Permission.REGISTER_PUBLISH)
    lines = Publication.objects.visible_to(by).select_for_update(of=("self",))
    line = lines.select_related("member").get(pk=publication_id)
    return _withdraw(line, why=why, by=by, on=on)


@transaction.atomic
def withdraw_what_no_longer_holds(*, member: Member, by: User, on: date) -> list[Publication]:
    """Withdraw what the register says against ``member`` and no longer holds on ``on``.

    Of one that left, all but its scores. A graver standing takes the place of a lighter one by
    a new act only.

    :raises PermissionDenied: ``by`` may not publish.
    """
    access.require(by, Permission.REGISTER_PUBLISH)
    member = _locked(member)
    lines = Publication.objects.visible_to(by).filter(member=member).exclude(sort=Sort.SCORE)
    now = selectors.standing_on(member, on)
    return [
        _withdraw(line, why="left" if now == "left" else "ended", by=by, on=on)
        for line in lines.order_by("pk")
        if now == "left" or selectors.is_lighter(now, than=line)
    ]


@transaction.atomic
def publish_scores(*, period: Period, by: User, on: date) -> int:
    """Publish the scores of a period in the register, and return of how many members.

    Those of the run that members were last shown, of the members that stand in the register. They
    take the place of what an earlier run gave.

    :raises PermissionDenied: ``by`` may not publish.
    :raises NotPublic: the edition of the period keeps scorecards to the member.
    :raises NothingToPublish: no run was published, or the register shows it already.
    """
    access.require(by, Permission.REGISTER_PUBLISH)
    period = Period.objects.select_for_update(no_key=True, of=("self",)).get(pk=period.pk)
    edition = period.edition.document
    require_public(edition, "score", happened_on=None, on=on)
    run = selectors.run_to_publish(period)
    if run is None:
        raise NothingToPublish(f"no scores of {period.code} that the register does not show")
    shown_on = timezone.localdate(run.published_at)
    require_public(edition, "score", happened_on=shown_on, on=on)
    withdrawn = Publication.objects.filter(
        sort=Sort.SCORE, about=period.code, withdrawn_at=None
    ).update(withdrawn_at=timezone.now(), withdrawn_by=by)
    count = _insert(_score(card, run, edition, by) for card in _cards(run))
    event = events.ScoresPublished(period=period.code, run=run.pk, count=count, withdrawn=withdrawn)
    ledger.record(event, subject=run, actor=by, on=on)
    return count


@transaction.atomic
def withdraw_scores(*, period: Period, by: User, on: date) -> int:
    """Take all scores of a period out of the register, and return how many there were.

    :raises PermissionDenied: ``by`` may not publish.
    """
    access.require(by, Permission.REGISTER_PUBLISH)
    lines = Publication.objects.filter(sort=Sort.SCORE, about=period.code, withdrawn_at=None)
    count = lines.update(withdrawn_at=timezone.now(), withdrawn_by=by)
    if count:
        event = events.ScoresWithdrawn(period=period.code, count=count)
        ledger.record(event, subject=period, actor=by, on=on)
    return count


def _locked(member: Member) -> Member:
    """Return the member, locked: two acts on its lines come one after the other."""
    return Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)


def _in_force(member: Member, sort: Sort) -> Publication | None:
    return Publication.objects.filter(member=member, sort=sort, withdrawn_at=None).first()


def _membership(member: Member, edition: Edition, by: User) -> Publication:
    classes = {c.code: c.name for c in edition.classes}
    chambers = {c.code: c.name for c in edition.chambers}
    return Publication(
        member=member,
        sort=Sort.MEMBERSHIP,
        state=member.member_class,
        since_on=member.admitted_on,
        content={
            "class": classes.get(member.member_class, member.member_class),
            "chamber": chambers.get(member.chamber, member.chamber),
        },
        published_at=timezone.now(),
        published_by=by,
    )


def _cards(run: ScoreRun) -> Iterator[Scorecard]:
    """Yield the cards of ``run`` of the members whose membership is public."""
    public = Publication.objects.filter(
        member=OuterRef("member"), sort=Sort.MEMBERSHIP, withdrawn_at=None
    )
    cards = run.cards.filter(Exists(public)).order_by("pk")
    yield from cards.only("member", "card", "band", "verdict").iterator(CHUNK)


def _score(row: Scorecard, run: ScoreRun, edition: Edition, by: User) -> Publication:
    card, bands = Card.read(row.card), edition.bands.bands if edition.bands else ()
    band = next((band for band in bands if band.code == card.band), None)
    return Publication(
        member_id=row.member_id,
        sort=Sort.SCORE,
        about=run.period.code,
        state=row.band,
        since_on=run.published_at.date(),
        content={
            "period": run.period.name,
            "total": None if card.total is None else f"{card.total:f}",
            "band": band.label if band else "",
            "kind": band.status if band else "none",
            "verdict": row.verdict,
            "clause": band.clause if band else "",
            "edition": edition.code,
            "run": run.pk,
        },
        published_at=timezone.now(),
        published_by=by,
    )


def _insert(lines: Iterator[Publication]) -> int:
    count = 0
    while batch := list(islice(lines, CHUNK)):
        count += len(Publication.objects.bulk_create(batch))
    return count


def _published(line: Publication, *, by: User, on: date) -> Publication:
    event = events.LinePublished(member=line.member.code, sort=line.sort, state=line.state or None)
    ledger.record(event, subject=line, actor=by, on=on)
    return line


def _withdraw(line: Publication, *, why: str, by: User, on: date) -> Publication:
    line.withdrawn_at, line.withdrawn_by = timezone.now(), by
    line.save(update_fields=["withdrawn_at", "withdrawn_by"])
    event = events.LineWithdrawn(
        member=line.member.code, sort=line.sort, state=line.state or None, why=why
    )
    ledger.record(event, subject=line, actor=by, on=on)
    return line
