"""What is contested of a run, and until when."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, OuterRef, QuerySet, Subquery

from kpis.models import Contest, Scorecard, ScoreRun
from members.models import Member


def contest_until(run: ScoreRun, member: Member | None = None) -> date | None:
    """Return the last day to contest a run, or one member's card of it; None before it is shown.

    A card that was scored anew has a time of its own.
    """
    if run.contest_until is None:
        return None
    replaced = run.replaced.filter(member=member) if member else run.replaced
    last = replaced.aggregate(last=Max("contest_until"))["last"]
    return max(run.contest_until, last) if last else run.contest_until


def contests_of(run: ScoreRun) -> QuerySet[Contest]:
    """Return the contests of a run with ``card_id``, those without an answer first."""
    cards = Scorecard.objects.filter(run=run, member=OuterRef("member")).order_by()
    found = run.contests.annotate(card_id=Subquery(cards.values("pk")[:1]))
    rows = found.select_related("member__organisation", "run__edition")
    return rows.order_by("outcome", "pk")
