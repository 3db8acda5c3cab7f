"""Writing to the record, and working off what it started."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from ledger.models import Due, Entry
from ledger.rules import Event

RETRY_AFTER = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


def record(event: Event, *, subject: models.Model, actor: models.Model, on: date) -> Entry:
    """Append one entry in the caller's transaction, with a due row for each reaction to it.

    ``on`` is the day the act is about, in the initiative's time zone.

    :raises RuntimeError: outside a transaction: a change and its record stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.code}: record() must run inside transaction.atomic()")
    now = timezone.now()
    entry = Entry(
        event=event.code,
        subject=address(subject),
        actor=address(actor),
        effective_on=on,
        data=event.payload(),
        recorded_at=now,
    )
    entry.digest = entry.expected_digest()
    entry.save(force_insert=True)
    names = reactions().get(event.code, {})
    Due.objects.bulk_create(Due(entry=entry, reaction=name, not_before=now) for name in names)
    if names:
        transaction.on_commit(import_string(settings.LOOK), robust=True)  # a sweep says it again
    return entry


def address(thing: models.Model) -> str:
    """Return the opaque address of a row: ``app.Model:pk``."""
    return f"{thing._meta.label}:{thing.pk}"


@cache
def reactions() -> dict[str, dict[str, Callable[[Entry], None]]]:
    """Return event → reaction's name → function, from the table that the setting names."""
    return import_string(settings.REACTIONS)


def work_due(*, now: datetime, limit: int = 200) -> int:
    """Work off up to ``limit`` open reactions and return how many were done.

    Each is claimed with ``SKIP LOCKED``, worked and marked done in one transaction, so several
    workers can do this at once. One that fails is undone, keeps its problem and waits.
    """
    done = 0
    for _ in range(limit):
        outcome = _work_one(now)
        if outcome is None:
            break
        done += outcome
    return done


def _work_one(now: datetime) -> int | None:
    """Work the oldest open row: 1 done, 0 failed and put off, None when there is none."""
    with transaction.atomic():
        due = (
            Due.objects.open()
            .filter(not_before__lte=now)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("entry")
            .order_by("not_before", "pk")
            .first()
        )
        if due is None:
            return None
        try:
            with transaction.atomic():
                reactions()[due.entry.event][due.reaction](due.entry)
        except Exception as error:
            _put_off(due, now=now, problem=type(error).__name__)
            return 0
        due.done_at = now
        due.save(update_fields=["done_at"])
        return 1


def _put_off(due: Due, *, now: datetime, problem: str) -> None:
    due.attempts += 1
    due.problem = problem
    due.not_before = now + min(RETRY_AFTER * 2 ** min(due.attempts - 1, 10), LONGEST_PAUSE)
    due.save(update_fields=["attempts", "problem", "not_before"])
