"""Working off what the record started."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from ledger import services

STALE = 5  # seconds; by then the sweep has said it again


@shared_task
def work_due() -> int:
    return services.work_due(now=timezone.now())


def look() -> None:
    """Tell a worker that something is due, now rather than at the next sweep."""
    work_due.apply_async(expires=STALE, retry=False)
