"""Of one corporate group only so many vote: what counts cannot be is refused, by who sits there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance import services
from governance.models import Body, Decision
from governance.rules import NotAsked
from governance.rules.groups import Sitting, require_votes_left
from members import services as members
from rulebooks.rules.decisions import Tally
from rulebooks.rules.edition import Edition
from tests.factories import make_edition, make_mandate, make_member, make_user
from tests.governance.test_votes import GOOD, client_of
from tests.governance.voting import CARRIED, vote, voting_lamps
from tests.suspensions.builders import course, make_case

TODAY = timezone.localdate()
DAYS = course(TODAY - timedelta(days=60))
CAPS = "    caps: {per_corporate_group: 1}\n    results: by_chamber\n"


def capped() -> str:
    return voting_lamps(DAYS.raised).replace("    results: by_chamber\n", CAPS, 1)


EDITION = Edition.load(capped())
A, B = frozenset({"A"}), frozenset({"B"})


def seats(**groups) -> list[Sitting]:
    names = {"civil": "civil-society"}
    return [Sitting(names.get(code, code), one) for code, held in groups.items() for one in held]


@pytest.mark.parametrize(
    ("cast", "there", "told"),
    [
        pytest.param({"companies": 3}, seats(companies=[A, A, B]),
                     r"companies: 3 votes; of those who sit there 2 may vote, at most 1 of one "
                     r"corporate group \(rule half-of-each, clause 8.4\)",
                     id="two of one group in a chamber"),
        pytest.param({"companies": 2}, seats(companies=[A, A, B]), None, id="as many as may"),
        pytest.param({"companies": 1, "unions": 1}, seats(companies=[A], unions=[A]),
                     "all chambers: 2 votes; of those who sit there 1 may vote",
                     id="one group in two chambers"),
        pytest.param({"companies": 2}, seats(companies=[frozenset(), frozenset()]), None,
                     id="in no group"),
        pytest.param({"companies": 2}, seats(companies=[A | B, A]), None, id="in two groups"),
        pytest.param({"companies": 3}, seats(companies=[A, A]), None,
                     id="a seat that is not recorded"),
        pytest.param({"companies": 3}, [], None, id="no seat is recorded"),
    ],
)  # fmt: skip
def test_no_more_votes_are_taken_than_groups_can_cast(cast, there, told):
    counts = {code: Tally(in_favor=votes) for code, votes in cast.items()}
    judged = (EDITION.body("board"), EDITION.decision_rule("half-of-each"), counts, there)

    if told is None:
        require_votes_left(*judged)
    else:
        with pytest.raises(NotAsked, match=told):
            require_votes_left(*judged)


def test_a_rule_without_a_cap_asks_for_no_groups():
    free = Edition.load(voting_lamps(DAYS.raised))
    counts = {"companies": Tally(in_favor=3)}

    require_votes_left(
        free.body("board"), free.decision_rule("half-of-each"), counts, seats(companies=[A, A, A])
    )


@pytest.fixture
def edition(people):
    return make_edition(capped(), by=people.sam)


@pytest.fixture
def case(member, people):
    """A case before a board on which two of three companies belong to one group."""
    services.create_bodies(by=people.sam, on=TODAY)
    board = Body.objects.get(code="board")
    for number in range(3):
        user, company = make_user(), make_member(f"Lamps {number}")
        make_mandate(company, user)
        services.give_seat(body=board, user=user, chamber="companies", by=people.sam, on=TODAY)
        if number < 2:
            members.join_group(
                organisation=company.organisation, group="Bright Holding", from_on=TODAY,
                source="Annual report 2025, page 40", by=people.sam, on=TODAY,
            )  # fmt: skip
    return make_case(member, people, "unanswered", DAYS)


def record(case, people, votes):
    return services.record_decision(
        member=case.member, body=Body.objects.get(code="board"), matter=case.code,
        outcome="impose", reasons="No return came.", vote=votes, by=people.pat, on=TODAY,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_decision_with_a_vote_too_many_of_a_group_is_refused(case, people):
    with pytest.raises(NotAsked, match="companies: 3 votes; of those who sit there 2 may vote"):
        record(case, people, CARRIED)
    assert not Decision.objects.exists()

    assert record(case, people, vote((2, 0), (3, 0), (2, 0, 1))).carried


@pytest.mark.django_db
def test_the_clerk_is_told_so_on_the_page(case, people):
    url = reverse("governance:record", args=[case.code])

    page = client_of(people.pat).post(url, GOOD | {"work_out": 1})

    assert page.status_code == 409
    assert "of those who sit there 2 may vote" in page.content.decode()
