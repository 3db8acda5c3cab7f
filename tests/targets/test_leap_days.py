"""A due day that a year does not have is named where it is read: on pages and in a feed."""

from calendar import isleap
from datetime import date

import pytest
from django.utils import timezone

from targets import services
from tests.factories import LAMPS, make_edition, make_member
from tests.targets.test_everybody import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    """The next year without a 29 February."""
    following = timezone.localdate().year + 1
    return following if not isleap(following) else following + 1


@pytest.fixture
def member(people, year, work_due):
    """A member that owes a return by 29 February of each year."""
    leap = (
        f"periods:\n  - {{kind: calendar_year, code: leap, name: Report, first: {year - 2}, "
        f"last: {year + 3}, opens: {{on: 01-02}}, due: {{on: 02-29}}, late: {{on: 03-31}}, "
        'clause: "7"}\n'
    )
    make_edition(LAMPS.replace("periods:\n", leap, 1), by=people.sam)
    member = make_member("Ada & Co", representative=people.ada)
    work_due()
    return member


def said(year):
    return f"{year} has no 29 February; 28 Feb {year} is the last day of that month"


def test_a_day_that_the_year_does_not_have_is_named_on_the_page_with_why(
    client, people, member, year
):
    client.force_login(people.ada)

    page = client.get(f"/members/{member.code}/obligations/").content.decode()

    assert f"28 Feb {year}" in page
    assert said(year) in page
    for leap in range(year - 1, year + 4):
        if isleap(leap):
            assert f"29 Feb {leap}" in page
            assert f"{leap} has no 29 February" not in page


def test_the_calendar_shows_it_on_the_last_day_of_february(client, people, member, year):
    client.force_login(people.ada)

    page = client.get(f"/obligations/calendar/?month={year}-02").content.decode()

    assert f"28 Feb {year}" in page


def test_the_feed_has_an_event_on_that_day_and_says_why(client, people, member, year):
    secret = services.open_feed(by=people.ada, on=timezone.localdate())

    events = read(client, secret).values()

    found = {event["dtstart"].dt: str(event["description"]) for event in events}
    assert said(year) in found[date(year, 2, 28)]
    leap = next(one for one in range(year - 1, year + 4) if isleap(one))
    assert date(leap, 2, 29) in found
    assert "has no 29 February" not in found[date(leap, 2, 29)]
