import pytest
from django.urls import reverse

from tests.conftest import everybody

pytestmark = pytest.mark.django_db

STAFF = {"sam", "cam", "lou"}
ACTING = {"ada", "sid", "avi", "ann"}


@pytest.fixture
def visit(client):
    """Open a page as somebody; None for nobody."""

    def get(user, url):
        client.logout()
        if user:
            client.force_login(user)
        return client.get(url)

    return get


def outcomes(visit, people, url) -> dict[str, int]:
    return {who: visit(user, url).status_code for who, user in everybody(people).items()}


@pytest.mark.parametrize("page", ["member", "requirements", "people"])
def test_a_members_pages_are_for_staff_and_its_own_people(visit, member, people, page):
    seen = outcomes(visit, people, reverse(f"members:{page}", args=[member.code]))

    assert {who for who, status in seen.items() if status == 200} == STAFF | ACTING
    assert seen.pop("nobody") == 302
    assert {s for who, s in seen.items() if who not in STAFF | ACTING} == {404}


def test_a_member_that_is_not_there_is_not_found(visit, member, people):
    assert visit(people.sam, reverse("members:member", args=["M9999"])).status_code == 404
