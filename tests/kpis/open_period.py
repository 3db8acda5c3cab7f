"""The tests' edition with the window of one period around the real today, for pages."""

from __future__ import annotations

from datetime import date, timedelta

from tests.factories import LAMPS

TWENTY_DAYS = timedelta(days=20)


def lamps_open_on(today: date) -> str:
    """Return the edition with the period 2025 open since 40 days and due in 20."""
    days = {
        "opens_on: 2026-01-15": f"opens_on: {today - 2 * TWENTY_DAYS}",
        "due_on: 2026-03-31": f"due_on: {today + TWENTY_DAYS}",
        "late_until: 2026-04-30": f"late_until: {today + 2 * TWENTY_DAYS}",
    }
    text = LAMPS
    for old, new in days.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text
