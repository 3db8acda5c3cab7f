"""A member whose listing is hidden: read in the register by its own people and staff alone."""

import pytest
from django.test import Client

from reports import services
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition
from tests.reports.conftest import impose

pytestmark = pytest.mark.django_db
HIDING = LAMPS.replace(
    "        standing: warned\n",
    "        standing: warned\n        on_entry: {listing: hidden}\n",
    1,
)
READS = {"sam", "cam", "lou", "ada", "sid", "avi", "ann"}


@pytest.fixture
def edition(people):
    return make_edition(HIDING, by=people.sam)


@pytest.fixture
def member_in_register(story, people, today):
    services.publish_memberships(by=people.sam, on=today)
    return story


def shown(people, url) -> set[str]:
    """Who is shown the member under test at an address."""
    found = set()
    for who, user in everybody(people).items():
        client = Client()
        if user:
            client.force_login(user)
        text = client.get(url).content.decode()
        if "Ada &amp; Co" in text or "Ada & Co" in text or '"sort":"membership"' in text:
            found.add(who)
    return found


@pytest.mark.parametrize(
    "url", ["/register/", "/register/{}/", "/api/v1/register/", "/api/v1/register/{}/"]
)
def test_a_hidden_member_is_shown_to_those_who_may_read_its_data(
    member_in_register, people, today, url
):
    story, url = member_in_register, url.format(member_in_register.member.code)
    assert shown(people, url) == set(everybody(people))

    impose(story.member, story.case, today)

    hidden_from = set(everybody(people)) - shown(people, url)
    assert {"nobody", "eve", "noor", "bea", "aud"} <= hidden_from
    assert READS.isdisjoint(hidden_from)


def test_the_others_stay_listed_and_a_hidden_entry_is_not_found(
    client, member_in_register, people, today
):
    story = member_in_register
    impose(story.member, story.case, today)

    assert "Other Lamps" in client.get("/register/").content.decode()
    assert client.get(f"/register/{story.member.code}/").status_code == 404
    assert client.get(f"/api/v1/register/{story.member.code}/").status_code == 404


def test_the_directory_shows_it_to_staff_and_its_own_people(member_in_register, people, today):
    story = member_in_register
    impose(story.member, story.case, today)

    seen = shown(people, "/members/")

    assert {"sam", "cam", "ada", "ann"} <= seen
    assert {"nobody", "eve", "noor", "aud"}.isdisjoint(seen)
