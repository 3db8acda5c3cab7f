"""One member scored anew: a value was checked, corrected or came late.

It costs the same among ten members as among a hundred thousand. What the run comes to as a whole
(its root, its ranks) is reckoned again by the reaction to the recorded event, or when it is
published.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from kpis import events, selectors
from kpis.models import ReplacedCard, Scorecard, ScoreRun, Shard
from kpis.services.cards import write_cards
from kpis.services.runs import close_run
from ledger import services as ledger
from members import access
from members.models import Member
from targets.models import Period


class NothingToRescore(ValueError):
    """The member's score is what it would be now, or the period has not been scored."""


@transaction.atomic
def rescore(*, period: Period, member: Member, by: User, on: date) -> ScoreRun:
    """Score one member anew in the newest run of ``period``, and return the run.

    A provisional run gets the new card in the place of the old one, which is kept as a replaced
    card; once a run was shown, its member has the whole time to contest again. After a publication
    the new card is a run of its own, provisional, that corrects the published one. No other
    member's card moves.

    :raises PermissionDenied: ``by`` may not score.
    :raises NothingToRescore: the period was never scored, the member's inputs are the same, or its
        part of a running run has yet to be scored.
    """
    access.require(by, Permission.SCORE_RUN)
    period = Period.objects.select_for_update(no_key=True, of=("self",)).get(pk=period.pk)
    run = _newest(period)
    if run is None:
        raise NothingToRescore(f"period {period.code} has not been scored")
    if run.status == ScoreRun.Status.RUNNING and not _is_scored(run, member):
        raise NothingToRescore(f"run {run.pk} has yet to score {member.code}")
    stands = selectors.card_that_counts(run, member)
    if stands is not None:
        now = selectors.score_now(member, period)
        if (now.fingerprint, now.digest) == (stands.fingerprint, stands.digest):
            raise NothingToRescore(f"{member.code} would score the same for {period.code}")
    if run.status == ScoreRun.Status.PUBLISHED:
        return _correct(run, member, by=by, on=on)
    return _replace(run, stands, member, by=by, on=on)


def _newest(period: Period) -> ScoreRun | None:
    runs = ScoreRun.objects.filter(period=period).select_for_update(no_key=True, of=("self",))
    counting = (
        ScoreRun.Status.RUNNING,
        ScoreRun.Status.PROVISIONAL,
        ScoreRun.Status.PUBLISHED,
    )
    live = runs.filter(status__in=counting)
    return live.select_related("period", "edition").order_by("-pk").first()


def _is_scored(run: ScoreRun, member: Member) -> bool:
    """Wait until the member's shard is in nobody's hands, and return whether it is done."""
    shard = Shard.objects.select_for_update().filter(run=run, member_ids__contains=[member.pk])
    found = shard.first()
    return found is None or found.done_at is not None


def _replace(
    run: ScoreRun, old: Scorecard | None, member: Member, *, by: User, on: date
) -> ScoreRun:
    """Put a new card in the place of the member's old one, which is kept."""
    if old is not None and old.run_id == run.pk:
        window = run.edition.document.scoring.contest
        again = window and run.shown_on is not None
        ReplacedCard.objects.create(
            member=member,
            run=run,
            **{name: getattr(old, name) for name in ("card", "inputs", "digest", "fingerprint")},
            replaced_at=timezone.now(),
            contest_until=window.until(on, holidays=run.edition.document.closed_days)
            if again
            else None,
        )
        Scorecard.objects.filter(pk=old.pk).delete()
    write_cards(run=run, member_ids=[member.pk])
    run.settled = False
    run.save(update_fields=["settled"])
    _record(run, old, member, by=by, on=on)
    return run


def _correct(published: ScoreRun, member: Member, *, by: User, on: date) -> ScoreRun:
    """Score the member in a run of its own, which corrects the published one."""
    run = ScoreRun.objects.create(
        period=published.period,
        edition=published.edition,
        started_at=timezone.now(),
        started_by=by,
        corrects=published,
    )
    Shard.objects.create(run=run, number=1, member_ids=[member.pk], done_at=timezone.now())
    write_cards(run=run, member_ids=[member.pk])
    close_run(run_id=run.pk, by=by, on=on)
    run.refresh_from_db()
    _record(run, selectors.card_that_counts(published, member), member, by=by, on=on)
    return run


def _record(run: ScoreRun, old: Scorecard | None, member: Member, *, by: User, on: date) -> None:
    event = events.CardRescored(
        member=member.code,
        period=run.period.code,
        run=run.pk,
        before=old and old.digest,
        after=run.cards.get(member=member).digest,
    )
    ledger.record(event, subject=run, actor=by, on=on)


@transaction.atomic
def settle(*, run_id: int, by: User, on: date) -> ScoreRun:
    """Reckon again what a run comes to as a whole, after cards of it were replaced.

    Called when nothing has changed since, it changes nothing.

    :raises PermissionDenied: ``by`` may not score.
    """
    access.require(by, Permission.SCORE_RUN)
    runs = ScoreRun.objects.visible_to(by).select_for_update(no_key=True, of=("self",))
    run = runs.select_related("period", "edition").get(pk=run_id)
    if run.settled or run.status != ScoreRun.Status.PROVISIONAL:
        return run
    outcome = selectors.outcome_of_run(run)
    run.fingerprint, run.root, run.cohort = outcome.fingerprint, outcome.root, outcome.cohort
    run.settled = True
    run.save(update_fields=["fingerprint", "root", "cohort", "settled"])
    event = events.RunSettled(
        period=run.period.code,
        members=outcome.members,
        fingerprint=outcome.fingerprint,
        root=outcome.root,
    )
    ledger.record(event, subject=run, actor=by, on=on)
    return run
