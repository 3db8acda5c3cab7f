"""What a shard costs the server: how it is read, and how it is stored."""

import pytest
from django.db import connection

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.services import runs
from tests.factories import make_edition
from tests.kpis.filings import GOOD, file_returns, many_members, period_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def helpers(monkeypatch):
    """How many processes may help with an answer, each time that a step of a run is over."""
    told = []

    def look(then=None):
        with connection.cursor() as cursor:
            cursor.execute("show max_parallel_workers_per_gather")
            told.extend(cursor.fetchone())
        return then

    write, outcome = runs.write_cards, selectors.outcome_of_run
    monkeypatch.setattr(runs, "write_cards", lambda **given: look(write(**given)))
    monkeypatch.setattr(selectors, "outcome_of_run", lambda run: look(outcome(run)))
    look()
    return told


def test_a_shard_is_read_by_one_process_and_a_run_closed_by_as_many_as_before(helpers, today):
    """Workers work side by side: helpers of one are in the way of the others."""
    period = period_of(make_edition())
    file_returns(many_members(2), period, [GOOD] * 2)
    run = services.start_run(period=period, by=system_user(), on=today)

    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)

    before, shard, closing = helpers
    assert shard == "0"
    assert closing == before != "0"


def test_what_went_into_a_card_is_not_compressed(today):
    """To compress it takes a third of what the server does in a run over sites."""
    period = period_of(make_edition())
    [member] = many_members(1)
    file_returns([member], period, [GOOD | {f"kpi-{n}": 1 for n in range(500)}])
    run = services.start_run(period=period, by=system_user(), on=today)

    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)

    with connection.cursor() as cursor:
        cursor.execute("select octet_length(inputs), pg_column_size(inputs) from kpis_scorecard")
        [(bare, stored)] = cursor.fetchall()
    assert stored == bare > 5_000
