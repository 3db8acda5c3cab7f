"""Cancelling a run that is going on, and taking it up again where it stopped."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from kpis import events, selectors
from kpis.models import ScoreRun
from kpis.services.runs import close_run
from ledger import services as ledger
from members import access
from targets.models import Period


class CannotCancel(ValueError):
    """The run is not going on; the message says what it is."""


class CannotResume(ValueError):
    """The run cannot be taken up again; the message says why."""


@transaction.atomic
def cancel_run(*, run_id: int, by: User, on: date) -> ScoreRun:
    """Stop a run: no further shard of it is claimed. What was scored is kept, and seen by nobody.

    A shard that a worker holds at this moment is finished.

    :raises PermissionDenied: ``by`` may not score.
    :raises CannotCancel: the run is not going on.
    """
    access.require(by, Permission.SCORE_RUN)
    run = _locked(run_id, by)
    if run.status != ScoreRun.Status.RUNNING:
        raise CannotCancel(
            f"run {run.pk} is {run.status}; only one that is going on can be cancelled"
        )
    run.status = ScoreRun.Status.CANCELLED
    run.save(update_fields=["status"])
    ledger.record(events.RunCancelled(**_of(run)), subject=run, actor=by, on=on)
    return run


@transaction.atomic
def resume_run(*, run_id: int, by: User, on: date) -> ScoreRun:
    """Take a cancelled run up again: its open shards are scored on what stands then.

    :raises PermissionDenied: ``by`` may not score.
    :raises CannotResume: the run was not cancelled, another of its period is going on, or a newer
        one was finished, which rests on newer answers.
    """
    access.require(by, Permission.SCORE_RUN)
    run = _locked(run_id, by)
    if run.status != ScoreRun.Status.CANCELLED:
        raise CannotResume(f"run {run.pk} is {run.status}; only a cancelled one can be resumed")
    Period.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.period_id)
    others = ScoreRun.objects.filter(period=run.period)
    if going_on := others.running().first():
        raise CannotResume(f"run {going_on.pk} of period {run.period.code} is going on")
    newer = others.filter(pk__gt=run.pk, status__in=ScoreRun.FINISHED).order_by("pk").first()
    if newer is not None:
        raise CannotResume(f"run {newer.pk}, which is newer, was finished; score again instead")
    run.status = ScoreRun.Status.RUNNING
    run.save(update_fields=["status"])
    ledger.record(events.RunResumed(**_of(run)), subject=run, actor=by, on=on)
    close_run(run_id=run.pk, by=by, on=on)  # its last shard may have been done since
    run.refresh_from_db()
    return run


def _locked(run_id: int, by: User) -> ScoreRun:
    runs = ScoreRun.objects.visible_to(by).select_related("period", "edition")
    return runs.select_for_update(no_key=True, of=("self",)).get(pk=run_id)


def _of(run: ScoreRun) -> dict[str, str | int]:
    left = len(selectors.unfinished_shards(run.pk))
    return {"period": run.period.code, "edition": run.edition.code, "parts_left": left}
