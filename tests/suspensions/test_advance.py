"""``manage.py advance`` and the scheduled run, which read the clock: days lie around today."""

import json
from datetime import date, timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.selectors import system_user
from ledger.models import Entry
from members.models import Fact, Letter, Span
from members.services import letters
from rulebooks import selectors as rulebooks
from suspensions import services, tasks
from suspensions.models import Breach
from tests.factories import LAMPS, make_edition, make_member, moment

TODAY = timezone.localdate()


def lamps_around_today() -> str:
    """The edition with the period 2024 due and closed ten days ago and 2025 due in ten days."""
    return (
        LAMPS.replace("due_on: 2025-03-31", f"due_on: {TODAY - timedelta(days=10)}")
        .replace("late_until: 2025-04-30", f"late_until: {TODAY - timedelta(days=10)}")
        .replace("due_on: 2026-03-31", f"due_on: {TODAY + timedelta(days=10)}")
        .replace("late_until: 2026-04-30", f"late_until: {TODAY + timedelta(days=10)}")
        .replace("time_zone: Europe/Berlin", "time_zone: UTC")
    )


@pytest.fixture
def lamp(people):
    make_edition(lamps_around_today(), by=people.sam)
    return make_member("Ada & Co", representative=people.ada)


def run(*arguments):
    out = StringIO()
    call_command("advance", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.django_db
def test_the_command_raises_what_came_about_and_reminds(lamp):
    outcome = run()

    assert outcome == {
        "on": str(TODAY),
        "up_to": str(TODAY),
        "dry_run": False,
        "raised": 1,
        "by_rule": {"no-return": 1},
        "reminded": 1,
        "steps": [],
    }
    assert run() == outcome | {"raised": 0, "by_rule": {}, "reminded": 0}


@pytest.mark.django_db
def test_an_earlier_day_raises_less_and_dates_nothing_back(lamp):
    assert run("--on", str(TODAY - timedelta(days=10)))["raised"] == 0
    assert run("--on", str(TODAY - timedelta(days=9)))["raised"] == 1
    assert Breach.objects.get().raised_on == TODAY


@pytest.mark.django_db
def test_a_day_to_come_is_shown_but_not_played(lamp, settings):
    later = str(TODAY + timedelta(days=11))

    outcome = run("--dry-run", "--on", later)
    assert [hit["breach"] for hit in outcome["proposals"]] == ["no-return:2024", "no-return:2025"]
    with pytest.raises(CommandError, match="has not come yet") as refused:
        run("--on", later)
    assert refused.value.returncode == 1
    assert (Breach.objects.count(), Letter.objects.count()) == (0, 0)

    settings.DEMO = True
    assert run("--on", later)["raised"] == 2


@pytest.mark.django_db
def test_the_call_itself_may_be_wrong():
    with pytest.raises(CommandError, match="'soon' is no day; write it as 2026-03-31"):
        run("--on", "soon")


@pytest.mark.django_db
def test_the_words_say_what_was_done(lamp, capsys):
    call_command("advance", "--dry-run")
    call_command("advance")

    said = capsys.readouterr().out
    assert "Would raise 1 as provisional" in said
    assert f"{lamp.code}  no-return:2024" in said
    assert "reminded of 1 returns due soon" in said


@pytest.mark.django_db
def test_the_scheduler_runs_it_as_the_platform(lamp):
    assert tasks.advance() == 2
    assert tasks.advance() == 0
    actor = Entry.objects.get(event="suspensions.breaches.raised").actor
    assert actor == f"accounts.User:{system_user().pk}"


@pytest.mark.django_db
def test_a_day_is_that_of_the_initiatives_time_zone(people):
    assert rulebooks.day_of(moment(date(2026, 3, 1), 23)) == date(2026, 3, 1)
    make_edition(LAMPS, by=people.sam)
    assert rulebooks.day_of(moment(date(2026, 3, 1), 22)) == date(2026, 3, 1)
    assert rulebooks.day_of(moment(date(2026, 3, 1), 23)) == date(2026, 3, 2)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_raise_each_breach_once(lamp):
    for number in range(8):
        make_member(f"Lamp {number}")
    barrier, raised = Barrier(2), []

    def race():
        try:
            barrier.wait()
            raised.append(services.advance(by=system_user(), on=TODAY).raised)
        finally:
            connection.close()

    runs = [Thread(target=race) for _ in range(2)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()

    assert sum(raised) == Breach.objects.count() == 9
    assert Fact.objects.filter(kind="breach.raised").count() == 9
    assert Letter.objects.filter(template="return-due").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_run_that_dies_between_batches_leaves_whole_batches(lamp, monkeypatch):
    for number in range(3):
        make_member(f"Lamp {number}")
    monkeypatch.setattr("suspensions.services.daily.BATCH", 2)
    queue_many, calls = letters.queue_many, []

    def die_in_the_second(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return queue_many(*args, **kwargs)

    monkeypatch.setattr("members.services.letters.queue_many", die_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        services.advance(by=system_user(), on=TODAY)

    assert Breach.objects.count() == Fact.objects.filter(kind="breach.raised").count() == 2
    assert Span.objects.filter(kind="breach", state="provisional").count() == 2
    assert [e.data["count"] for e in Entry.objects.filter(event__contains="breaches.raised")] == [2]
    monkeypatch.undo()
    services.advance(by=system_user(), on=TODAY)
    assert Breach.objects.count() == 4
