"""The tests' edition with an open period and KPIs that sites answer."""

from __future__ import annotations

from datetime import date

from tests.kpis.open_period import lamps_open_on
from tests.kpis.test_sites import KPIS, NODES


def sites_open_on(today: date) -> str:
    """Return the edition with the period 2025 open, and three KPIs that sites answer."""
    text = lamps_open_on(today)
    for place, more in (("\nkpis:\n", KPIS), ("  nodes:\n", NODES)):
        at = text.index(place) + len(place)
        text = text[:at] + more.lstrip("\n") + text[at:]
    return text
