"""Whether the process is up, and whether the platform can work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from msi_platform import pulse
from msi_platform.celery import app

log = logging.getLogger(__name__)


class NotReady(Exception):
    """A part does not work; the message is shown to whoever asks."""


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say of each part whether it works; 503 when one does not. Causes go to the log only."""
    parts = {name: _state(name, check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    return JsonResponse(parts, status=200 if ready else 503)


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as error:
        return str(error)
    except Exception:
        log.exception("Not ready: %s", name)
        return "does not answer"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select 1")


def _broker() -> None:
    with app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _migrations() -> None:
    missing = _latest_migrations() - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        raise NotReady(f"{len(missing)} apps have migrations to apply")


@cache
def _latest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app in this code; it cannot change while the process lives."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _worker() -> None:
    if not pulse.beats("worker"):
        raise NotReady(f"no worker was heard of for {pulse.SECONDS} seconds")


CHECKS = {
    "database": _database,
    "broker": _broker,
    "migrations": _migrations,
    "worker": _worker,
}
