"""The daily run, as the scheduler starts it."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.selectors import system_user
from rulebooks import selectors as rulebooks
from suspensions import services


@shared_task
def advance() -> int:
    """Raise and remind, for the day that it is where the initiative is."""
    done = services.advance(by=system_user(), on=rulebooks.day_of(timezone.now()))
    return done.raised + done.reminded
