"""Bodies, rules, notices and retention as the reading page says them."""

from pathlib import Path

import pytest

from rulebooks.rules import document
from rulebooks.rules.decisions import Body, DecisionRule, Proposers
from rulebooks.rules.edition import Edition
from rulebooks.rules.publicity import AudienceNotice
from rulebooks.rules.reading import decisions
from rulebooks.rules.retention import Retention

STARTER = Edition.load(
    (Path(__file__).resolve().parents[3] / "rulebooks" / "editions" / "starter.yaml").read_bytes()
)


def test_a_body_says_who_sits_and_what_it_decides():
    board = STARTER.body("board")

    assert list(decisions.seats(board, STARTER)) == [
        "Companies 3; without it nothing is decided",
        "Trade unions 3; without it nothing is decided",
        "Civil society 3; without it nothing is decided",
        "independent chair, chosen by all chambers, votes on a tie",
        "a seat is given for 3 years, at most 2 times running",
        "at most 1 of one corporate group",
    ]
    assert list(decisions.decides(STARTER.body("appeals"), STARTER)) == [
        "appeal: Most of the panel",
        "hears appeals from The board",
    ]


def test_a_rule_says_all_that_it_asks():
    assert list(decisions.rule(STARTER.decision_rule("board-vote"))) == [
        "quorum: more than 50 % of all and at least 1/3 of each chamber there, by heads",
        "recused seats leave quorum and base",
        "more than 50 % of votes cast, by heads, and at least 1/3 in each chamber; "
        "the chair decides a tie",
        "results are published by chamber",
    ]


def test_a_cascade_is_read_stage_by_stage():
    rule = document.load(
        "{code: c, name: C, clause: '1', results: total, proposers: {groups: 3}, "
        "recusal: {seats: stay, too_many: 1/2, substitute: panel}, "
        "caps: {per_corporate_group: 1, proxies: 5}, stages: ["
        "{kind: consensus, code: a, grade: Consensus}, "
        "{kind: referral, code: b, to: group, within: {weeks: 4}}, "
        "{kind: vote, code: d, base: {of: votes_cast, abstentions: in, spoilt: out}, by: power,"
        " threshold: {at_least: 2/3}, support: {heads: 2}, grade: Majority}, "
        "{kind: vote, code: e, base: {of: present}, by: heads, threshold: {more_than: 0.5}}]}",
        DecisionRule,
    )

    assert list(decisions.rule(rule)) == [
        "proposed by members of at least 3 groups",
        "recused seats stay in quorum and base",
        "panel decides when too many are recused",
        "at most 1 vote of one corporate group",
        "at most 5 proxies in one hand",
        "consensus: nobody against (Consensus)",
        "then to group for 4 weeks",
        "then at least 2/3 of votes cast, abstentions in, by power, with the support of at least 2 "
        "of all seats of each chamber (Majority)",
        "then more than 50 % of those present, by heads",
        "results are published in total",
    ]


@pytest.mark.parametrize(("groups", "said"), [(1, "1 group"), (2, "2 groups")])
def test_who_has_to_propose_is_said_of_one_group_and_of_more(groups, said):
    assert decisions.proposers(Proposers(groups=groups)) == f"members of at least {said}"


def test_examples_of_every_kind_can_be_said():
    notice = document.load(AudienceNotice.example, AudienceNotice)
    kept = document.load(Retention.example, Retention)
    nested = document.load(
        "{code: b, name: B, clause: '1', electorate: [{code: north, weight: 2, cap: 1/2, "
        "empty: reweigh, groups: [{code: x, weight: heads, empty: counts_against}]}]}",
        Body,
    )

    assert decisions.notice(notice) == (
        "measure (excluded), to everybody: the name is told, not before 30 days, "
        "with time to reply, 15 days"
    )
    assert decisions.kept(kept) == "7 years after the period closed, then erased"
    assert list(decisions.seats(nested, STARTER)) == [
        "north, weight 2, at most 1/2 of the power (x; if nobody of it is counted, it counts "
        "against); if nobody of it is counted, the others take over"
    ]
