"""What is contested of a run, and until when."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from kpis.models import Contest, Scorecard, ScoreRun


def contests_of(run: ScoreRun) -> QuerySet[Contest]:
    """Return the contests of a run with ``card_id``, those without an answer first."""
    cards = Scorecard.objects.filter(run=run, member=OuterRef("member")).order_by()
    found = run.contests.annotate(card_id=Subquery(cards.values("pk")[:1]))
    rows = found.select_related("member__organisation", "run__edition")
    return rows.order_by("outcome", "pk")
