"""Pages and lists take as many queries for fifty members as for five."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from targets.models import Period
from tests.factories import make_edition, make_member
from tests.kpis.open_period import lamps_open_on

pytestmark = pytest.mark.django_db
PAGES = [
    "/members/",
    "/members/?sort=standing",
    "/members/?q=lamps",
    "/members/?due=overdue",
    "/members/?due=soon",
    "/members/?due=nothing",
    "/members/?standing=good",
    "/members/{member}/",
    "/members/{member}/obligations/",
    "/obligations/",
    "/obligations/?state=met",
    "/obligations/?state=overdue",
    "/obligations/calendar/?year={year}",
    "/obligations/calendar/?month={year}-06",
    "/matrix/?period={period}",
    "/matrix/?period={period}&totals=all",
    "/matrix/?period={period}&state=signed",
    "/matrix/{member}/{period}/R1/",
    "/api/v1/members/",
    "/api/v1/obligations/",
    "/api/v1/matrix/?period={period}",
]


@pytest.fixture
def edition(people):
    return make_edition(lamps_open_on(timezone.localdate()), by=people.sam)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_as_many_queries_for_fifty_members_as_for_five(
    client, member, people, work_due, page, django_assert_num_queries
):
    work_due()
    today = timezone.localdate()
    period = Period.objects.filter(opens_on__lte=today).order_by("-opens_on").first().code
    address = page.format(member=member.code, period=period, year=today.year)
    client.force_login(people.sam)
    for number in range(4):
        make_member(f"Lamps {number}")
    assert client.get(address).status_code == 200  # what is read once is read
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(45):
        make_member(f"More lamps {number}")

    with django_assert_num_queries(len(few)):
        client.get(address)
