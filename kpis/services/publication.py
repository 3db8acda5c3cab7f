"""Publishing the scores of a period: the act that makes them count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from accounts.selectors import system_user
from kpis import events, selectors
from kpis.models import Contest, Scorecard, ScoreRun
from kpis.rules.scoring import Card
from kpis.services.rescoring import settle
from ledger import services as ledger
from ledger.models import Entry
from members import access
from members import services as members
from members.models import Fact
from rulebooks.rules.facts import ScorePublished
from targets.models import Period

CHUNK = 2_000
NAMED = 5  # cards that a refusal names


class CannotPublish(ValueError):
    """The run cannot be published; the message says why."""


@transaction.atomic
def publish_run(*, run_id: int, by: User, on: date) -> ScoreRun:
    """Publish the scores of a run: members see them, and rules read them.

    When scores of the period were published before, each new one corrects the earlier one of its
    member; the earlier cards stay as they are. A member that the new run leaves out keeps its
    earlier score.

    :raises PermissionDenied: ``by`` may not publish scores.
    :raises CannotPublish: the run is going on, was published, or is older than one that was; an
        answer could not be scored; or members may still contest it, or were not answered.
    """
    access.require(by, Permission.SCORE_PUBLISH)
    run = (
        ScoreRun.objects.visible_to(by)
        .select_for_update(no_key=True, of=("self", "period"))
        .select_related("period", "edition")
        .get(pk=run_id)
    )
    if not run.settled:
        run = settle(run_id=run.pk, by=system_user(), on=on)
    earlier = ScoreRun.objects.filter(period=run.period, status=ScoreRun.Status.PUBLISHED)
    earlier = earlier.order_by("-pk").first()
    _refuse(run, earlier)
    _require_contested(run, on)
    run.status, run.published_at, run.published_by = (
        ScoreRun.Status.PUBLISHED,
        timezone.now(),
        by,
    )
    run.told = earlier is None  # with what was told before, a later one could be subtracted
    run.save(update_fields=["status", "published_at", "published_by", "told"])
    event = events.RunPublished(
        period=run.period.code,
        edition=run.edition.code,
        members=run.cards.count(),
        root=run.root,
        corrects_run=earlier and earlier.pk,
    )
    entry = ledger.record(event, subject=run, actor=by, on=on)
    _state(run, entry, on)
    return run


def _refuse(run: ScoreRun, earlier: ScoreRun | None) -> None:
    if run.status == ScoreRun.Status.RUNNING:
        raise CannotPublish(f"run {run.pk} is going on; it can be published when all are scored")
    if run.status == ScoreRun.Status.CANCELLED:
        raise CannotPublish(f"run {run.pk} was cancelled; resume it, or score again")
    if run.status == ScoreRun.Status.PUBLISHED:
        raise CannotPublish(f"run {run.pk} was published on {run.published_at:%Y-%m-%d}")
    if earlier is not None and earlier.pk > run.pk:
        raise CannotPublish(f"run {earlier.pk}, which is newer, was published already")
    problems = run.cards.with_problems().order_by("member__code")
    if codes := list(problems.values_list("member__code", flat=True)[: NAMED + 1]):
        more = " and others" if len(codes) > NAMED else ""
        raise CannotPublish(
            f"an answer is not on its scale for {', '.join(codes[:NAMED])}{more}; "
            "have it corrected and score again"
        )


def _require_contested(run: ScoreRun, on: date) -> None:
    """Refuse while the edition's time to contest has not passed, or a contest has no answer."""
    window = run.edition.document.scoring.contest
    if window is None:
        return
    if run.shown_on is None:
        raise CannotPublish(
            f"its members have {window.within} to contest it first (clause {window.clause}); "
            "show it to them"
        )
    until = selectors.contest_until(run)
    if on <= until:
        raise CannotPublish(f"it can be contested until {until} (clause {window.clause})")
    if codes := _named(run.contests.open()):
        raise CannotPublish(f"a contest has no answer yet: {codes}")
    upheld = run.contests.filter(outcome=Contest.Outcome.UPHELD)
    same = run.cards.filter(member=OuterRef("member"), digest=OuterRef("digest"))
    if codes := _named(upheld.filter(Exists(same))):
        raise CannotPublish(f"a contest was upheld, and the score is as it was: {codes}")


def _named(contests: QuerySet[Contest]) -> str:
    """Return the codes of the members concerned, cut short; empty for none."""
    codes = contests.order_by("member__code").values_list("member__code", flat=True).distinct()
    found = list(codes[: NAMED + 1])
    return ", ".join(found[:NAMED]) + (" and others" if len(found) > NAMED else "")


def _state(run: ScoreRun, entry: Entry, on: date) -> None:
    """State a published score for each member, in the order in which members are locked."""
    cards = run.cards.select_related("member").order_by("member").iterator(CHUNK)
    while batch := list(islice(cards, CHUNK)):
        members.state_many(list(_statements(run.period, batch, on)), entry=entry)


def _statements(
    period: Period, cards: Sequence[Scorecard], on: date
) -> Iterator[members.Statement]:
    stands = Fact.objects.filter(
        member__in=[card.member_id for card in cards],
        kind=ScorePublished.kind,
        key=period.code,
        corrected_by=None,
    )
    earlier = dict(stands.order_by("pk").values_list("member", "pk"))
    for card in cards:
        yield members.Statement(
            member=card.member,
            what=_score(Card.read(card.card)),
            about_on=on,
            key=period.code,
            corrects=earlier.get(card.member_id),
        )


def _score(card: Card) -> ScorePublished:
    """Return what rules may read of a card: published numbers and labels, nothing unrounded."""
    return ScorePublished(
        edition=card.edition,
        numbers={line.node: line.published for line in card.lines if line.published is not None},
        labels={line.node: line.label for line in card.lines if line.label is not None},
        grounds=card.fired,
    )
