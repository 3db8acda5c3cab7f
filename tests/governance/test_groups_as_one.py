"""Where the edition says so, members of one corporate group have one vote together."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance import selectors, services
from governance.models import Body, Decision
from governance.rules import NotAsked, voting
from governance.rules.beforehand import needed
from governance.rules.groups import Sitting, may_vote
from members import services as members
from rulebooks.rules import facts
from rulebooks.rules.checks.belonging import belonging_warnings
from rulebooks.rules.decisions import State, Tally
from rulebooks.rules.decisions.shares import Bar
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading.decisions import rule as in_words
from tests.factories import make_edition, make_mandate, make_member, make_user, state
from tests.governance.voting import CARRIED, vote, voting_lamps
from tests.suspensions.builders import course, make_case

TODAY = timezone.localdate()
DAYS = course(TODAY - timedelta(days=60))
AS_ONE = '\nbelonging:\n  corporate_groups: {counts_as_one: [votes], clause: "2.8"}\n'
SEATED = """    seats:
      - {chamber: companies, count: 3, empty: blocks}
      - {chamber: unions, count: 3, empty: blocks}
      - {chamber: civil-society, count: 3, empty: blocks}
"""
OPEN = """    electorate:
      - {code: companies, chamber: companies, weight: heads, empty: reweigh}
      - {code: unions, chamber: unions, weight: heads, empty: reweigh}
      - {code: civil-society, chamber: civil-society, weight: heads, empty: reweigh}
"""
A, B, C = frozenset({"A"}), frozenset({"B"}), frozenset({"C"})


def bounded(as_one: str = AS_ONE) -> str:
    return voting_lamps(DAYS.raised) + as_one


def unbounded(as_one: str = AS_ONE) -> str:
    text = bounded(as_one)
    assert text.count(SEATED) == 1
    return text.replace(SEATED, OPEN)


def seats(chamber, *groups, is_member=False) -> list[Sitting]:
    return [Sitting(chamber, one, is_member) for one in groups]


# The rule


def test_a_rule_of_such_an_edition_has_one_vote_for_a_group_and_says_so():
    edition = Edition.load(bounded())

    rule = edition.decision_rule("most")

    assert rule.caps.per_corporate_group == 1
    assert "at most 1 vote of one corporate group" in list(in_words(rule))
    assert Edition.load(bounded("")).decision_rule("most").caps.per_corporate_group is None


def test_a_cap_of_more_votes_is_warned_of_and_has_no_effect():
    cap = "    caps: {per_corporate_group: 2}\n    results: by_chamber\n"
    edition = Edition.load(bounded().replace("    results: by_chamber\n", cap, 1))

    assert edition.decision_rule("half-of-each").caps.per_corporate_group == 1
    [fault] = belonging_warnings(edition)
    assert fault.path == ("decision_rules", 0, "caps", "per_corporate_group")
    assert "one vote together, clause 2.8" in fault.message


def panel(counts, there, as_one=AS_ONE, **more):
    """What a vote of the appeal panel, of one company and two unions, comes to: most of seats."""
    given = voting.Vote({code: Tally(*figures) for code, figures in counts.items()}, **more)
    return voting.come_of(Edition.load(bounded(as_one)), "appeals", "appeal", given, sitting=there)


def test_a_seat_without_a_vote_counts_in_no_quorum_and_no_base():
    there = [*seats("companies", C), *seats("unions", A, A)]
    counts = {"companies": (1, 0), "unions": (1, 0)}

    assert panel(counts, there).state is State.PASSED  # two of two
    assert panel(counts, there, as_one="").state is State.NOT_QUORATE  # two of three
    assert any("unions: 1 of 2 seats have a vote" in note for note in panel(counts, there).notes)


def test_of_the_recused_those_without_a_vote_come_first():
    there = [*seats("companies", C), *seats("unions", A, A)]

    came = panel({"companies": (1, 0), "unions": (1, 0)}, there, recused={"unions": 1})

    assert came.state is State.PASSED
    assert {one.group: one.recused for one in came.chambers} == {"companies": 0, "unions": 0}


@pytest.mark.parametrize(
    ("counts", "more", "says"),
    [
        pytest.param({"unions": (2, 0)}, {}, "unions: 2 votes; of those who sit there 1 may vote",
                     id="two votes of a group"),
        pytest.param({"unions": (1, 0)}, {"present": {"unions": 2}},
                     "unions: 2 present; of those who sit there 1 may vote",
                     id="both of a group counted as there"),
    ],
)  # fmt: skip
def test_more_of_a_group_is_refused_with_the_clause(counts, more, says):
    with pytest.raises(NotAsked, match=says) as refused:
        panel(counts, seats("unions", A, A), **more)
    assert "clause 8.6" in str(refused.value)


def test_where_not_all_seats_are_recorded_they_count_as_the_edition_has_them():
    counts = {"companies": (1, 0), "unions": (1, 0)}

    assert panel(counts, seats("unions", A)).state is State.NOT_QUORATE


# Bodies with seats


def join(company, people, days=0):
    return members.join_group(
        organisation=company.organisation,
        group="Bright Holding",
        from_on=TODAY - timedelta(days=days),
        source="Annual report 2025, page 40",
        by=people.sam,
        on=TODAY,
    )


@pytest.fixture
def case(request, people):
    """A case before the board of an edition; the member under test is not on it."""
    make_edition(request.param(), by=people.sam)
    member = make_member("Ada & Co", representative=people.ada, signatory=people.sid)
    services.create_bodies(by=people.sam, on=TODAY)
    return make_case(member, people, "unanswered", DAYS)


@pytest.fixture
def companies(people):
    return [make_member(f"Lamps {number}") for number in range(3)]


def record(case, people, votes, on=TODAY):
    return services.record_decision(
        member=case.member, body=Body.objects.get(code="board"), matter=case.code,
        outcome="impose", reasons="No return came.", vote=votes, by=people.pat, on=on,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", [bounded], indirect=True)
def test_of_a_group_on_a_board_one_vote_is_taken(case, companies, people):
    for company in companies:
        user = make_user()
        make_mandate(company, user)
        services.give_seat(
            body=Body.objects.get(code="board"), user=user, chamber="companies",
            by=people.sam, on=TODAY,
        )  # fmt: skip
    for company in companies[:2]:
        join(company, people)

    with pytest.raises(NotAsked, match="companies: 3 votes; of those who sit there 2 may vote"):
        record(case, people, CARRIED)
    assert not Decision.objects.exists()

    assert record(case, people, vote((2, 0), (3, 0), (2, 0, 1))).carried


# Members that vote for themselves

ALL_OF = {"unions": 0, "civil-society": 0}


@pytest.mark.django_db
@pytest.mark.parametrize("case", [unbounded], indirect=True)
def test_members_of_a_group_are_one_voter_where_members_vote(case, companies, people):
    for company in companies[:2]:
        join(company, people)  # four companies with the member under test: three voters

    with pytest.raises(NotAsked, match=r"companies: 4 are said to vote; .* 3 may vote"):
        record(case, people, vote((3, 0), seats={"companies": 4, **ALL_OF}))
    with pytest.raises(NotAsked, match="companies: 4 votes; of those who sit there 3 may vote"):
        record(case, people, vote((4, 0), seats={"companies": 4, **ALL_OF}))
    assert not Decision.objects.exists()

    assert record(case, people, vote((3, 0), seats={"companies": 3, **ALL_OF}))


def voters(on, text=unbounded) -> int:
    found = selectors.sitting(Edition.load(text()), "board", on=on)
    assert all(one.is_member for one in found)
    return len({one.groups for one in found if one.chamber == "companies"})


@pytest.mark.django_db
def test_groups_and_members_count_as_on_the_day_of_the_vote(edition, companies, people):
    held = [join(company, people, days=10) for company in companies]
    members.leave_group(
        membership_id=held[0].pk, until_on=TODAY - timedelta(days=2), by=people.sam, on=TODAY
    )
    state(companies[2], facts.ClassChanged("partner", "unions"), TODAY)

    assert voters(TODAY - timedelta(days=11)) == 3
    assert voters(TODAY - timedelta(days=10)) == 1
    assert voters(TODAY - timedelta(days=2)) == 2
    assert voters(TODAY) == 2  # one of the group is a union's now
    assert {one.chamber for one in selectors.sitting(Edition.load(unbounded()), "board", on=TODAY)
            } == {"companies", "unions"}  # fmt: skip


@pytest.mark.django_db
def test_who_left_has_no_vote(edition, companies, people):
    state(companies[0], facts.MemberLeft(), TODAY)

    assert voters(TODAY - timedelta(days=1)) == 3
    assert voters(TODAY) == 2


@pytest.mark.django_db
def test_who_votes_takes_as_many_queries_for_more_members(edition, companies):
    document = Edition.load(unbounded())

    def queries() -> int:
        with CaptureQueriesContext(connection) as count:
            selectors.sitting(document, "board", on=TODAY)
        return len(count)

    few = queries()
    for _ in range(4):
        make_member()
    assert queries() == few


@pytest.mark.django_db
def test_where_groups_do_not_count_as_one_nobody_is_looked_up(
    edition, companies, django_assert_num_queries
):
    document = Edition.load(unbounded(""))
    with django_assert_num_queries(0):
        assert selectors.sitting(document, "board", on=TODAY) == ()


@pytest.mark.django_db
def test_where_groups_do_not_count_as_one_the_voters_are_only_counted(
    edition, companies, people, django_assert_num_queries
):
    state(companies[0], facts.MemberLeft(), TODAY)
    state(companies[1], facts.ClassChanged("partner", "unions"), TODAY)

    with django_assert_num_queries(4):  # seats, and a count for each open chamber
        counted = selectors.voters(Edition.load(unbounded("")), "board", on=TODAY)

    each = selectors.voters(Edition.load(unbounded()), "board", on=TODAY)
    assert {one.groups for one in counted} == {frozenset()}
    assert all(one.is_member for one in counted)
    assert sorted(one.chamber for one in counted) == sorted(one.chamber for one in each)
    assert {one.chamber for one in counted} == {"companies", "unions"}


# Told beforehand

ASKED = {"board": "measure", "appeals": "appeal"}
NAMES = {"companies": "Companies", "unions": "Unions", "civil-society": "Civil society"}


def told(text: str, code: str, there=(), names=NAMES) -> dict[str, list[str]]:
    edition = Edition.load(text)
    body, rule = edition.body(code), edition.decision_rule(edition.body(code).rule_for(ASKED[code]))
    return dict(needed(body, rule, may_vote(body, rule, there), names))


def test_a_vote_of_seats_tells_who_may_vote_its_quorum_and_its_majority():
    assert told(bounded(""), "board") == {
        "May vote": ["9 in all", "Companies: 3", "Unions: 3", "Civil society: 3"],
        "Quorum": [
            "more than 50 % of all who may vote are there: 5 of 9",
            "at least 1/3 of each chamber are there: Companies 1 of 3, Unions 1 of 3, "
            "Civil society 1 of 3",
        ],
        "Majority": [
            "more than 50 % of the votes cast are for it: 5 of 9, if all vote for or against",
            "at least 1/3 of the votes cast in each chamber are for it: Companies 1 of 3, "
            "Unions 1 of 3, Civil society 1 of 3, if all vote for or against",
            "the chair decides a tie",
        ],
    }


def test_of_a_group_that_counts_as_one_the_seats_with_a_vote_are_told():
    there = [*seats("companies", C), *seats("unions", A, A)]

    assert told(bounded(), "appeals", there) == {
        "May vote": [
            "2 in all",
            "Companies: 1",
            "Unions: 1 of 2 seats",
            "of one corporate group at most 1 vote",
        ],
        "Quorum": ["at least 100 % of all who may vote are there: 2 of 2"],
        "Majority": ["more than 50 % of all who may vote are for it: 2 of 2"],
    }


def test_who_has_to_propose_is_told():
    proposed = "    proposers: {groups: 2}\n    results: by_chamber\n"
    text = bounded("").replace("    results: by_chamber\n", proposed)

    assert told(text, "board")["Proposed by"] == ["members of at least 2 groups"]


def test_what_is_told_is_what_the_vote_then_needs():
    there = [*seats("companies", C), *seats("unions", A, A)]
    [needs] = told(bounded(), "appeals", there)["Majority"]

    came = panel({"companies": (1, 0), "unions": (1, 0)}, there)
    short = panel({"companies": (1, 0), "unions": (0, 1)}, there)

    assert needs.endswith("2 of 2")
    assert (came.state, short.state) == (State.PASSED, State.FAILED)


def test_of_whom_nobody_is_known_no_heads_are_told():
    found = told(unbounded(), "board", [*seats("companies", A, A, B, is_member=True)])

    assert found["May vote"] == [
        "Companies: 2",
        "Unions: as told below",
        "Civil society: as told below",
        "of one corporate group at most 1 vote",
    ]
    assert found["Quorum"] == [
        "more than 50 % of all who may vote are there",
        "at least 1/3 of each chamber are there: Companies 1 of 2",
    ]
    assert found["Majority"][0] == "more than 50 % of the votes cast are for it"


@pytest.mark.parametrize(
    ("bar", "of", "least"),
    [
        ({"more_than": "1/2"}, 8, 5),
        ({"more_than": "1/2"}, 9, 5),
        ({"at_least": "1/2"}, 8, 4),
        ({"at_least": "2/3"}, 7, 5),
        ({"at_least": "2/3"}, 9, 6),
        ({"more_than": "2/3"}, 9, 7),
        ({"heads": 4}, 9, 4),
    ],
)
def test_so_few_heads_reach_a_bar_and_one_less_does_not(bar, of, least):
    bar = Bar.model_validate(bar)

    assert bar.least(of) == least
    assert bar.holds(Fraction(least, of), least)
    assert not bar.holds(Fraction(least - 1, of), least - 1)


def test_where_groups_weigh_no_heads_are_told():
    weighed = bounded("").replace("by: heads", "by: power")

    assert told(weighed, "board")["Quorum"] == [
        "more than 50 % of all who may vote are there, by the weight of the groups",
        "at least 1/3 of each chamber are there: Companies 1 of 3, Unions 1 of 3, "
        "Civil society 1 of 3",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("case", [unbounded], indirect=True)
def test_the_form_tells_beforehand_of_the_members_that_vote_today(client, case, companies, people):
    for company in companies[:2]:
        join(company, people)
    client.force_login(people.pat)

    page = client.get(f"/matters/{case.code}/").content.decode()

    assert "Companies: 3" in page  # four companies, two of one group
    assert "Quorum" in page
    assert "More than 50 % of all who may vote are there" in page


@pytest.mark.django_db
@pytest.mark.parametrize("case", [lambda: unbounded("")], indirect=True)
def test_where_no_group_is_limited_the_members_are_counted(client, case, companies, people):
    client.force_login(people.pat)

    assert "Companies: 4" in client.get(f"/matters/{case.code}/").content.decode()
