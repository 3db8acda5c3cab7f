"""Bodies, and the clerk's pages, tried by the whole cast on the real day."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.models import Body, Decision, Seat
from tests.conftest import everybody
from tests.factories import make_edition
from tests.suspensions.builders import course, lamps_missed_on, make_body, make_case

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAYS = course(TODAY - timedelta(days=60))  # not answered in time, eleven days ago


def visit(user, url):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(url)


def send(user, url, **data):
    client = Client()
    if user:
        client.force_login(user)
    return client.post(url, data)


@pytest.fixture
def edition(people):
    return make_edition(lamps_missed_on(DAYS.raised), by=people.sam)


@pytest.fixture
def case(member, people):
    make_body(people)
    make_body(people, "appeals")
    return make_case(member, people, "unanswered", DAYS)


def by_status(people, url, ask=visit, **data):
    seen = {who: ask(user, url, **data).status_code for who, user in everybody(people).items()}
    return {status: {w for w, s in seen.items() if s == status} for status in seen.values()}


def test_everybody_signed_in_sees_the_bodies(case, people):
    assert by_status(people, "/bodies/") == {200: set(vars(people)), 302: {"nobody"}}


@pytest.mark.parametrize("url", ["/matters/", "/matters/C0001/"])
def test_only_the_clerk_sees_what_awaits_a_decision(case, people, url):
    seen = by_status(people, url)

    assert (seen[200], seen[302]) == ({"pat"}, {"nobody"})
    assert seen[403] == set(vars(people)) - {"pat"}


def test_the_clerk_sees_the_matter_the_name_and_what_is_asked_and_nothing_else(case, people):
    for url in ("/matters/", "/matters/C0001/"):
        page = visit(people.pat, url).content.decode()
        assert "C0001" in page
        assert "Ada &amp; Co" in page
        assert "Warning: impose or dismiss?" in page
        for secret in ("no-return", "No return", case.member.code, "Please answer", "Looked at"):
            assert secret not in page
    for url in (case.get_absolute_url(), case.breaches.get().get_absolute_url(),
                f"/members/{case.member.code}/"):  # fmt: skip
        assert visit(people.pat, url).status_code == 404


GOOD = {"outcome": "impose", "body": "board", "taken_on": TODAY, "reasons": "Nothing came."}


def test_the_clerk_records_what_a_body_decided(case, people):
    answer = send(people.pat, "/matters/C0001/", **GOOD)

    assert answer.url == "/matters/"
    decision = Decision.objects.get()
    assert (decision.outcome, decision.body.code, decision.taken_on) == ("impose", "board", TODAY)
    assert visit(people.pat, "/matters/C0001/").status_code == 404
    assert send(people.pat, "/matters/C0001/", **GOOD).status_code == 404
    assert "Imposed" in visit(people.pat, "/matters/").content.decode()


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"outcome": "lift"}, 400, "Select a valid choice"),
        ({"body": "appeals"}, 400, "Select a valid choice"),
        ({"taken_on": TODAY + timedelta(days=1)}, 400, "That day has not come yet"),
        ({"taken_on": DAYS.served}, 409, "awaits no decision: it is notified"),
        ({"taken_on": "soon"}, 400, "Enter a valid date"),
        ({"reasons": " "}, 400, "Missing: fill it in"),
    ],
)
def test_a_wrong_entry_says_what_and_keeps_what_was_typed(case, people, change, status, says):
    answer = send(people.pat, "/matters/C0001/", **GOOD | change)

    assert answer.status_code == status
    assert says in answer.content.decode()
    assert "reasons" in change or "Nothing came." in answer.content.decode()
    assert not Decision.objects.exists()


def test_the_secretariat_makes_bodies_and_seats(edition, people):
    assert send(people.sam, "/bodies/new/", name="The board", code="board").url == "/bodies/"
    given = {"board-email": "BEA@people.example", "board-chamber": "unions"}
    assert send(people.sam, "/bodies/board/seats/", **given).url == "/bodies/"
    page = visit(people.noor, "/bodies/").content.decode()
    assert "Trade unions" in page
    assert "Bea" in page
    assert "Give a seat" not in page

    seat = Seat.objects.get()
    assert send(people.sam, reverse("governance:end-seat", args=[seat.pk])).url == "/bodies/"
    assert send(people.sam, reverse("governance:end-seat", args=[seat.pk])).status_code == 404
    assert "Nobody sits on it yet" in visit(people.noor, "/bodies/").content.decode()


def test_a_seat_for_nobody_we_know_is_refused_in_words(edition, people):
    make_body(people)

    answer = send(people.sam, "/bodies/board/seats/", **{"board-email": "x@y.example"})

    assert answer.status_code == 400
    assert "Nobody signs in with this e-mail" in answer.content.decode()
    assert send(people.sam, "/bodies/new/", name="", code="two words").status_code == 400
    assert send(people.sam, "/bodies/council/seats/").status_code == 404


@pytest.mark.parametrize("name", ["create-body", "give-seat", "end-seat"])
def test_only_the_secretariat_manages_bodies(edition, people, today, name):
    body = make_body(people)
    seat = Seat.objects.create(body=body, user=people.bea, from_on=today)
    args = {"give-seat": ["board"], "end-seat": [seat.pk]}.get(name, [])
    url = reverse(f"governance:{name}", args=args)

    seen = by_status(people, url, send)

    assert seen[403] == set(vars(people)) - {"sam"}
    assert seen[302] >= {"nobody"}
    assert visit(people.sam, url).status_code == 405
    assert Body.objects.count() == 1
