"""Votes that decide nothing yet: the stages of a cascade in their order, and a substitute body."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from governance import selectors, services
from governance.models import Body, Decision, Round
from governance.rules import NotAsked
from ledger.models import Entry
from suspensions import services as suspensions
from tests.factories import make_edition
from tests.governance.test_votes import DAYS, TODAY
from tests.governance.voting import CARRIED, vote, voting_lamps
from tests.suspensions.builders import make_case

pytestmark = pytest.mark.django_db

CASCADE = """    stages:
      - {kind: consensus, code: consensus, grade: Consensus}
      - {kind: referral, code: talks, to: review, within: {days: 10}}
      - kind: vote
"""
SUBSTITUTE = """
    recusal: {seats: leave, too_many: 1/3, substitute: review}
"""
REVIEW = """
  - code: review
    name: The review panel
    seats:
      - {chamber: companies, count: 1, empty: blocks}
      - {chamber: unions, count: 1, empty: blocks}
      - {chamber: civil-society, count: 1, empty: blocks}
    clause: "2.7"
decision_rules:
"""


@pytest.fixture
def edition(people):
    text = voting_lamps(DAYS.raised)
    head, _, tail = text.partition("    stages:\n      - kind: vote\n")
    text = head.rstrip() + SUBSTITUTE + CASCADE + tail
    return make_edition(text.replace("\ndecision_rules:\n", REVIEW, 1), by=people.sam)


@pytest.fixture
def case(member, people):
    services.create_bodies(by=people.sam, on=TODAY)
    return make_case(member, people, "unanswered", DAYS)


NO_CONSENSUS = vote((2, 1), (3, 0), (3, 0), stage="consensus")
RECUSED = vote((0, 0), (2, 0), (3, 0), recused={"companies": 3, "unions": 1}, stage="consensus")
REVIEWED = vote((1, 0), (1, 0), (1, 0), stage="consensus")


def at(stage, cast=CARRIED):
    return vote(*[(t.in_favor, t.against, t.abstained) for t in cast.counts.values()], stage=stage)


def named(case, people, cast, body="board", on=TODAY):
    return {
        "member": case.member,
        "body": Body.objects.get(code=body),
        "matter": case.code,
        "vote": cast,
        "by": people.pat,
        "on": on,
    }


def decide(case, people, cast, **more):
    given = named(case, people, cast, **more)
    return services.record_decision(outcome="impose", reasons="No return came.", **given)


def test_a_later_stage_is_not_voted_on_before_the_first(case, people):
    with pytest.raises(
        NotAsked, match=r"votes at stage consensus next in C0001, not at vote .*clause 8.4"
    ):
        decide(case, people, at("vote"))
    assert not Decision.objects.exists()


def test_the_vote_of_a_stage_that_did_not_carry_is_kept_with_its_figures(case, people):
    kept = services.record_round(**named(case, people, NO_CONSENSUS))

    assert (kept.stage, kept.state, kept.then) == ("consensus", "next_stage", "talks")
    data = Entry.objects.get(pk=kept.entry_id).data
    assert (data["rule"], data["then"], data["counts"]["companies"][1]) == (
        "half-of-each", "talks", 1,
    )  # fmt: skip
    assert not Decision.objects.exists()


def test_after_the_referral_the_next_stage_decides(case, people):
    services.record_round(**named(case, people, NO_CONSENSUS, on=TODAY - timedelta(days=10)))

    with pytest.raises(NotAsked, match=rf"review until {TODAY}; .* can be taken from"):
        decide(case, people, at("vote"))
    Round.objects.all().delete()
    services.record_round(**named(case, people, NO_CONSENSUS, on=TODAY - timedelta(days=11)))

    decision = decide(case, people, at("vote"))

    assert (decision.carried, decision.vote["stage"]) == (True, "vote")


@pytest.mark.parametrize(
    ("cast", "says"),
    [
        pytest.param(at("consensus", vote((3, 0), (3, 0), (3, 0))), "was carried", id="it decides"),
        pytest.param(at("consensus", vote((1, 0), (3, 0), (0, 0))), "without a quorum",
                     id="it was no vote"),
        pytest.param(at("vote"), "votes at stage consensus next", id="another stage"),
    ],
)  # fmt: skip
def test_a_vote_from_which_nothing_follows_is_not_kept(case, people, cast, says):
    entries = Entry.objects.count()

    with pytest.raises(NotAsked, match=says):
        services.record_round(**named(case, people, cast))
    assert (Round.objects.count(), Entry.objects.count()) == (0, entries)


def test_only_the_clerk_keeps_it_and_only_once(case, people):
    with pytest.raises(PermissionDenied):
        services.record_round(**named(case, people, NO_CONSENSUS) | {"by": people.cam})
    kept = services.record_round(**named(case, people, NO_CONSENSUS))
    with pytest.raises(NotAsked, match="votes at stage vote next"):
        services.record_round(**named(case, people, NO_CONSENSUS))
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=kept.pk).update(state="passed")


def test_where_too_many_step_aside_the_substitute_decides_by_the_rule_of_the_first(case, people):
    with pytest.raises(NotAsked, match="is for board to decide, not for review"):
        decide(case, people, REVIEWED, body="review")
    services.record_round(**named(case, people, RECUSED))
    assert selectors.matter(case.code, on=TODAY).deciders == ("review",)

    with pytest.raises(NotAsked, match="is for review to decide, not for board"):
        decide(case, people, NO_CONSENSUS)
    decision = decide(case, people, REVIEWED, body="review")

    assert (decision.vote["rule"], decision.vote["grade"]) == ("half-of-each", "Consensus")
    suspensions.carry_out(case_id=case.pk, decision=decision.entry_id, by=people.cam, on=TODAY)
    assert selectors.matter(case.code, on=TODAY).stage == "imposed"


def test_a_substitute_is_held_to_the_votes_as_the_first_body_is(case, people):
    services.record_round(**named(case, people, RECUSED))

    against = vote((0, 1), (1, 0), (1, 0), stage="consensus")
    with pytest.raises(NotAsked, match="was not carried at this stage; there is nothing to record"):
        decide(case, people, against, body="review")


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_clerk_keeps_a_vote_on_the_page_and_sees_it_before_the_next(case, people):
    url = reverse("governance:record", args=[case.code])
    figures = {"companies": (2, 1), "unions": (3, 0), "civil-society": (3, 0)}
    typed = {"body": "board", "taken_on": str(TODAY), "vote-stage": "consensus"}
    for group, (in_favor, against) in figures.items():
        typed |= {f"vote-{group}.in_favor": in_favor, f"vote-{group}.against": against}
    client = client_of(people.pat)
    worked = client.post(url, typed | {"work_out": "1"}).content.decode()
    assert "it decides nothing yet" in worked

    kept = client.post(url, typed | {"keep": "1"}, follow=True).content.decode()

    assert "The vote is recorded." in kept
    assert '<th scope="row">The board<span class="second">' in kept
    assert "<td>Consensus</td><td>not carried at this stage</td>" in kept
    assert "<td>referred to The review panel</td>" in kept
    again = client.post(url, typed | {"keep": "1"})
    assert again.status_code == 409
    assert "votes at stage vote next" in again.content.decode()
