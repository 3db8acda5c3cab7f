"""What is sent twice at once is done once, and the second is told that it is over."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.rules import Role
from governance.models import Body, Seat
from ledger.models import Entry
from members import services
from members.models import ClassRequest
from members.services import Person
from tests.factories import make_edition, make_member, make_user
from tests.members.belonging import EDITION
from tests.members.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sam(db):
    return make_user("Sam", Role.SECRETARIAT)


@pytest.fixture
def member(sam):
    make_edition(EDITION, by=sam)
    ada, sid, ann = make_user("Ada"), make_user("Sid"), make_user("Ann", Role.AUDITOR)
    return make_member("Ada & Co", representative=ada, signatory=sid, auditor=ann)


def mandate(member, sam, today):
    return f"/mandates/{member.mandates.first().pk}/end/", {}


def assignment(member, sam, today):
    return f"/assignments/{member.assignments.get().pk}/end/", {}


def seat(member, sam, today):
    body = Body.objects.create(code="panel", name="Panel")
    held = Seat.objects.create(body=body, user=make_user("Bea"), from_on=today)
    return f"/seats/{held.pk}/end/", {}


def group(member, sam, today):
    given = {"group": "Bright Holding", "source": "Register", "from_on": today}
    services.join_group(organisation=member.organisation, by=sam, on=today, **given)
    return f"/group-memberships/{member.organisation.group_memberships.get().pk}/end/", {}


def request_for_a_class(member, sam, today):
    asked = ClassRequest.objects.create(
        member=member,
        member_class="partner",
        chamber="unions",
        from_on=today,
        reason="A union now.",
        asked_at=timezone.now(),
        asked_by=sam,
    )
    return f"/class-requests/{asked.pk}/decline/", {"answer": "Not yet."}


def contact(member, sam, today):
    person = Person("Mia Main", "mia@lamps.example")
    named = services.name_contact(member=member, role="main", person=person, by=sam, on=today)
    given = {"name": "Finn", "email": "finn@lamps.example", "successor": "yes"}
    return f"/contacts/{named.pk}/", given


ACTS = {mandate: 1, assignment: 1, seat: 1, group: 1, request_for_a_class: 1, contact: 2}  # entries


@pytest.mark.parametrize("what", ACTS, ids=lambda act: act.__name__)
def test_what_is_sent_twice_at_once_is_done_once(member, sam, what):
    url, given = what(member, sam, timezone.localdate())
    before, answers = Entry.objects.count(), []

    def send() -> None:
        client = Client(raise_request_exception=False)
        client.force_login(sam)
        answers.append(client.post(url, given).status_code)

    assert at_once(send, send, send) == [None] * 3
    assert sorted(answers) == [302, 404, 404]
    assert Entry.objects.count() == before + ACTS[what]
