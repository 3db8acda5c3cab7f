"""How all members came out together: drawn up with a publication, and giving nobody away."""

from itertools import count

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.selectors import system_user
from kpis import services
from kpis.models import Aggregate
from ledger.models import Entry
from tests.factories import LAMPS, make_edition
from tests.kpis.filings import GOOD, WEAK, file_return, file_returns, many_members, period_of

pytestmark = pytest.mark.django_db
SHOWN = LAMPS.replace(
    "\npublicity:",
    '\naggregates: {breakdowns: [class, chamber], shown_to: members, clause: "9.4"}\npublicity:',
    1,
)
_version = count(2)


@pytest.fixture
def edition(db):
    return make_edition(SHOWN)


@pytest.fixture
def period(edition):
    return period_of(edition)


@pytest.fixture
def everybody(period):
    """Sixteen members: six good, ten weak."""
    made = many_members(16)
    file_returns(made, period, [GOOD] * 6 + [WEAK] * 10)
    return made


def publish(period, by, on):
    run = services.start_run(period=period, by=by, on=on)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=on)
    return services.publish_run(run_id=run.pk, by=by, on=on)


def again(members, period, answers):
    for one in members:
        file_return(one, period, answers, version=next(_version))


def test_a_table_is_drawn_up_when_scores_are_published(everybody, period, people, today, work_due):
    run = publish(period, people.sam, today)
    work_due()

    made = Aggregate.objects.get()
    assert (made.run, made.public) == (run, False)
    assert made.table["columns"] == [["", "failing", "improving"], ["leading"]]
    assert made.table["total"]["counts"] == [10, 6]
    assert Entry.objects.get(event="kpis.aggregates.drawn").data["run"] == run.pk


def test_drawing_twice_gives_the_table_that_is_there(everybody, period, people, today, work_due):
    run = publish(period, people.sam, today)
    work_due()

    again = services.draw_aggregates(run_id=run.pk, by=system_user(), on=today)

    assert again == Aggregate.objects.get()


def test_one_members_correction_does_not_redraw_the_table(
    everybody, period, people, today, work_due
):
    first = publish(period, people.sam, today)
    work_due()
    again(everybody[-1:], period, GOOD)

    second = publish(period, people.sam, today)
    work_due()

    assert Aggregate.objects.get().run == first
    with pytest.raises(services.NotDrawn, match="could be subtracted"):
        services.draw_aggregates(run_id=second.pk, by=system_user(), on=today)


def test_corrections_of_enough_members_do(everybody, period, people, today, work_due):
    publish(period, people.sam, today)
    work_due()
    again(everybody[-5:], period, GOOD)

    second = publish(period, people.sam, today)
    work_due()

    latest = Aggregate.objects.latest().get()
    assert latest.run == second
    assert latest.table["columns"] == [["", "failing", "improving"], ["leading"]]  # as at first
    assert latest.table["total"]["counts"] == [5, 11]


def test_what_is_not_published_or_not_shown_is_not_drawn(everybody, period, people, today):
    run = services.start_run(period=period, by=people.sam, on=today)
    with pytest.raises(services.NotDrawn, match="is not published"):
        services.draw_aggregates(run_id=run.pk, by=system_user(), on=today)
    with pytest.raises(PermissionDenied):
        services.draw_aggregates(run_id=run.pk, by=people.bea, on=today)


def test_members_and_bodies_read_what_is_for_them_and_the_public_what_is_public(
    client, everybody, period, people, today, work_due
):
    publish(period, people.sam, today)
    work_due()

    def text(user: User | None) -> str:
        client.logout()
        if user:
            client.force_login(user)
        return client.get("/results/").content.decode()

    for user in (people.sam, people.bea, people.noor, people.sys):
        assert "as drawn up on" in text(user)
        assert "6<span" in text(user)
        assert "where no country was stated for that day" in text(user)
    assert "Nothing has been drawn up yet" in text(None)
    assert "How all members came out" not in client.get("/").content.decode()
    Aggregate.objects.update(public=True)
    assert "as drawn up on" in text(None)
    assert "How all members came out" in client.get("/").content.decode()


def test_programs_read_what_the_page_tells_whoever_may(
    client, everybody, edition, people, today, work_due
):
    for code in ("2023", "2024"):
        period = period_of(edition, code)
        if code == "2023":
            file_returns(everybody, period, [GOOD] * 6 + [WEAK] * 10)
        publish(period, people.sam, today)
        work_due()

    assert client.get("/api/v1/results/").json() == []
    assert client.get("/api/v1/results/2024/").status_code == 404
    client.force_login(people.bea)
    found = client.get("/api/v1/results/").json()
    assert [one["period"] for one in found] == ["2024", "2023"]
    one = client.get("/api/v1/results/2024/").json()
    assert one == found[0]
    assert one["total"] == [10, 6]
    assert one["columns"][0]["label"] == "Failing, Improving or in no band"
    table = Aggregate.objects.get(period__code="2024").table
    assert [row["counts"] for row in one["rows"]] == [row["counts"] for row in table["rows"]]
    assert client.get("/api/v1/results/1999/").status_code == 404
    client.logout()
    Aggregate.objects.filter(period__code="2023").update(public=True)
    assert [one["period"] for one in client.get("/api/v1/results/").json()] == ["2023"]


def test_the_page_tells_the_spread_the_way_over_periods_and_where_ones_own_member_stands(
    client, member, everybody, edition, people, today, work_due
):
    for code in ("2023", "2024"):
        period = period_of(edition, code)
        file_return(member, period, GOOD)
        if code == "2023":
            file_returns(everybody, period, [GOOD] * 5 + [WEAK] * 11)
        publish(period, people.sam, today)
        work_due()

    def text(user: User, page: str = "/results/") -> str:
        client.force_login(user)
        return " ".join(client.get(page).content.decode().split())

    newest = text(people.sam)
    assert "Failing, Improving or in no band: 11 of 18 members for Year 2024" in newest
    assert "Leading: 38 % of members for 2024, 33 % for 2023" in newest
    assert "12 of 18 members for Year 2023" in text(people.sam, "/results/2023/")
    own = "in the first quarter of 18 members with a score"
    assert own in text(people.ada)
    assert own not in text(people.eve)
    assert "quarter of 18" not in text(people.sam)


def test_the_page_asks_as_many_queries_for_one_period_as_for_two(
    client, everybody, edition, people, today, work_due, django_assert_max_num_queries
):
    client.force_login(people.sam)
    publish(period_of(edition), people.sam, today)
    work_due()
    with CaptureQueriesContext(connection) as one:
        client.get("/results/")
    file_returns(everybody, period := period_of(edition, "2023"), [GOOD] * 8 + [WEAK] * 8)
    publish(period, people.sam, today)
    work_due()

    with django_assert_max_num_queries(len(one)):
        client.get("/results/")


def test_a_body_reads_the_spread_as_drawn_up_and_not_as_it_stands(
    client, everybody, period, people, today, work_due
):
    publish(period, people.sam, today)
    work_due()
    again(everybody[-1:], period, GOOD)
    publish(period, people.sam, today)
    work_due()

    client.force_login(people.bea)
    home = client.get("/").content.decode()

    assert "10 of 16 members" in home


def test_a_period_without_a_table_is_not_there(client, people, everybody, period):
    client.force_login(people.sam)
    assert client.get("/results/2024/").status_code == 404
