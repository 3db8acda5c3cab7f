"""Tasks: a message says "look", a worker works off what is open."""

import time

import pytest
from celery.contrib.testing.worker import start_worker

from accounts.rules import Role
from accounts.selectors import system_user
from kpis import services, tasks
from kpis.models import ReplacedCard, ScoreRun
from kpis.rules.marks import Mark
from kpis.services import runs
from ledger.models import Due
from msi_platform.celery import app
from tests.factories import make_edition, make_member, make_user
from tests.kpis.filings import GOOD, file_return, file_returns, many_members, period_of


@pytest.mark.django_db
def test_a_look_works_off_the_run_as_the_platform_itself(member, edition, people, today):
    period = period_of(edition)
    file_return(member, period)
    run = services.start_run(period=period, by=people.sam, on=today)

    assert tasks.work_shards(run_id=run.pk) == 1
    assert tasks.work_shards(run_id=run.pk) == 0

    run.refresh_from_db()
    assert run.status == "provisional"


@pytest.mark.django_db
def test_there_are_as_many_looks_as_open_shards_up_to_a_few(member, edition, today, monkeypatch):
    monkeypatch.setattr(runs, "SHARD", 1)
    period = period_of(edition)
    assert tasks.look_at_runs() == 0
    run = services.start_run(period=period, by=system_user(), on=today)
    assert tasks.look_at_runs() == 2

    tasks.work_shards(run_id=run.pk)

    assert tasks.look_at_runs() == 0


@pytest.mark.django_db(transaction=True)
def test_a_run_started_anywhere_is_scored_by_a_worker_without_waiting_for_a_sweep(
    today, monkeypatch
):
    monkeypatch.setattr(runs, "SHARD", 2)
    period = period_of(make_edition())
    file_returns(many_members(24), period, [GOOD] * 24)  # more shards than one task takes

    with start_worker(app, pool="solo", perform_ping_check=False):
        run = services.start_run(period=period, by=system_user(), on=today)
        deadline = time.monotonic() + 20
        while ScoreRun.objects.running().exists() and time.monotonic() < deadline:
            time.sleep(0.1)

    run.refresh_from_db()
    assert (run.status, run.cards.count()) == ("provisional", 24)
    assert not Due.objects.open().filter(reaction="kpis.look_at_started_run").exists()


@pytest.mark.django_db(transaction=True)
def test_an_auditors_word_scores_anew_without_waiting_for_a_sweep(today):
    period, ann = period_of(make_edition()), make_user("Ann", Role.AUDITOR)
    member = make_member(auditor=ann)
    filed = file_return(member, period)
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    before = run.cards.get(member=member)
    marks = {"policy": Mark(outcome="unsupported", reason="There is none.")}

    with start_worker(app, pool="solo", perform_ping_check=False):
        services.mark_values(return_id=filed.pk, marks=marks, by=ann, on=today)
        deadline = time.monotonic() + 20  # no scheduler runs here: nothing says it again
        while not ReplacedCard.objects.exists() and time.monotonic() < deadline:
            time.sleep(0.05)

    assert ReplacedCard.objects.get().digest == before.digest
    assert run.cards.get(member=member).total != before.total
