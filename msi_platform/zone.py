"""The initiative's time zone: in it the days of all acts begin and end.

The edition in force names it. A process asks at most once a minute; the setting
``INITIATIVE_TIME_ZONE`` fixes it instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from celery.signals import task_prerun
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rulebooks import selectors as rulebooks

KEPT_SECONDS = 60
_kept: tuple[float, str] | None = None


def initiative_zone() -> str:
    """Return the name of the time zone of the edition in force, or the platform's own."""
    global _kept
    if settings.INITIATIVE_TIME_ZONE:
        return settings.INITIATIVE_TIME_ZONE
    if _kept is None or time.monotonic() - _kept[0] > KEPT_SECONDS:
        document = rulebooks.current_document(timezone.now().date())
        _kept = time.monotonic(), document.time_zone if document else settings.TIME_ZONE
    return _kept[1]


def in_initiative_zone(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer every request in the initiative's time zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with timezone.override(initiative_zone()):
            return get_response(request)

    return middleware


@task_prerun.connect
def work_in_initiative_zone(**_: object) -> None:
    """Let every task read the day in the initiative's time zone."""
    timezone.activate(initiative_zone())
