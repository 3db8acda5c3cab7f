"""Work of members that no person waits for."""

from __future__ import annotations

from celery import shared_task

from accounts.selectors import system_user
from members import services

MOST = 200  # letters a turn; the next turn comes within a minute


@shared_task
def send_letters() -> int:
    """Send letters that were released, one after another, and return how many."""
    by = system_user()
    return next((n for n in range(MOST) if not services.letters.send_next(by=by)), MOST)
