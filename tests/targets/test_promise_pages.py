"""Targets of members' own on pages and in the API: for the whole cast, and nobody else."""

import pytest

from accounts.rules import Role
from governance import services as governance
from members.models import Affiliation
from targets.models import MemberTarget
from tests.conftest import everybody
from tests.factories import make_edition, make_user
from tests.targets.promises import proposed, with_own_targets
from tests.targets.test_promises import READERS

pytestmark = pytest.mark.django_db

case = pytest.param
TYPED = {
    "kpi": "days-to-repay",
    "baseline_year": "2024",
    "baseline_value": "100",
    "baseline_source": "Payroll",
    "goal_year": "2030",
    "goal_value": "60",
    "due_on": "",
    "trajectory": "straight_line",
    "milestones": "2027: 80\n2028 75",
    "reason": "",
}


@pytest.fixture
def edition(people):
    return make_edition(with_own_targets(), by=people.sam)


def read_by_each(client, people, url):
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        yield name, client.get(url)


def test_a_members_own_targets_are_private_on_every_page(client, people, member, today):
    proposed(member, people.ada, today, approved_by=people.sam)

    for url in (f"/members/{member.code}/targets/", f"/members/{member.code}/targets/T1/"):
        for name, answer in read_by_each(client, people, url):
            expected = 200 if name in READERS else 302 if name == "nobody" else 404
            assert answer.status_code == expected, (name, url)


def test_no_other_page_and_no_list_of_the_api_tells_them(client, people, member, today):
    proposed(member, people.ada, today, approved_by=people.sam)
    pages = (
        f"/members/{member.code}/",
        f"/members/{member.code}/overview/",
        f"/members/{member.code}/record/",
        "/targets/",
        "/api/v1/member-targets/",
    )
    for url in pages:
        for name, answer in read_by_each(client, people, url):
            if name not in READERS:
                shown = answer.content.decode()
                assert "target.approved" not in shown, (name, url)
                assert "days-to-repay" not in shown, (name, url)
                assert "Payroll of 2024" not in shown, (name, url)


def test_targets_lead_only_those_to_a_members_own_who_may_read_them(client, people, member):
    link = f'href="/members/{member.code}/targets/"'
    led = {n for n, page in read_by_each(client, people, "/targets/") if link in str(page.content)}

    assert led == {"ada", "sid", "avi"}


def test_it_is_proposed_in_the_browser_and_decided_by_staff(client, people, member):
    client.force_login(people.ada)
    page = client.get(f"/members/{member.code}/targets/propose/own-days/").content.decode()
    assert "at least 30 % better than its baseline" in page

    answer = client.post(f"/members/{member.code}/targets/propose/own-days/", TYPED)
    assert answer.url == f"/members/{member.code}/targets/T1/"
    assert "Approve it" not in client.get(answer.url).content.decode()

    client.force_login(people.sam)
    assert "may decide" in client.get("/targets/proposals/").content.decode()
    assert (
        "give a reason" in client.post(answer.url, {"act": "refuse", "reason": ""}).content.decode()
    )
    client.post(answer.url, {"act": "approve", "reason": ""})
    target = MemberTarget.objects.get()
    assert (target.outcome, target.decided_by) == ("approved", people.sam)
    assert "was approved already" in client.post(answer.url, {"act": "approve"}).content.decode()
    shown = client.get(f"/members/{member.code}/targets/").content.decode()
    assert "Days from finding a fee to paying it back: nothing was measured yet" in shown


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        case({"goal_value": "90", "milestones": ""}, "90 is not ambitious", id="below the floor"),
        case({"goal_value": "100", "milestones": ""}, "nothing is promised", id="reached"),
        case({"milestones": "2028: 75\n2027: 80"}, "must lie after the year before 2028",
             id="out of order"),
        case({"milestones": "soon"}, "“soon” is no milestone", id="no milestone"),
        case({"goal_value": "many"}, "Enter a number", id="no number"),
        case({"goal_year": "99999"}, "less than or equal to 2200", id="no year"),
        case({"goal_value": "1" * 400}, "no more than 27 digits", id="huge"),
        case({"baseline_source": "a\x00b"}, "Null characters are not allowed", id="NUL"),
        case({"baseline_source": ""}, "Missing: fill it in", id="empty"),
        case({"kpi": "policy"}, "Select a valid choice", id="another KPI"),
    ],
)  # fmt: skip
def test_bad_input_is_told_and_nothing_is_kept(client, people, member, changes, message):
    client.force_login(people.ada)

    answer = client.post(f"/members/{member.code}/targets/propose/own-days/", TYPED | changes)

    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not MemberTarget.objects.exists()


def test_who_may_not_propose_is_told_so_and_strangers_find_nothing(client, people, member):
    for name, answer in read_by_each(
        client, people, f"/members/{member.code}/targets/propose/own-days/"
    ):
        sees = {"avi", "sam", "cam", "lou", "ann"}
        expected = 200 if name in {"ada", "sid"} else 403 if name in sees else 404
        assert answer.status_code == (302 if name == "nobody" else expected), name
    client.force_login(people.ada)
    assert client.get(f"/members/{member.code}/targets/propose/none/").status_code == 404


@pytest.fixture
def board(people, member, today):
    """A board that approves: Bea for civil society, Eve's colleague for the companies."""
    make_edition(
        with_own_targets("{body: board}")
        .replace("lamps-2024", "lamps-2025", 1)
        .replace("in_force_from: 2023-01-01", "in_force_from: 2024-01-01"),
        by=people.sam,
    )
    body = governance.create_body(code="board", name="Board", by=people.sam, on=today)
    rival = make_user("Rival", Role.BOARD)
    for user, chamber in ((people.bea, "civil-society"), (rival, "companies")):
        governance.give_seat(body=body, user=user, chamber=chamber, by=people.sam, on=today)
    return rival


def test_a_body_decides_without_its_competitors(client, people, member, today, board):
    target = proposed(member, people.ada, today)

    client.force_login(board)
    assert client.get(target.get_absolute_url()).status_code == 404
    assert "Nothing waits" in client.get("/targets/proposals/").content.decode()
    client.force_login(people.sam)
    answer = client.post(target.get_absolute_url(), {"act": "approve"})
    assert "the rulebook lets the board decide" in answer.content.decode()
    client.force_login(people.bea)
    assert "may decide" in client.get("/targets/proposals/").content.decode()
    client.post(target.get_absolute_url(), {"act": "refuse", "reason": "Too late."})

    target.refresh_from_db()
    assert (target.outcome, target.decided_by) == ("refused", people.bea)


def test_a_seat_with_a_tie_to_the_member_sees_nothing(client, people, member, today, board):
    target = proposed(member, people.ada, today)
    Affiliation.objects.create(user=people.bea, organisation=member.organisation)

    assert not MemberTarget.objects.visible_to(people.bea).exists()
    client.force_login(people.bea)
    assert client.post(target.get_absolute_url(), {"act": "approve"}).status_code == 404
