"""Decisions held to the votes of the body, by the edition's decision rule."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from governance import services
from governance.models import Body, Decision, Seat
from governance.rules import NoSeat, NotAsked
from governance.rules.voting import NotCarried, Vote
from ledger.models import Entry
from rulebooks.rules.decisions import Tally
from suspensions import services as suspensions
from suspensions.models import Paper
from tests.conftest import everybody
from tests.factories import make_edition
from tests.governance.voting import CARRIED, REJECTED, TIED, TOO_FEW, vote, voting_lamps
from tests.plugin_browser import flaws
from tests.suspensions.builders import course, make_body, make_case

TODAY = timezone.localdate()
DAYS = course(TODAY - timedelta(days=60))

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(people):
    return make_edition(voting_lamps(DAYS.raised), by=people.sam)


@pytest.fixture
def case(member, people):
    services.create_bodies(by=people.sam, on=TODAY)
    return make_case(member, people, "unanswered", DAYS)


def record(case, people, votes=CARRIED, **more):
    named = {
        "member": case.member,
        "body": Body.objects.get(code="board"),
        "matter": case.code,
        "outcome": "impose",
        "reasons": "No return came.",
        "vote": votes,
        "by": people.pat,
        "on": TODAY,
    }
    return services.record_decision(**named | more)


def test_a_decision_that_its_votes_carry_is_recorded_with_its_figures(case, people):
    decision = record(case, people)

    assert decision.carried
    assert decision.vote["grade"] == "Majority"
    assert {"held": True, "words": "for: 7 of 8 (87.5 %), needs more than 50 %"} in (
        decision.vote["grounds"]
    )
    data = Entry.objects.get(pk=decision.entry_id).data
    assert (data["rule"], data["stage"], data["carried"]) == ("half-of-each", "vote", True)
    assert data["counts"] == {
        "companies": [2, 1, 0, 0, 3, 0],
        "unions": [3, 0, 0, 0, 3, 0],
        "civil-society": [2, 0, 1, 0, 3, 0],
    }


@pytest.mark.parametrize(
    ("votes", "outcome", "says"),
    [
        pytest.param(REJECTED, "impose", "motion to impose in C0001 was not carried; record it as "
                     "dismiss", id="a motion that failed is not recorded as carried"),
        pytest.param(CARRIED, "dismiss", "was carried; record it as impose",
                     id="a motion that carried is not recorded as failed"),
        pytest.param(TOO_FEW, "impose", "was taken without a quorum; there is nothing to record",
                     id="without a quorum nothing is recorded"),
        pytest.param(TOO_FEW, "dismiss", "was taken without a quorum",
                     id="nor is the contrary"),
        pytest.param(TIED, "impose", "was tied; there is nothing to record", id="a tie is open"),
        pytest.param(None, "impose", "board decides C0001 by a vote; count it", id="no votes"),
        pytest.param(vote((3, 1), (3, 0), (3, 0)), "impose", "4 present, of 3 seats",
                     id="more votes than seats"),
        pytest.param(vote((3, 0), (2, 0), (3, 0), recused={"unions": 2}), "impose",
                     "2 present and 2 recused, of 3 seats", id="recused and voting"),
    ],
)  # fmt: skip
def test_what_the_votes_do_not_allow_is_refused_and_leaves_nothing(
    case, people, votes, outcome, says
):
    entries = Entry.objects.count()

    with pytest.raises(NotAsked, match=says):
        record(case, people, votes, outcome=outcome)
    assert not Decision.objects.exists()
    assert Entry.objects.count() == entries


def test_every_ground_that_failed_is_told(case, people):
    with pytest.raises(NotCarried) as refused:
        record(case, people, vote((0, 3), (1, 2), (0, 1)))

    assert [ground.words for ground in refused.value.came.failing] == [
        "for: 1 of 7 (14.3 %), needs more than 50 %",
        "chamber companies: 0 of 3 (0 %), needs at least 1/3",
        "chamber civil-society: 0 of 1 (0 %), needs at least 1/3",
    ]


def test_a_motion_that_failed_is_recorded_as_dismissed(case, people):
    assert record(case, people, REJECTED, outcome="dismiss").carried is False


def test_the_chair_decides_a_tie(case, people):
    with_chair = vote((1, 2), (2, 1), (1, 1), casting="in_favor")

    assert record(case, people, with_chair).carried


def test_the_database_holds_a_decision_to_its_votes(case, people):
    decision = record(case, people)

    for wrong in ({"outcome": "dismiss"}, {"carried": False}, {"vote": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**wrong)


def test_the_standard_of_proof_is_printed_on_what_the_member_reads(case, people):
    decision = record(case, people)
    suspensions.carry_out(case_id=case.pk, decision=decision.entry_id, by=people.cam, on=TODAY)

    text = case.papers.get(sort=Paper.Sort.MEASURE).text
    assert text.startswith("No return came.")
    assert "Standard of proof (clause 8.5): Clear and convincing evidence" in text


def test_appeals_go_to_the_body_that_hears_them(case, people):
    decision = record(case, people)
    suspensions.carry_out(case_id=case.pk, decision=decision.entry_id, by=people.cam, on=TODAY)
    suspensions.file_appeal(case_id=case.pk, text="We disagree.", by=people.sid, on=TODAY)
    other = make_body(people, "council")

    with pytest.raises(NotAsked, match="appeals from board go to appeals, not to council"):
        record(case, people, None, body=other, outcome="upheld")
    panel = Body.objects.get(code="appeals")
    kept = services.record_decision(
        member=case.member, body=panel, matter=case.code, outcome="upheld", reasons="Rightly so.",
        vote=panel_vote((0, 1), (1, 1)), by=people.pat, on=TODAY,
    )  # fmt: skip
    assert kept.carried is False
    suspensions.decide_appeal(case_id=case.pk, decision=kept.entry_id, by=people.cam, on=TODAY)


def panel_vote(companies, unions):
    return Vote({"companies": Tally(*companies), "unions": Tally(*unions)})


# Bodies and seats


def test_the_bodies_of_the_rulebook_are_created_once(edition, people):
    made = services.create_bodies(by=people.sam, on=TODAY)

    assert [(body.code, body.name) for body in made] == [
        ("board", "The board"),
        ("appeals", "The appeal panel"),
    ]
    assert services.create_bodies(by=people.sam, on=TODAY) == []
    assert Entry.objects.filter(event="governance.body.created").count() == 2


@pytest.mark.parametrize("who", ["cam", "pat", "bea", "ada", "sys"])
def test_only_the_secretariat_creates_them(edition, people, who):
    with pytest.raises(PermissionDenied):
        services.create_bodies(by=getattr(people, who), on=TODAY)


def test_a_chamber_has_no_more_seats_than_the_rulebook_gives(edition, people):
    services.create_bodies(by=people.sam, on=TODAY)
    panel = Body.objects.get(code="appeals")

    def seat(user, chamber):
        return services.give_seat(body=panel, user=user, chamber=chamber, by=people.sam, on=TODAY)

    held = seat(people.bea, "companies")
    assert seat(people.bea, "companies") == held
    with pytest.raises(NoSeat, match="the 1 of companies on appeals are held"):
        seat(people.apa, "companies")
    with pytest.raises(NoSeat, match="appeals has no seat for civil-society; allowed: companies"):
        seat(people.apa, "civil-society")
    assert Seat.objects.count() == 1


# Pages


def client_of(user):
    client = Client()
    if user:
        client.force_login(user)
    return client


GOOD = {
    "outcome": "impose", "body": "board", "taken_on": TODAY, "reasons": "Nothing came.",
    "vote-companies.in_favor": 2, "vote-companies.against": 1,
    "vote-unions.in_favor": 3,
    "vote-civil-society.in_favor": 2, "vote-civil-society.abstained": 1,
}  # fmt: skip
FAILED = GOOD | {"vote-companies.in_favor": 0, "vote-companies.against": 3}


def test_the_clerk_sees_what_the_votes_come_to_before_anything_is_recorded(case, people):
    page = client_of(people.pat).post("/matters/C0001/", FAILED | {"work_out": 1})

    text = page.content.decode()
    assert page.status_code == 200
    assert "Not carried" in text
    assert "chamber companies: 0 of 3 (0 %), needs at least 1/3" in text
    assert "for: 5 of 8 (62.5 %), needs more than 50 %" in text
    assert "Nothing came." in text
    assert not Decision.objects.exists()


def test_the_clerk_records_by_the_votes(case, people):
    answer = client_of(people.pat).post("/matters/C0001/", GOOD)

    assert answer.url == "/matters/"
    assert Decision.objects.get().carried


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        pytest.param({"vote-companies.in_favor": 0, "vote-companies.against": 3}, 409,
                     "The motion to impose in C0001 was not carried", id="not carried"),
        pytest.param({"vote-unions.in_favor": "many"}, 400, "Trade unions: for: Enter a whole",
                     id="no number"),
        pytest.param({"vote-unions.in_favor": -1}, 400, "greater than or equal to 0", id="below 0"),
        pytest.param({"vote-unions.in_favor": 10**12}, 400, "less than or equal to", id="huge"),
        pytest.param({"vote-unions.in_favor": 4}, 409, "Unions: 4 present, of 3 seats",
                     id="more than sit there"),
        pytest.param({"body": "appeals"}, 400, "Select a valid choice", id="another body"),
        pytest.param({"vote-casting": "both"}, 400, "Select a valid choice", id="no casting vote"),
    ],
)  # fmt: skip
def test_a_wrong_vote_says_what_and_keeps_what_was_typed(case, people, change, status, says):
    answer = client_of(people.pat).post("/matters/C0001/", GOOD | change)

    assert answer.status_code == status
    assert says in answer.content.decode()
    assert "Nothing came." in answer.content.decode()
    assert not Decision.objects.exists()


def test_the_rulebook_says_who_decides_and_by_which_rule(edition):
    text = client_of(None).get(reverse("rulebooks:edition", args=[edition.code])).content.decode()

    assert "Trade unions 3; without it nothing is decided" in text
    assert "Quorum: more than 50 % of all and at least 1/3 of each chamber there" in text
    assert "Standard of proof for measure: Clear and convincing evidence" in text


def test_only_the_secretariat_creates_the_bodies_of_the_rulebook(edition, people):
    url = "/bodies/of-the-rulebook/"
    seen = {who: client_of(user).post(url).status_code for who, user in everybody(people).items()}

    assert {who for who, status in seen.items() if status != 403} == {"sam", "nobody"}
    assert set(Body.objects.values_list("code", flat=True)) == {"board", "appeals"}
    assert client_of(people.sam).get(url).status_code == 405
    text = client_of(people.sam).get("/bodies/").content.decode()
    assert "Trade unions 0 of 3 held" in text
    assert "Bodies of the rulebook" not in text


def test_a_seat_too_many_is_refused_on_the_page(edition, people):
    services.create_bodies(by=people.sam, on=TODAY)
    for user in (people.bea, people.apa):
        answer = client_of(people.sam).post(
            "/bodies/appeals/seats/",
            {"appeals-email": user.email, "appeals-chamber": "companies"},
        )

    assert answer.status_code == 409
    assert "The 1 of companies on appeals are held" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_clerk_counts_a_vote_in_the_browser(case, people, live_server, tab: Page):
    cookie = client_of(people.pat).cookies["sessionid"].value
    tab.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    for width in (390, 1280):
        tab.set_viewport_size({"width": width, "height": 860})
        tab.goto(f"{live_server.url}/matters/{case.code}/")
        assert flaws(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    for group, for_it in (("Companies", "1"), ("Trade unions", "3"), ("Civil society", "3")):
        tab.get_by_label(f"{group}: for").fill(for_it)
    tab.get_by_label("Companies: against").fill("2")
    tab.get_by_role("button", name="Work out the vote").click()
    tab.get_by_role("heading", name="What the votes come to").wait_for()
    tab.get_by_text("for: 7 of 9 (77.8 %), needs more than 50 %").wait_for()
    assert flaws(tab) == []

    tab.get_by_label("Impose it").check()
    tab.get_by_label("Reasons").fill("No return came.")
    tab.get_by_role("button", name="Record").click()
    tab.get_by_role("dialog").get_by_role("button", name="Record").click()
    tab.get_by_text("The case officer carries out").wait_for()
    assert Decision.objects.get().vote["state"] == "passed"
