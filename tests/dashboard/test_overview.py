"""The overview of a member, once scores were published."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.selectors import system_user
from kpis import services
from kpis.models import ScoreRun
from members import services as members
from rulebooks.rules import facts
from tests.conftest import everybody
from tests.factories import make_mandate, make_user, moment, state
from tests.kpis.filings import GOOD, WEAK, file_return, period_of
from tests.reports.conftest import open_case, publish, sign_everything

pytestmark = pytest.mark.django_db


def test_targets_stand_beside_the_members_own_number(client, member, edition, people, today):
    period = period_of(edition)
    file_return(member, period, GOOD)
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    services.publish_run(run_id=run.pk, by=people.sam, on=today)

    seen = {}
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        answer = client.get(f"/members/{member.code}/overview/")
        seen.setdefault(answer.status_code, set()).add(name)
        if answer.status_code == 200:
            text = answer.content.decode()
            assert "All fees paid back by 2028" in text
            assert "75" in text

    assert seen.pop(200) == {"sam", "cam", "lou", "ada", "sid", "avi", "ann"}
    assert seen.pop(302) == {"nobody"}
    assert set(seen) == {404}


# As at a day, and as known on a day


@pytest.fixture
def told(member, edition, people, today):
    """A member that filed, signed, was scored, met with a breach and a case: day by day."""
    for code, answers, day in (("2023", WEAK, date(2024, 6, 1)), ("2024", GOOD, date(2025, 6, 1))):
        period = period_of(edition, code)
        file_return(member, period, answers)
        publish(period, people.sam, today)
        ScoreRun.objects.filter(period=period).update(published_at=moment(day))
    sign_everything(member, today)
    open_case(member, people.cam, today)
    return member


@pytest.fixture
def read(client, told, people):
    def read(query="", user=None):
        client.force_login(user or people.cam)
        answer = client.get(f"/members/{told.code}/overview/{query}")
        assert answer.status_code == 200
        return answer

    return read


@pytest.mark.parametrize(
    ("on", "scores", "signed", "breaches", "cases"),
    [
        pytest.param("2022-05-31", [], 0, [], [], id="before it was a member"),
        pytest.param("2024-06-01", ["2023"], 0, [], [], id="the first score is published"),
        pytest.param("2025-05-31", ["2023"], 0, [], [], id="the day before the second"),
        pytest.param("2026-01-20", ["2024", "2023"], 0, [], [], id="the day before a breach"),
        pytest.param("2026-01-21", ["2024", "2023"], 0, ["In review"], [], id="a breach"),
        pytest.param("2026-02-10", ["2024", "2023"], 0, ["Confirmed"], ["Opened"], id="a case"),
        pytest.param("2026-03-02", ["2024", "2023"], 2, ["Confirmed"], ["Notice served"],
                     id="signed, and served"),
    ],
)  # fmt: skip
def test_the_overview_of_a_day_tells_nothing_that_came_later(
    read, on, scores, signed, breaches, cases
):
    context = read(f"?on={on}").context

    assert [line["card"].period.code for line in context["cards"]] == scores
    assert [row.period.code for row in context["returns"]] == [
        code for code, filed in (("2024", "2025-03-31"), ("2023", "2024-03-31")) if filed <= on
    ]
    assert sum(text.signed_on is not None for text in context["texts"]) == signed
    assert [line["word"] for line in context["breaches"]] == breaches
    assert [line["word"] for line in context["cases"]] == cases


def test_targets_and_class_are_those_of_the_day(read, told):
    state(told, facts.ClassChanged("partner", "unions"), date(2026, 2, 1))
    members.keep_places([told.pk], on=timezone.localdate())

    before = read("?on=2026-01-31").context
    after = read("?on=2026-02-01").context

    assert [len(context["texts"]) for context in (before, after)] == [2, 1]
    (aim,) = read("?on=2024-12-31").context["targets"]
    assert (aim.year, str(aim.measured)) == (2023, "33.3")
    (aim,) = before["targets"]
    assert (aim.year, str(aim.measured)) == (2024, "75.0")


def test_known_on_a_day_is_only_what_had_been_recorded(read):
    long_ago = read("?on=2026-03-02&known=2021-01-01")

    assert "As at 2 Mar 2026, as known on 1 Jan 2021:" in long_ago.content.decode()
    context = long_ago.context
    assert context["standing"]["word"] == "Not yet a member"
    assert not any(context[name] for name in ("cards", "returns", "owed", "breaches", "cases"))
    assert not any(text.signed_on for text in context["texts"])
    today = timezone.localdate()
    now = read(f"?on=2026-03-02&known={today}").context
    assert now["standing"]["word"] == read("?on=2026-03-02").context["standing"]["word"]
    assert len(now["cases"]) == 1


def test_today_is_read_as_before_and_a_day_that_cannot_be_read_is_today(read):
    today = timezone.localdate()
    plain = read()
    for query in (f"?on={today}", "?on=31.31.2026&known=x", "?on="):
        assert not read(query).context["is_past"]
    assert "As at" not in plain.content.decode().split('class="lead"')[-1].partition("</p>")[0]
    assert "as of today" in read("?on=2026-03-02").content.decode()


def test_a_day_shows_nobody_more_than_today(read, people):
    for query in ("", "?on=2026-02-10", "?on=2026-02-10&known=2026-12-31"):
        shown = read(query, people.ann)
        assert "Breaches" not in shown.content.decode()
        assert not shown.context["cases"]
        assert not shown.context["breaches"]


def test_the_overview_is_for_the_same_readers_on_any_day(client, told, people):
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        today = client.get(f"/members/{told.code}/overview/").status_code
        assert client.get(f"/members/{told.code}/overview/?on=2025-01-01").status_code == today, (
            name
        )


@pytest.mark.parametrize("query", ["", "?on=2026-03-02", "?on=2026-03-02&known=2026-12-31"])
def test_the_overview_takes_as_many_queries_for_more_of_everything(
    read, told, people, edition, query
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as count:
            read(query)
        return len(count)

    read(query)
    few = queries()
    for number in range(3):
        make_mandate(told, make_user(f"Further {number}"))
        state(told, facts.CommitmentMade(date(2027, 1, 1)), date(2025, 1, 1), f"promise-{number}")
    file_return(told, period_of(edition, "2024"), WEAK, version=2)
    file_return(told, period_of(edition, "2025"), GOOD)
    publish(period_of(edition, "2025"), people.sam, date(2026, 3, 2))
    ScoreRun.objects.update(published_at=moment(date(2026, 2, 1)))
    Breach = told.breaches.model
    for number in range(3):
        raised = date(2026, 2, 1) + timedelta(days=number)
        Breach.objects.create(
            member=told, key=f"weak-year:20{20 + number}", edition=edition, arose_on=raised,
            raised_on=raised, because="weak", facts=[],
        )  # fmt: skip
        state(told, facts.BreachRaised(), raised, f"weak-year:20{20 + number}")

    assert queries() <= few
