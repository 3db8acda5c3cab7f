"""Drawing up how all members came out together, when scores are published."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from kpis import events
from kpis.models import Aggregate, ScoreRun
from kpis.selectors import aggregates
from ledger import services as ledger
from members import access
from targets.models import Period


class NotDrawn(ValueError):
    """No table is drawn up; the message says why."""


@transaction.atomic
def draw_aggregates(*, run_id: int, by: User, on: date) -> Aggregate:
    """Draw up, and keep for good, what may be shown of the scores that stand for a period.

    Called twice for one run, it returns the table that is there.

    :raises PermissionDenied: ``by`` may not score.
    :raises NotDrawn: the run is not published, its edition shows no aggregates, or the table
        beside the last one of the period would give a member away.
    """
    access.require(by, Permission.SCORE_RUN)
    run = ScoreRun.objects.visible_to(by).select_related("edition", "period").get(pk=run_id)
    Period.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.period_id)
    if there := Aggregate.objects.filter(run=run).first():
        return there
    edition = run.edition.document
    if run.status != ScoreRun.Status.PUBLISHED:
        raise NotDrawn(f"run {run.pk} is not published")
    if edition.aggregates is None:
        raise NotDrawn(f"edition {edition.code} shows no numbers about all members")
    drawn = aggregates.draw(run.period, edition)
    last = run.period.aggregates.order_by("-pk").first()
    if last is not None and aggregates.stands_in_the_way(drawn, last, edition):
        raise NotDrawn(
            f"the table of {last.drawn_on} stays: too few members came out otherwise since, and "
            "the two could be subtracted"
        )
    table = aggregates.plain(drawn.told)
    made = Aggregate.objects.create(
        period=run.period,
        run=run,
        table=table,
        public=edition.aggregates.shown_to == "public",
        drawn_on=on,
        drawn_at=timezone.now(),
    )
    digest = sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()
    event = events.AggregatesDrawn(period=run.period.code, run=run.pk, table=digest)
    ledger.record(event, subject=made, actor=by, on=on)
    return made
