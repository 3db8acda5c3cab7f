"""The word “Admissions” stands where its page opens, and nowhere else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from governance import services
from tests.conftest import everybody
from tests.factories import make_edition
from tests.members.applying import JOINING

pytestmark = pytest.mark.django_db
URL = reverse("governance:admissions")
TODAY = timezone.localdate()


def linked_and_opened(client, people) -> tuple[set[str], set[str]]:
    """Return who has the word in their navigation, and for whom the page opens."""
    linked, opened = set(), set()
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        if f'href="{URL}"' in client.get("/").content.decode():
            linked.add(who)
        if client.get(URL).status_code == 200:
            opened.add(who)
    return linked, opened


def test_without_a_seat_that_decides_on_applications_it_is_the_clerks_alone(client, member, people):
    linked, opened = linked_and_opened(client, people)

    assert linked == {"pat"}
    assert linked <= opened
    assert not opened & {"bea", "apa", "ada", "eve", "ann", "noor", "nobody"}


def test_a_seat_on_the_body_that_the_edition_names_opens_it(client, people, work_due):
    make_edition(JOINING, by=people.sam)
    for code, user in (("board", people.bea), ("council", people.apa)):
        body = services.create_body(code=code, name=code, by=people.sam, on=TODAY)
        services.give_seat(body=body, user=user, chamber="", by=people.sam, on=TODAY)

    linked, opened = linked_and_opened(client, people)

    assert linked == {"pat", "bea"}
    assert linked <= opened
    assert "apa" not in opened
