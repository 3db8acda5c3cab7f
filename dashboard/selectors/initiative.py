"""The initiative itself: its name, its periods, the numbers that it has published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Count, QuerySet

from kpis.models import Scorecard, ScoreRun
from rulebooks.models import Edition
from rulebooks.rules import edition as rules
from targets.models import Period


def initiative_name(on: date) -> str:
    """Return the name of the initiative, empty before its first edition. One small query."""
    adopted = Edition.objects.adopted().filter(in_force_from__lte=on).order_by("-in_force_from")
    sha256 = adopted.values_list("sha256", flat=True).first()
    return _name(sha256) if sha256 else ""


@lru_cache(maxsize=16)
def _name(sha256: str) -> str:
    return Edition.objects.adopted().filter(sha256=sha256).order_by("pk")[0].document.initiative


def current_period(on: date) -> Period | None:
    """Return the period whose window is open, the first to be due; else the last to have been."""
    periods = Period.objects.select_related("edition")
    return (
        periods.open(on).order_by("due_on", "pk").first()
        or periods.begun(on).order_by("-opens_on", "-pk").first()
    )


def last_published(before: date) -> ScoreRun | None:
    """Return the newest published run of the newest period that has one."""
    runs = ScoreRun.objects.filter(
        status=ScoreRun.Status.PUBLISHED, period__opens_on__lte=before
    ).select_related("period", "edition")
    return runs.order_by("-period__about_from", "-pk").first()


@dataclass(frozen=True, slots=True)
class BandCount:
    """How many members a band took in."""

    label: str
    status: str
    members: int


def counts_by_band(cards: QuerySet[Scorecard], edition: rules.Edition) -> list[BandCount]:
    """Return how many of ``cards`` lie in each band, the best band first; without one last."""
    counts = dict(cards.order_by("band").values_list("band").annotate(Count("pk")))
    best_first = edition.bands.lowest_first()[::-1] if edition.bands else ()
    found = [BandCount(b.label, b.status, counts.pop(b.code, 0)) for b in best_first]
    without = sum(counts.values())
    return [*found, BandCount("No score", "none", without)] if without else found
