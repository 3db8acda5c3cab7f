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
from kpis.selectors.telling import withheld_of
from ledger import services as ledger
from members import access
from rulebooks.rules.edition import Edition
from targets.models import Period


class NotDrawn(ValueError):
    """Nothing new is told about all members; the message says why."""


@transaction.atomic
def draw_aggregates(*, run_id: int, by: User, on: date) -> Aggregate | None:
    """Tell of all members by the scores that stand once a run is published.

    From then on totals count its cards. The table is drawn up and kept for good; None where the
    edition shows none. Called twice for one run, it returns the table that is there.

    :raises PermissionDenied: ``by`` may not score.
    :raises NotDrawn: the run is not published, or what would be told of it beside what was told of
        the period before would give a member away.
    """
    access.require(by, Permission.SCORE_RUN)
    run = ScoreRun.objects.visible_to(by).select_related("edition", "period").get(pk=run_id)
    Period.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.period_id)
    if there := Aggregate.objects.filter(run=run).first():
        return there
    edition = run.edition.document
    if run.status != ScoreRun.Status.PUBLISHED:
        raise NotDrawn(f"run {run.pk} is not published")
    drawn = aggregates.draw(run, edition)
    last = run.period.runs.told().exclude(pk=run.pk).last()
    if last is not None and (reason := aggregates.stands_in_the_way(drawn, edition)):
        raise NotDrawn(f"what was told after run {last.pk} stays: {reason}")
    if run.withheld is None:
        withheld = withheld_of(run, edition, drawn.counted)
        ScoreRun.objects.filter(pk=run.pk).update(told=True, withheld=list(withheld))
        told = events.RunTold(period=run.period.code, run=run.pk, withheld=withheld)
        ledger.record(told, subject=run, actor=by, on=on)
    return None if drawn.told is None else _keep(drawn, edition, by=by, on=on)


def _keep(drawn: aggregates.Drawn, edition: Edition, *, by: User, on: date) -> Aggregate:
    """Keep the table that was drawn, for good."""
    run, table = drawn.run, aggregates.plain(drawn.told)
    made = Aggregate.objects.create(
        period=run.period,
        run=run,
        table=table,
        placed=aggregates.placed(drawn, {row.member for row in drawn.rows}),
        public=edition.aggregates.shown_to == "public",
        drawn_on=on,
        drawn_at=timezone.now(),
    )
    digest = sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()
    event = events.AggregatesDrawn(period=run.period.code, run=run.pk, table=digest)
    ledger.record(event, subject=made, actor=by, on=on)
    return made
