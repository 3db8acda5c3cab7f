"""Scoring all members of a period, in shards that any number of workers claim."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from kpis import events, selectors
from kpis.models import ScoreRun, Shard
from kpis.rules import frames
from kpis.rules.shards import alike, cut
from kpis.services.cards import write_cards
from ledger import services as ledger
from members import access
from rulebooks.models import Edition
from rulebooks.rules import edition as rules
from targets.models import Period

log = logging.getLogger(__name__)
SHARD, BY_HAND = 3_750, 250  # members: all that a killed worker loses is a shard
SHARDS = 30  # in which a large run is split where answers are looked at one by one


class CannotScore(ValueError):
    """The period cannot be scored, or not now; the message says why."""


@transaction.atomic
def start_run(*, period: Period, by: User, on: date, shard: int | None = None) -> ScoreRun:
    """Start scoring the members who owe or filed a return for ``period``.

    Nothing is scored yet: the run is laid out in shards, which workers claim. ``shard`` is how
    many members one has; left out, as many as suit the size of the run.

    :raises PermissionDenied: ``by`` may not score.
    :raises CannotScore: the edition has nothing to score, the period has not opened or concerns
        nobody, or a run of it is going on.
    """
    access.require(by, Permission.SCORE_RUN)
    period = Period.objects.select_for_update(no_key=True, of=("self",)).get(pk=period.pk)
    members = _to_score(period, on)
    run = ScoreRun.objects.create(
        period=period, edition=period.edition, started_at=timezone.now(), started_by=by
    )
    parts = cut(
        selectors.answers_asked(members, period.edition.document),
        size=shard or _size(period.edition.document, len(members)),
    )
    Shard.objects.bulk_create(
        Shard(run=run, number=number, member_ids=members[part])
        for number, part in enumerate(parts, start=1)
    )
    event = events.RunStarted(period=period.code, edition=period.edition.code, members=len(members))
    ledger.record(event, subject=run, actor=by, on=on)
    return run


def _size(edition: rules.Edition, members: int) -> int:
    """Return how many members a shard has: few where answers are looked at one by one."""
    if not frames.suits(edition) or any(map(frames.needs_answers, edition.kpis)):
        return min(SHARD, max(BY_HAND, -(-members // SHARDS)))
    return alike(members, SHARD)


def _to_score(period: Period, on: date) -> list[int]:
    if period.edition.status == Edition.Status.DRAFT:
        raise CannotScore(f"edition {period.edition.code} of period {period.code} is a draft")
    if not period.edition.document.scoring.nodes:
        raise CannotScore(f"edition {period.edition.code} scores nothing")
    if on < period.opens_on:
        raise CannotScore(f"period {period.code} opens on {period.opens_on}")
    if going_on := ScoreRun.objects.running().filter(period=period).first():
        raise CannotScore(f"run {going_on.pk} of period {period.code} is going on")
    members = selectors.members_to_score(period, on=on)
    if not members:
        raise CannotScore(f"no member owes or filed a return for period {period.code}")
    return members


def work_open_shards(*, run_id: int, by: User, on: date, limit: int | None = None) -> int:
    """Score open shards of a run, up to ``limit`` of them, and return how many were done here.

    Any number of workers may do so at once: each shard is claimed, scored, stored and marked done
    in one transaction, and the one that marks the last closes the run. A shard that fails leaves
    nothing behind and stays open, and the others are scored. A run that is cancelled meanwhile is
    left where it is.

    :raises PermissionDenied: ``by`` may not score.
    """
    access.require(by, Permission.SCORE_RUN)
    done = 0
    failed: Exception | None = None
    for number in selectors.open_shards(run_id):
        if done == limit:
            break
        try:
            done += work_shard(run_id=run_id, number=number, by=by, on=on)
        except Exception as error:
            log.exception("shard %s of run %s failed", number, run_id)
            failed = error
    if failed is not None:
        raise failed
    return done


@transaction.atomic
def work_shard(*, run_id: int, number: int, by: User, on: date) -> bool:
    """Score one shard, and return whether it was open and nobody else had claimed it.

    :raises PermissionDenied: ``by`` may not score.
    """
    access.require(by, Permission.SCORE_RUN)
    shard = (
        Shard.objects.filter(run=run_id, number=number, done_at=None)
        .filter(run__status=ScoreRun.Status.RUNNING)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("run__period", "run__edition")
        .first()
    )
    if shard is None:
        return False
    with _by_one_process():
        write_cards(run=shard.run, member_ids=shard.member_ids)
    shard.done_at = timezone.now()
    shard.save(update_fields=["done_at"])
    close_run(run_id=run_id, by=by, on=on)
    return True


@contextmanager
def _by_one_process() -> Iterator[None]:
    """Let the server answer without processes that help it.

    Workers ask side by side: helpers take in two thirds more CPU what is as long in coming.
    """
    with connection.cursor() as cursor:
        cursor.execute("set local max_parallel_workers_per_gather = 0")
        yield
        cursor.execute("set local max_parallel_workers_per_gather to default")


@transaction.atomic
def close_run(*, run_id: int, by: User, on: date) -> None:
    """Close a run that is going on if no shard of it is open: all its cards are seen from then.

    Two workers may mark the last two shards at once, each blind to the other's: the lock lets the
    second one look again. It must not be the stronger FOR UPDATE, since inserting a card holds the
    run's key and both would wait for each other.

    :raises PermissionDenied: ``by`` may not score.
    """
    access.require(by, Permission.SCORE_RUN)
    run = (
        ScoreRun.objects.select_for_update(no_key=True, of=("self",))
        .select_related("period", "edition")
        .get(pk=run_id)
    )
    if run.status != ScoreRun.Status.RUNNING or run.shards.filter(done_at=None).exists():
        return
    outcome = selectors.outcome_of_run(run)
    run.status, run.finished_at = ScoreRun.Status.PROVISIONAL, timezone.now()
    run.fingerprint, run.root, run.cohort = outcome.fingerprint, outcome.root, outcome.cohort
    run.save(update_fields=["status", "finished_at", "fingerprint", "root", "cohort"])
    event = events.RunFinished(
        period=run.period.code,
        edition=run.edition.code,
        members=outcome.members,
        fingerprint=outcome.fingerprint,
        root=outcome.root,
    )
    ledger.record(event, subject=run, actor=by, on=on)
