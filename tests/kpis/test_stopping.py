"""A run is cancelled, and taken up again where it stopped."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.selectors import system_user
from kpis import selectors, services, tasks
from kpis.models import Scorecard
from kpis.services import runs
from ledger.models import Entry
from tests.conftest import everybody
from tests.kpis.filings import GOOD, WEAK, file_return, period_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(edition):
    return period_of(edition)


@pytest.fixture
def run(member, period, people, today, monkeypatch):
    """A run of two parts, one of them scored."""
    monkeypatch.setattr(runs, "SHARD", 1)
    monkeypatch.setattr(runs, "SHARDS", 100)
    file_return(member, period)
    run = services.start_run(period=period, by=people.sam, on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today, limit=1)
    return run


def work(run, today) -> int:
    return services.work_open_shards(run_id=run.pk, by=system_user(), on=today)


def test_no_card_is_seen_before_all_are_there(run, people, today):
    seen = Scorecard.objects.visible_to(people.sam).filter(run=run)
    assert (run.cards.count(), seen.count()) == (1, 0)

    work(run, today)

    assert seen.count() == 2


def test_a_cancelled_run_is_not_worked_and_its_cards_are_seen_by_nobody(run, people, today):
    services.cancel_run(run_id=run.pk, by=people.sam, on=today)

    assert work(run, today) == 0
    assert tasks.look_at_runs() == 0
    assert not services.work_shard(run_id=run.pk, number=2, by=system_user(), on=today)
    assert not Scorecard.objects.visible_to(people.sam).exists()
    entry = Entry.objects.get(event="kpis.run.cancelled")
    assert entry.data == {"period": "2024", "edition": "lamps-2024", "parts_left": 1}


def test_a_resumed_run_goes_on_and_comes_to_what_a_whole_one_does(run, period, people, today):
    services.cancel_run(run_id=run.pk, by=people.sam, on=today)

    services.resume_run(run_id=run.pk, by=people.sam, on=today)
    assert work(run, today) == 1

    run.refresh_from_db()
    assert run.status == "provisional"
    whole = services.start_run(period=period, by=people.sam, on=today)
    work(whole, today)
    whole.refresh_from_db()
    assert (run.root, run.fingerprint, run.cohort) == (whole.root, whole.fingerprint, whole.cohort)


def test_a_run_whose_last_part_was_done_while_it_was_cancelled_is_closed_when_resumed(
    run, people, today
):
    services.cancel_run(run_id=run.pk, by=people.sam, on=today)
    run.shards.filter(done_at=None).update(done_at=run.started_at)  # as a worker that held it

    resumed = services.resume_run(run_id=run.pk, by=people.sam, on=today)

    assert resumed.status == "provisional"
    assert Entry.objects.filter(event="kpis.run.finished").count() == 1


def test_what_cannot_be_cancelled_or_resumed_is_refused_in_words(run, period, people, today):
    with pytest.raises(services.CannotResume, match=f"run {run.pk} is running; only a cancelled"):
        services.resume_run(run_id=run.pk, by=people.sam, on=today)
    services.cancel_run(run_id=run.pk, by=people.sam, on=today)
    with pytest.raises(services.CannotCancel, match=f"run {run.pk} is cancelled; only one that"):
        services.cancel_run(run_id=run.pk, by=people.sam, on=today)
    with pytest.raises(services.CannotPublish, match="was cancelled; resume it, or score again"):
        services.publish_run(run_id=run.pk, by=people.sam, on=today)
    other = services.start_run(period=period, by=people.sam, on=today)
    with pytest.raises(services.CannotResume, match=f"run {other.pk} of period 2024 is going on"):
        services.resume_run(run_id=run.pk, by=people.sam, on=today)
    work(other, today)
    with pytest.raises(services.CannotResume, match=f"run {other.pk}, which is newer, was finish"):
        services.resume_run(run_id=run.pk, by=people.sam, on=today)


@pytest.mark.parametrize("who", ["ada", "ann", "cam", "bea", "sys"])
def test_only_the_secretariat_may_cancel_and_resume(run, people, today, who):
    for act in (services.cancel_run, services.resume_run):
        with pytest.raises(PermissionDenied):
            act(run_id=run.pk, by=getattr(people, who), on=today)


@pytest.mark.parametrize("act", ["cancel", "resume"])
def test_the_page_answers_the_whole_cast(client, people, run, act):
    staff = {"sam": 302, "cam": 403, "lou": 403}
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        status = client.post(f"/runs/{run.pk}/{act}/").status_code
        assert status == staff.get(name, 302 if user is None else 404), name


def test_a_run_is_cancelled_and_resumed_from_its_page(client, people, run, today):
    client.force_login(people.sam)
    assert "Cancel the run" in client.get(f"/runs/{run.pk}/").content.decode()

    shown = client.post(f"/runs/{run.pk}/cancel/", follow=True).content.decode()

    assert "Cancelled with 1 of 2 parts scored." in shown
    assert "hx-get" not in shown.split("<main")[1]
    assert client.get(f"/runs/{run.pk}/progress/").headers["HX-Refresh"] == "true"
    shown = client.post(f"/runs/{run.pk}/resume/", follow=True).content.decode()
    assert "1 of 2 parts are scored" in shown
    again = client.post(f"/runs/{run.pk}/resume/", follow=True).content.decode()
    assert f"Not resumed: run {run.pk} is running" in again


def test_a_program_sees_how_far_a_run_is_and_cancels_and_resumes_it(client, people, run):
    client.force_login(people.sam)
    address = f"/api/v1/runs/{run.pk}/"
    shown = client.get(address).json()
    assert (shown["status"], shown["parts"], shown["parts_done"]) == ("running", 2, 1)

    assert client.post(f"{address}cancel/").json()["status"] == "cancelled"
    refused = client.post(f"{address}cancel/")
    assert (refused.status_code, refused.json()["code"]) == (409, "cannot_cancel")
    assert client.post(f"{address}resume/").json()["status"] == "running"
    client.force_login(people.cam)
    assert client.post(f"{address}cancel/").status_code == 403


def test_two_parts_scored_on_different_answers_each_keep_what_they_rest_on(
    run, member, period, people, today
):
    """A run that paused may rest on answers of two moments; every card says which."""
    services.cancel_run(run_id=run.pk, by=people.sam, on=today)
    file_return(member, period, GOOD | WEAK, version=2)
    services.resume_run(run_id=run.pk, by=people.sam, on=today)
    work(run, today)

    for card, again in selectors.rescored(run):
        assert (card.card, card.digest) == (again.card, again.digest)
