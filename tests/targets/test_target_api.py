"""Targets by API: proposed, withdrawn, decided, a baseline anew; the letter about a decision."""

from dataclasses import replace
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ledger.models import Entry
from members.models import Fact, Letter
from rulebooks.rules.edition import Edition
from rulebooks.rules.targets.own import LeastChange
from targets import selectors, services
from targets.forms import ProposalForm
from targets.models import MemberTarget, NewBaseline
from targets.rules.ambition import NotAllowed, Proposal, require_allowed
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition, make_member
from tests.targets.promises import FASTER, OWN, proposed, with_own_targets
from tests.targets.test_baselines import SAID, text_with
from tests.targets.test_promises import READERS

pytestmark = pytest.mark.django_db
case = pytest.param
API = "/api/v1/member-targets/"
JSON = "application/json"
PROPOSERS = {"ada", "sid"}
SENT = {
    "rule": "own-days",
    "kpi": "days-to-repay",
    "baseline_year": 2024,
    "baseline_value": "100",
    "baseline_source": "Payroll of 2024",
    "goal_year": 2030,
    "goal_value": "60",
    "milestones": [[2027, "80"], [2028, "75"]],
}


@pytest.fixture
def edition(people):
    return make_edition(with_own_targets(), by=people.sam)


def post(client, url, data=None):
    return client.post(url, data or {}, content_type=JSON)


def by_each(client, people, act):
    """Yield the name of everybody, and what they are answered."""
    for name, user in everybody(people).items():
        client.logout()
        if user is not None:
            client.force_login(user)
        yield name, act(name)


# Proposing and withdrawing


def test_who_acts_for_the_member_proposes_and_nobody_else(client, people, member):
    def propose(name):
        answer = post(client, API, SENT | {"member": member.code})
        MemberTarget.objects.waiting().update(outcome="withdrawn", decided_at="2026-01-01T00Z",
                                              decided_by=people.ada)  # fmt: skip
        return answer

    for name, answer in by_each(client, people, propose):
        sees = {"avi", "sam", "cam", "lou", "ann"}
        expected = 201 if name in PROPOSERS else 403 if name in {*sees, "nobody"} else 400
        assert answer.status_code == expected, (name, answer.content)
        if expected == 400:
            assert set(answer.json()) == {"member"}


def test_what_is_proposed_by_api_is_what_is_proposed_on_the_page(client, people, member, today):
    client.force_login(people.ada)

    said = post(client, API, SENT | {"member": member.code}).json()

    target = MemberTarget.objects.get()
    milestones = ((2027, D(80)), (2028, D(75)))
    assert target.proposal == replace(FASTER, milestones=milestones)
    assert (said["id"], said["code"], said["outcome"]) == (target.pk, "T1", "")
    assert said["milestones"] == [[2027, "80"], [2028, "75"]]
    assert Entry.objects.filter(event="targets.target.proposed").count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "field", "says"),
    [
        case({"goal_value": "100", "milestones": []}, 409, "goal_value", "nothing is promised",
             id="reached at its baseline"),
        case({"milestones": [[2028, "75"], [2027, "80"]]}, 409, "milestones",
             "must lie after the year before 2028", id="milestones out of order"),
        case({"goal_value": "90", "milestones": []}, 409, "goal_value", "not ambitious enough",
             id="below the floor"),
        case({"baseline_value": "99999"}, 409, "baseline_value", "not on the scale",
             id="off the scale"),
        case({"due_on": "2029-06-30"}, 409, "due_on", "goal's year, 2030", id="another year"),
        case({"rule": "none"}, 409, "rule", "no target that members set", id="no such kind"),
        case({"kpi": "policy"}, 409, "kpi", "not set by members", id="another KPI"),
        case({"because": "error", "evidence": "x"}, 409, "because", "stands whose baseline",
             id="nothing to work out anew"),
        case({"milestones": [[2027]]}, 400, "milestones", "is no milestone", id="half a pair"),
        case({"milestones": "soon"}, 400, "milestones", "pairs", id="no pairs"),
        case({"milestones": [[2027, "1" * 40]]}, 400, "milestones", "27 digits", id="huge"),
        case({"milestones": [[2027, "NaN"]]}, 400, "milestones", "is no milestone", id="NaN"),
        case({"goal_value": "many"}, 400, "goal_value", "valid number", id="no number"),
        case({"goal_year": 99999}, 400, "goal_year", "2200", id="no year"),
        case({"baseline_source": "a\x00b"}, 400, "baseline_source", "Null characters", id="NUL"),
        case({"trajectory": "up"}, 400, "trajectory", "not a valid choice", id="no way"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_told_at_its_place_and_nothing_is_kept(
    client, people, member, changes, status, field, says
):
    client.force_login(people.ada)

    answer = post(client, API, SENT | {"member": member.code} | changes)

    assert answer.status_code == status
    said = answer.json()
    assert (said["field"] if status == 409 else next(iter(said))) == field
    assert says in str(said)
    assert not MemberTarget.objects.exists()


@pytest.mark.parametrize("waits", [True, False], ids=["waiting", "decided"])
def test_a_proposal_is_taken_back_by_the_member_until_it_is_decided(
    client, people, member, today, waits
):
    def withdraw(name):
        target = proposed(member, people.ada, today, approved_by=None if waits else people.sam)
        answer = post(client, f"{API}{target.pk}/withdraw/")
        target.refresh_from_db()
        if target.outcome == "":
            services.refuse_target(target_id=target.pk, reason="x", by=people.sam, on=today)
        return answer

    if not waits:
        client.force_login(people.ada)
        answer = withdraw("ada")
        assert (answer.status_code, answer.json()["code"]) == (409, "cannot_withdraw")
        assert "T1 was approved already" in answer.json()["detail"]
        return
    for name, answer in by_each(client, people, withdraw):
        reads = READERS - PROPOSERS
        expected = 200 if name in PROPOSERS else 403 if name in {*reads, "nobody"} else 404
        assert answer.status_code == expected, name


def test_after_a_withdrawal_another_is_proposed_and_what_stood_stands(people, member, today):
    first = proposed(member, people.ada, today, approved_by=people.sam)
    second = proposed(member, people.ada, today, reason="Why", goal_value=D(50))

    services.withdraw_target(target_id=second.pk, by=people.sid, on=today)

    second.refresh_from_db()
    assert (second.outcome, second.decided_by) == ("withdrawn", people.sid)
    assert selectors.standing_target(member, "days-to-repay") == first
    assert Fact.objects.filter(kind="target.withdrawn", key="T2").count() == 1
    assert Entry.objects.filter(event="targets.target.withdrawn").count() == 1
    with pytest.raises(services.CannotWithdraw, match="withdrawn already"):
        services.withdraw_target(target_id=second.pk, by=people.ada, on=today)
    with pytest.raises(services.CannotDecide, match="withdrawn already"):
        services.approve_target(target_id=second.pk, by=people.sam, on=today)
    third = proposed(member, people.ada, today, reason="Why", goal_value=D(55))
    assert (third.code, third.revises) == ("T3", first)


def test_it_is_taken_back_on_the_page(client, people, member, today):
    target = proposed(member, people.ada, today)
    client.force_login(people.sam)
    assert "Withdraw it" not in client.get(target.get_absolute_url()).content.decode()
    client.force_login(people.ada)
    assert "Withdraw it" in client.get(target.get_absolute_url()).content.decode()

    assert client.post(target.get_absolute_url(), {"act": "withdraw"}).status_code == 302

    page = client.get(target.get_absolute_url()).content.decode()
    assert "Withdrawn on" in page
    assert "Withdraw it" not in page
    again = client.post(target.get_absolute_url(), {"act": "withdraw"})
    assert "Nothing was withdrawn: T1 was withdrawn already" in again.content.decode()
    client.force_login(people.avi)
    assert client.post(target.get_absolute_url(), {"act": "withdraw"}).status_code == 403


# Deciding


@pytest.mark.parametrize("act", ["approve", "refuse"])
def test_whoever_the_edition_names_decides_and_nobody_else(client, people, member, today, act):
    def decide(name):
        target = proposed(member, people.sid, today)
        answer = post(client, f"{API}{target.pk}/{act}/", {"reason": "Too vague."})
        target.refresh_from_db()
        if target.outcome == "":
            services.withdraw_target(target_id=target.pk, by=people.sid, on=today)
        return answer

    tried = {}
    for name, user in everybody(people).items():
        client.logout()
        if user is not None:
            client.force_login(user)
        if name != "sam":
            tried[name] = decide(name).status_code
    staff = {"cam": 409, "lou": 409}  # they decide about targets, but not about this kind
    expected = {
        name: staff.get(name, 403 if name in {*READERS, "nobody"} else 404) for name in tried
    }
    assert tried == expected
    client.force_login(people.sam)
    answer = decide("sam")
    assert answer.status_code == 200
    assert answer.json()["outcome"] == {"approve": "approved", "refuse": "refused"}[act]


def test_a_refusal_by_api_asks_for_its_reason_and_nothing_is_decided_twice(
    client, people, member, today
):
    target = proposed(member, people.ada, today)
    client.force_login(people.sam)

    assert set(post(client, f"{API}{target.pk}/refuse/").json()) == {"reason"}
    assert post(client, f"{API}{target.pk}/refuse/", {"reason": "Vague"}).status_code == 200
    twice = post(client, f"{API}{target.pk}/approve/")
    assert (twice.status_code, twice.json()["code"]) == (409, "cannot_decide")
    assert post(client, f"{API}0/approve/").status_code == 404


# The letter


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        case("approved", ("the target is approved", "it holds from that day", "clause 1.4"),
             id="approved"),
        case("refused", ("the target is not approved", "Why: Too vague.", "propose another"),
             id="refused"),
    ],
)  # fmt: skip
def test_the_member_reads_in_a_letter_what_was_decided_and_why(
    people, member, today, work_due, outcome, says
):
    target = proposed(member, people.ada, today)
    if outcome == "approved":
        services.approve_target(target_id=target.pk, by=people.sam, on=today)
    else:
        services.refuse_target(target_id=target.pk, reason="Too vague.", by=people.sam, on=today)

    work_due()
    work_due()

    letters = Letter.objects.filter(template="target-decided")
    assert {letter.to for letter in letters} == {people.ada, people.sid}
    text = letters[0].subject + letters[0].body
    assert all(words in text for words in (*says, "from 100 in 2024 to 60 in 2030"))
    assert f"/members/{member.code}/targets/T1/" in text
    assert {letter.status for letter in letters} == {"held"}


def test_of_a_proposal_or_a_withdrawal_nobody_is_written_to(people, member, today, work_due):
    target = proposed(member, people.ada, today)
    services.withdraw_target(target_id=target.pk, by=people.ada, on=today)
    work_due()

    assert not Letter.objects.filter(template="target-decided").exists()


# Collective targets


def test_collective_targets_are_read_with_every_way_by_whoever_is_signed_in(
    client, people, member, today
):
    make_edition(
        text_with().replace("lamps-2024", "lamps-2025", 1).replace("2023-01-01", "2024-01-01", 1),
        by=people.sam,
    )
    services.recalculate_baseline(
        target="all-fees-repaid", value=D(50), by=people.sam, on=today, **SAID
    )

    for name, answer in by_each(client, people, lambda _: client.get("/api/v1/targets/")):
        assert answer.status_code == (403 if name == "nobody" else 200), name
        if name != "nobody":
            (told,) = answer.json()
            assert [way[0]["value"] for way in told["ways"]] == ["40", "50"]
            (anew,) = told["new_baselines"]
            assert (anew["before"], anew["value"], anew["change"]) == ("40", "50", "25.00")
            assert (anew["because"], anew["above_percent"], anew["clause"]) == ("error", "5", "1.3")
    assert client.get("/api/v1/targets/none/").status_code == 403  # nobody is signed in
    client.force_login(people.sam)
    assert client.get("/api/v1/targets/none/").status_code == 404
    assert client.get("/api/v1/targets/all-fees-repaid/").json() == told


@pytest.fixture
def with_rule(people, member):
    """An edition in force today that lets baselines be worked out anew."""
    text = text_with().replace("lamps-2024", "lamps-2025", 1)
    return make_edition(text.replace("2023-01-01", "2024-01-01", 1), by=people.sam)


def test_a_baseline_is_worked_out_anew_by_api_by_the_secretariat_alone(client, people, with_rule):
    url = "/api/v1/targets/all-fees-repaid/recalculate/"

    for name, answer in by_each(client, people, lambda _: post(client, url, SAID | {"value": 50})):
        assert answer.status_code == (201 if name == "sam" else 403), name
    assert NewBaseline.objects.get().recorded_by == people.sam
    client.force_login(people.sam)
    small = post(client, url, SAID | {"value": "51"})
    assert (small.status_code, small.json()["field"]) == (409, "value")
    assert "the threshold of clause 1.3" in small.json()["detail"]
    assert set(post(client, url, {"value": "x"}).json()) == {"value", "because", "evidence"}
    assert post(client, "/api/v1/targets/none/recalculate/", SAID).status_code == 404


def test_lists_take_as_many_queries_for_more_targets(client, people, member, today):
    proposed(member, people.ada, today)
    client.force_login(people.sam)
    with CaptureQueriesContext(connection) as few:
        client.get(API)
    for number in range(3):
        other = make_member(f"Further {number}", representative=people.eve)
        proposed(other, people.eve, today)
    with CaptureQueriesContext(connection) as more:
        assert len(client.get(API).json()["results"]) == 4
    assert len(more) == len(few)


# Edges, and every proposal


RATIO = Edition.load(
    LAMPS.replace("targets:\n", OWN.replace("APPROVER", "{role: secretariat}"), 1).replace(
        "kpis: [days-to-repay]", "kpis: [days-to-repay, fees-repaid]", 1
    )
)
OWN_RULE = RATIO.own_target("own-days")


def test_a_change_in_percent_of_a_baseline_of_zero_is_told_at_the_baseline():
    zero = replace(FASTER, kpi="fees-repaid", baseline_value=D(0), goal_value=D("0.5"))

    with pytest.raises(NotAllowed, match="a change in percent of nothing is nothing") as refused:
        require_allowed(OWN_RULE, RATIO.kpi("fees-repaid"), zero)

    assert refused.value.field == "baseline_value"
    points = OWN_RULE.floor.model_copy(update={"change": LeastChange(percentage_points=D("0.5"))})
    require_allowed(OWN_RULE.model_copy(update={"floor": points}), RATIO.kpi("fees-repaid"), zero)


def test_a_baseline_of_zero_is_told_at_its_place_on_page_and_api(client, people):
    make_edition(
        with_own_targets().replace(
            "kpis: [days-to-repay]", "kpis: [days-to-repay, fees-repaid]", 1
        ),
        by=people.sam,
    )
    member = make_member("Ada & Co", representative=people.ada)
    client.force_login(people.ada)
    zero = {"kpi": "fees-repaid", "baseline_value": "0", "goal_value": "0.5", "milestones": []}

    said = post(client, API, SENT | zero | {"member": member.code}).json()
    page = client.post(
        f"/members/{member.code}/targets/propose/own-days/",
        SENT | zero | {"milestones": "", "trajectory": "straight_line"},
    )

    assert said["field"] == "baseline_value"
    assert set(page.context["form"].errors) == {"baseline_value"}
    assert "a change in percent of nothing is nothing" in page.content.decode()


values = st.decimals(min_value=-10, max_value=4000, places=1)
years = st.integers(min_value=1890, max_value=2210)
proposals = st.builds(
    Proposal,
    kpi=st.sampled_from(["days-to-repay", "fees-repaid", "policy"]),
    baseline_year=years,
    baseline_value=values,
    goal_year=years,
    goal_value=values,
    milestones=st.lists(st.tuples(years, values), max_size=4).map(tuple),
    trajectory=st.sampled_from(["straight_line", "milestones", "steps"]),
    due_on=st.none() | st.dates(),
)
likely = st.builds(
    Proposal,
    kpi=st.just("days-to-repay"),
    baseline_year=st.integers(min_value=2022, max_value=2025),
    baseline_value=st.integers(min_value=0, max_value=100).map(D),
    goal_year=st.integers(min_value=2026, max_value=2033),
    goal_value=st.integers(min_value=0, max_value=100).map(D),
    milestones=st.lists(
        st.tuples(
            st.integers(min_value=2023, max_value=2032),
            st.integers(min_value=0, max_value=100).map(D),
        ),
        max_size=2,
    ).map(tuple),
    trajectory=st.sampled_from(["straight_line", "milestones", "steps"]),
)
FIELDS = set(ProposalForm(kpis=[], stands=True).fields)


def refusal(proposal: Proposal) -> NotAllowed | None:
    try:
        require_allowed(OWN_RULE, RATIO.kpi(proposal.kpi), proposal)
    except NotAllowed as refused:
        return refused
    return None


@given(proposal=proposals | likely)
def test_every_proposal_stands_or_is_refused_at_a_field_that_the_form_has(proposal):
    refused = refusal(proposal)

    if refused is not None:
        assert str(refused)
        assert refused.field in FIELDS
        return
    years = [year for year, _ in proposal.points]
    way = [value for _, value in proposal.points]
    down = RATIO.kpi(proposal.kpi).direction == "lower"
    assert years == sorted(set(years))
    assert way == sorted(way, reverse=down)
    change = (way[0] - way[-1]) if down else (way[-1] - way[0])
    assert change > 0
    assert change * 100 >= abs(way[0]) * 30
