"""Pages of simulation, tried by the whole cast."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.models import Seat
from rulebooks import services as rulebooks
from suspensions.models import Simulation
from tests.conftest import everybody
from tests.factories import LAMPS, make_member
from tests.kpis.filings import GOOD, WEAK, file_returns, many_members, period_of
from tests.reports.conftest import publish
from tests.suspensions.builders import make_body

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DRAFT = (
    LAMPS.replace("code: lamps-2024", "code: lamps-2027", 1)
    .replace("bar: 50", "bar: 90")
    .replace("opens_case: false", "opens_case: true")
)
DAYS = {"first_on": "2025-01-01", "last_on": str(TODAY + timedelta(days=1))}
PURPOSE = "To tell the drafting group what a bar of 90 means."


@pytest.fixture
def draft(member, edition, people):
    """A draft with a higher bar, and twenty members of which fourteen would fall below it."""
    period = period_of(edition)
    many = many_members(20)
    best = GOOD | {"fees-repaid": ("40", "40")}
    file_returns(many, period, [best if place < 8 else WEAK for place in range(20)])
    publish(period, people.sam, TODAY)
    return rulebooks.draft_edition(text=DRAFT, by=people.sam, on=TODAY)


def page(draft) -> str:
    return reverse("suspensions:simulations", args=[draft.code])


def visit(user, url, **posted):
    client = Client()
    if user:
        client.force_login(user)
    return client.post(url, posted) if posted else client.get(url)


def test_only_the_secretariat_sees_the_runs_of_a_draft(draft, people):
    answered = {
        name: visit(user, page(draft)).status_code for name, user in everybody(people).items()
    }

    assert {name for name, status in answered.items() if status == 200} == {"sam"}
    assert {status for name, status in answered.items() if name != "sam"} <= {302, 403}


def test_a_draft_leads_to_its_simulations(draft, people):
    address = reverse("rulebooks:edition", args=[draft.code])

    assert page(draft) in visit(people.sam, address).content.decode()
    assert page(draft) not in visit(people.lou, address).content.decode()


def test_a_run_without_a_purpose_shows_numbers_and_no_member(draft, people):
    response = visit(people.sam, page(draft), **DAYS)

    text = response.content.decode()
    assert "14 of 22 members would have come out otherwise" in text
    assert "Company 5010" not in text
    assert "breach weak-year: none → proposed (7.2)" in text


def test_names_are_shown_once_to_whoever_asked(draft, people):
    shown = visit(people.sam, page(draft), **DAYS, purpose=PURPOSE).content.decode()
    record = Simulation.objects.get()
    later = visit(people.sam, record.get_absolute_url()).content.decode()

    assert "Company 5010" in shown
    assert "Company 5010" not in later
    assert PURPOSE in later
    assert visit(people.sam, page(draft)).content.decode().count(record.get_absolute_url()) == 1


WRONG = {
    "no days": ({"first_on": ""}, "Missing: fill it in"),
    "the wrong way round": ({"first_on": "2030-01-01"}, "lies before 1 Jan 2030"),
    "a word for a purpose": ({"purpose": "test"}, "at least 10 characters"),
    "nobody": ({"members": "M9999"}, "there is no such member"),
}


@pytest.mark.parametrize(("posted", "message"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_said_and_nothing_is_run(draft, people, posted, message):
    response = visit(people.sam, page(draft), **DAYS | posted)

    assert message in response.content.decode()
    assert not Simulation.objects.exists()


def test_more_members_than_a_request_has_time_for_are_left_to_the_command(
    draft, people, monkeypatch
):
    monkeypatch.setattr("suspensions.views.simulation.MOST_MEMBERS", 21)

    text = visit(people.sam, page(draft), **DAYS).content.decode()

    assert "22 members take too long here; run manage.py simulate" in text
    assert not Simulation.objects.exists()


def test_nobody_else_runs_one(draft, people):
    for name, user in everybody(people).items():
        if name != "sam":
            assert visit(user, page(draft), **DAYS).status_code in (302, 403)

    assert not Simulation.objects.exists()


def test_the_paper_is_for_whoever_votes_and_gives_no_member_away(draft, people):
    visit(people.sam, page(draft), **DAYS, purpose=PURPOSE)
    paper = reverse("suspensions:simulation-paper", args=[Simulation.objects.get().pk])
    Seat.objects.create(body=make_body(people), user=people.bea, from_on=TODAY)

    answered = {name: visit(user, paper).status_code for name, user in everybody(people).items()}
    text = visit(people.bea, paper).content.decode()

    assert {name for name, status in answered.items() if status == 200} >= {"sam", "bea"}
    assert not {"ada", "eve", "ann", "noor"} & {n for n, s in answered.items() if s == 200}
    assert PURPOSE not in text
    assert "Company" not in text
    assert '<td class="num">14</td>' in text


def test_a_small_group_is_withheld_from_the_paper(draft, people):
    make_member("A union", member_class="partner", chamber="unions")
    visit(people.sam, page(draft), **DAYS)

    paper = reverse("suspensions:simulation-paper", args=[Simulation.objects.get().pk])
    text = visit(people.sam, paper).content.decode()

    assert "Class: partner" in text
    assert "Withheld" in text
    assert '<th scope="row">Class: full</th>' not in text


def test_a_run_on_some_members_has_no_paper(draft, people, member):
    visit(people.sam, page(draft), **DAYS, members=member.code)
    record = Simulation.objects.get()

    assert (
        visit(people.sam, reverse("suspensions:simulation-paper", args=[record.pk])).status_code
        == 404
    )
