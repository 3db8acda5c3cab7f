"""Signs of life of workers and scheduler, kept in the cache for a few seconds."""

from __future__ import annotations

import socket

from django.core.cache import cache
from django_celery_beat.schedulers import DatabaseScheduler

SECONDS = 30  # a worker says so every 2 s, the scheduler at least every 5 s


def beat(part: str) -> None:
    """Say that ``part`` (worker, scheduler) lives, on this host and at all."""
    cache.set_many({f"pulse:{part}": 1, f"pulse:{part}:{socket.gethostname()}": 1}, SECONDS)


def beats(part: str, *, host: str | None = None) -> bool:
    return cache.get(f"pulse:{part}:{host}" if host else f"pulse:{part}") is not None


class Scheduler(DatabaseScheduler):
    """The schedule in the database, with a pulse."""

    def tick(self, *args: object, **kwargs: object) -> float:
        beat("scheduler")
        return super().tick(*args, **kwargs)
