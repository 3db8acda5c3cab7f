from datetime import timedelta

import pytest
from django.utils import timezone

from targets.models import Extension
from tests.conftest import everybody
from tests.factories import make_edition, make_member
from tests.kpis.open_period import lamps_open_on

pytestmark = pytest.mark.django_db

STAFF, OWN = {"sam", "cam", "lou"}, {"ada", "sid", "avi", "ann"}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def edition(people, today):
    return make_edition(lamps_open_on(today), by=people.sam)


@pytest.fixture(autouse=True)
def _ready(member, work_due):
    work_due()


def statuses(client, people, address, method="get", **data):
    found = {}
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        found.setdefault(getattr(client, method)(address, data).status_code, set()).add(name)
    return found


def rest(people, *groups):
    return set(vars(people)) - set().union(*groups)


def test_the_calendar_is_for_everybody_and_counts_for_staff(client, people):
    assert statuses(client, people, "/periods/") == {200: set(vars(people)), 302: {"nobody"}}
    for name in vars(people):
        client.force_login(getattr(people, name))
        assert ("Late or missed" in client.get("/periods/").content.decode()) is (name in STAFF)


def test_who_filed_is_for_staff(client, people):
    found = statuses(client, people, "/periods/2025/")

    assert found == {200: STAFF, 403: rest(people, STAFF), 302: {"nobody"}}


def test_a_period_that_is_not_there(client, people):
    client.force_login(people.sam)

    assert client.get("/periods/1999/").status_code == 404


def test_obligations_are_for_staff_and_the_members_own_people(client, people, member):
    found = statuses(client, people, f"/members/{member.code}/obligations/")

    assert found == {200: STAFF | OWN, 404: rest(people, STAFF | OWN), 302: {"nobody"}}


def test_an_obligation_says_when_it_is_due_and_how_that_was_computed(client, people, member, today):
    client.force_login(people.ada)

    shown = client.get(f"/members/{member.code}/obligations/").content.decode()

    assert "(in 20 days)" in shown
    assert "clause 4.2 of Rulebook 2024" in shown


def test_extending_is_for_the_secretariat(client, people, member, today):
    address = f"/periods/2025/extend/{member.code}/"

    assert statuses(client, people, address) == {
        200: {"sam"},
        403: (STAFF | OWN) - {"sam"},
        404: rest(people, STAFF, OWN),
        302: {"nobody"},
    }


@pytest.mark.parametrize(
    ("days", "reason", "says"),
    [(5, "Flood", "must lie after"), (40, "", "Missing: fill it in"), (None, "x", "valid date")],
)
def test_a_bad_extension_is_said_on_the_page(client, people, member, today, days, reason, says):
    client.force_login(people.sam)
    until = today + timedelta(days=days) if days else "soon"

    answer = client.post(
        f"/periods/2025/extend/{member.code}/", {"until_on": until, "reason": reason}
    )

    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not Extension.objects.exists()


def test_an_extension_is_granted_on_the_page(client, people, member, today):
    client.force_login(people.sam)
    until = today + timedelta(days=70)

    answer = client.post(
        f"/periods/2025/extend/{member.code}/", {"until_on": until, "reason": "Flood"}
    )

    assert answer.url == "/periods/2025/"
    assert Extension.objects.get().until_on == until


def test_the_list_of_a_period_is_read_in_slices_and_by_state(
    client, people, member, today, django_assert_max_num_queries
):
    for _ in range(60):
        make_member()
    client.force_login(people.sam)

    with django_assert_max_num_queries(9):
        first = client.get("/periods/2025/")
    assert (first.context["count"], len(first.context["lines"])) == (62, 50)
    rest_of_it = client.get("/periods/2025/" + first.context["next_url"])
    assert len(rest_of_it.context["lines"]) == 12
    assert client.get("/periods/2025/?state=met").context["count"] == 0
    assert client.get("/periods/2025/?state=nonsense&after=x").context["count"] == 62


def test_the_calendar_takes_as_many_queries_for_more_members(
    client, people, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(people.sam)
    with django_assert_max_num_queries(10) as few:
        client.get("/periods/")

    for _ in range(10):
        make_member()

    with django_assert_num_queries(len(few)):
        client.get("/periods/")
