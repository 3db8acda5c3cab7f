"""Scoring in the background. A message only says "look": what must be done are the open shards."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.models import ScoreRun
from ledger.models import Entry

SHARDS = 4  # in one task, well within its time limit
LOOKS = 8  # messages at a time, so that as many workers share a run
STALE = 10  # seconds; by then the sweep has said it again


@shared_task
def work_shards(*, run_id: int) -> int:
    done = services.work_open_shards(
        run_id=run_id, by=system_user(), on=timezone.localdate(), limit=SHARDS
    )
    if done == SHARDS:
        work_shards.delay(run_id=run_id)
    return done


@shared_task
def look_at_runs() -> int:
    """Say "look" again for every run with open shards: a message may have been lost."""
    return sum(
        look_at_run(run_id) for run_id in ScoreRun.objects.running().values_list("pk", flat=True)
    )


def look_at_run(run_id: int) -> int:
    """Send as many messages as there are open shards, up to a few, and return how many."""
    looks = min(len(selectors.open_shards(run_id)), LOOKS)
    for _ in range(looks):
        work_shards.apply_async(kwargs={"run_id": run_id}, expires=STALE)
    return looks


def look_at_started_run(entry: Entry) -> None:
    """React to a run that was started, or resumed."""
    look_at_run(int(entry.subject.partition(":")[2]))
