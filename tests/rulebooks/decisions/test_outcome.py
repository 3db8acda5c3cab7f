"""What a vote comes to: quorum, chambers, recusal, ties, caps, empty groups, wrong figures."""

from fractions import Fraction

import pytest

from rulebooks.rules.decisions import (
    Ballot,
    Electorate,
    Miscounted,
    NotAVote,
    State,
    Tally,
    Unseated,
    Voter,
    outcome,
    percent,
)
from tests.rulebooks.decisions.rules import chambers, groups, members, plain, rule, votes

HALF = "{more_than: 1/2}"
VOTE = "kind: vote, code: vote, base: {of: votes_cast, abstentions: out, spoilt: out}"


def failing(found):
    return [ground.words for ground in found.failing]


# Bases


@pytest.mark.parametrize(
    ("base", "of"),
    [
        pytest.param("{of: votes_cast, abstentions: out, spoilt: out}", 16, id="for and against"),
        pytest.param("{of: votes_cast, abstentions: in, spoilt: out}", 19, id="with abstentions"),
        pytest.param("{of: votes_cast, abstentions: out, spoilt: in}", 18, id="with spoilt ones"),
        pytest.param("{of: votes_cast, abstentions: in, spoilt: in}", 21, id="all ballots"),
        pytest.param("{of: present}", 25, id="everyone there"),
        pytest.param("{of: all_seats}", 30, id="all seats"),
    ],
)
def test_the_base_is_what_the_rule_says(base, of):
    found = outcome(plain(base=base), members(30), votes(all=(9, 7, 3, 2)), present={"all": 25})

    assert found.grounds[0].of == of
    assert found.grounds[0].share == Fraction(9, of)
    assert found.state is (State.PASSED if of < 2 * 9 else State.FAILED)


@pytest.mark.parametrize(
    ("threshold", "for_it", "held"),
    [
        ("{more_than: 1/2}", 5, False),
        ("{more_than: 1/2}", 6, True),
        ("{at_least: 1/2}", 5, True),
        ("{at_least: 0.6}", 6, True),
        ("{at_least: 2/3}", 6, False),
        ("{at_least: 1}", 10, True),
        ("{heads: 7}", 7, True),
        ("{heads: 7}", 6, False),
    ],
)
def test_a_threshold_is_met_exactly_or_not(threshold, for_it, held):
    found = outcome(plain(threshold=threshold), members(10), votes(all=(for_it, 10 - for_it)))

    assert found.passed is held


def test_nobody_voting_carries_nothing():
    found = outcome(plain(), members(10), votes(all=(0, 0, 3)))

    assert found.state is State.FAILED
    assert failing(found) == ["for: nobody is counted, needs more than 50 %"]


def test_a_share_just_below_the_bar_is_not_shown_as_the_bar():
    found = outcome(plain(), members(100_001), votes(all=(50_000, 50_001)))

    assert failing(found) == ["for: 50000 of 100001 (49.9995 %), needs more than 50 %"]


# Chambers, support


def test_every_ground_that_failed_is_told_also_without_a_quorum():
    under = rule(
        f"{{{VOTE}, by: heads, threshold: {{at_least: 2/3}}, each_chamber: {HALF},"
        " support: {at_least: 1/3}}",
        quorum="{by: heads, overall: {at_least: 3/4}, each_chamber: {at_least: 1/2}}",
    )

    found = outcome(under, chambers(north=10, south=10), votes(north=(4, 6), south=(2, 1)))

    assert found.state is State.NOT_QUORATE
    assert failing(found) == [
        "present: 13 of 20 (65 %), needs at least 75 %",
        "present of south: 3 of 10 (30 %), needs at least 50 %",
        "for: 6 of 13 (46.2 %), needs at least 2/3",
        "chamber north: 4 of 10 (40 %), needs more than 50 %",
        "support in south: 2 of 10 (20 %), needs at least 1/3",
    ]


def test_only_the_chambers_named_are_asked():
    under = plain(each_chamber="{more_than: 1/2, among: [north]}")

    assert outcome(under, chambers(north=10, south=10), votes(north=(9, 0), south=(4, 5))).passed


# Empty groups


@pytest.mark.parametrize(
    ("empty", "state", "share"),
    [
        pytest.param("reweigh", State.PASSED, Fraction(3, 5), id="the others take over"),
        pytest.param("counts_against", State.FAILED, Fraction(3, 10), id="it counts against"),
        pytest.param("blocks", State.NOT_QUORATE, Fraction(3, 5), id="nothing is decided"),
    ],
)
def test_an_empty_group_does_what_it_says(empty, state, share):
    two = groups(f"[{{code: a, weight: 1, empty: {empty}}}, {{code: b, weight: 1, empty: blocks}}]")
    electorate = Electorate.of(two, {"a": 0, "b": 10})

    found = outcome(plain(by="power"), electorate, votes(b=(6, 4)))

    assert found.state is state
    assert next(g for g in found.grounds if g.asked == "threshold").share == share


@pytest.mark.parametrize(
    ("empty", "state"),
    [("reweigh", State.PASSED), ("counts_against", State.FAILED), ("blocks", State.FAILED)],
)
def test_a_chamber_that_abstains_is_empty_for_its_own_majority(empty, state):
    two = groups(
        f"[{{code: a, weight: heads, empty: {empty}}}, {{code: b, weight: heads, empty: blocks}}]"
    )
    electorate = Electorate.of(two, {"a": 5, "b": 5})

    found = outcome(plain(each_chamber=HALF), electorate, votes(a=(0, 0, 5), b=(4, 1)))

    assert found.state is state


def test_a_number_of_heads_is_asked_of_a_chamber_that_abstains():
    two = groups("[{code: a, weight: heads, empty: reweigh}]")

    found = outcome(plain(each_chamber="{heads: 2}"), Electorate.of(two, {"a": 3}),
                    votes(a=(1, 0, 2)))  # fmt: skip

    assert failing(found) == ["chamber a: 1 of 1, needs at least 2"]


# Weights and caps

NESTED = groups(
    "[{code: north, weight: 1, empty: counts_against, groups: ["
    "{code: people, weight: heads, cap: 0.1, empty: reweigh}, "
    "{code: firms, weight: heads, empty: reweigh}]}, "
    "{code: south, weight: 3, empty: counts_against}]"
)


def test_a_nested_electorate_weighs_as_it_says():
    electorate = Electorate.of(NESTED, {"people": 90, "firms": 10, "south": 20})

    found = outcome(plain(by="power"), electorate,
                    votes(people=(90, 0), firms=(5, 5), south=(10, 10)))  # fmt: skip

    # North: people count a tenth, not nine tenths: 0.1 * 1 + 0.9 * 1/2 = 0.55. South weighs three.
    assert found.grounds[0].share == Fraction(55, 400) + Fraction(3, 8)
    assert (
        found.grounds[0].words == ("for: 51.25 % by power, 105 of 120 heads, needs more than 50 %")
        or "by power" in found.grounds[0].words
    )


def test_below_its_cap_a_group_weighs_by_heads():
    electorate = Electorate.of(NESTED, {"people": 1, "firms": 19, "south": 20})

    found = outcome(plain(by="power"), electorate,
                    votes(people=(1, 0), firms=(0, 19), south=(0, 20)))  # fmt: skip

    assert found.grounds[0].share == Fraction(1, 20) / 4


def test_where_only_the_capped_vote_the_rest_is_nobodys():
    electorate = Electorate.of(NESTED, {"people": 5, "firms": 5, "south": 20})

    found = outcome(plain(by="power"), electorate, votes(people=(5, 0), south=(20, 0)))

    assert found.grounds[0].share == Fraction(1, 10) / 4 + Fraction(3, 4)


# Recusal


def board(**more):
    return rule(
        f"{{{VOTE}, by: heads, threshold: {HALF}}}",
        quorum="{by: heads, overall: {more_than: 1/2}}",
        **more,
    )


@pytest.mark.parametrize(
    ("seats", "state"),
    [
        pytest.param("leave", State.PASSED, id="recused seats leave the quorum: 4 of 7"),
        pytest.param("stay", State.NOT_QUORATE, id="they stay in it: 4 of 9"),
    ],
)
def test_the_quorum_is_recalculated_without_the_recused_or_not(seats, state):
    under = board(recusal=f"{{seats: {seats}}}")

    found = outcome(under, members(9), votes(all=(3, 1)), recusals={"all": 2})

    assert found.state is state


@pytest.mark.parametrize(("recused", "state"), [(4, State.PASSED), (5, State.SUBSTITUTE)])
def test_another_body_decides_when_too_many_are_recused(recused, state):
    under = board(recusal="{seats: leave, too_many: 1/2, substitute: panel}")

    found = outcome(under, members(9), votes(all=(4, 0)), recusals={"all": recused})

    assert found.state is state
    assert found.next == ("panel" if state is State.SUBSTITUTE else None)


def test_a_chamber_all_of_whose_seats_are_recused_is_empty():
    under = plain(each_chamber=HALF)

    found = outcome(under, chambers(north=3, south=3), votes(south=(3, 0)), recusals={"north": 3})

    assert failing(found) == ["chamber north: nobody of it is counted, needs more than 50 %"]


# Ties


@pytest.mark.parametrize(
    ("tie", "casting", "state"),
    [
        ("fails", None, State.FAILED),
        ("passes", None, State.PASSED),
        ("vote_again", None, State.TIED),
        ("chair_decides", None, State.TIED),
        ("chair_decides", "in_favor", State.PASSED),
        ("chair_decides", "against", State.FAILED),
    ],
)
def test_a_tie_comes_to_what_the_rule_says(tie, casting, state):
    found = outcome(plain(tie=tie), members(10), votes(all=(5, 5)), casting=casting)

    assert found.state is state


@pytest.mark.parametrize("figures", [(5, 4), (4, 5), (0, 0, 9)])
def test_the_chair_decides_nothing_without_a_tie(figures):
    under = plain(tie="chair_decides")

    found = outcome(under, members(10), votes(all=figures), casting="in_favor")

    assert found.passed is (figures == (5, 4))


def test_the_chair_saves_no_decision_that_a_chamber_refused():
    under = plain(tie="chair_decides", each_chamber="{at_least: 1/2}")

    found = outcome(under, chambers(a=4, b=4), votes(a=(4, 0), b=(0, 4)), casting="in_favor")

    assert failing(found) == ["chamber b: 0 of 4 (0 %), needs at least 50 %"]


# Proposers, stages


def test_proposers_come_from_enough_groups():
    under = rule(f"{{{VOTE}, by: heads, threshold: {HALF}}}", proposers="{groups: 3}")

    assert outcome(under, members(9), votes(all=(9, 0)), proposers=("a", "b", "c")).passed
    few = outcome(under, members(9), votes(all=(9, 0)), proposers=("a", "b", "a"))
    assert (few.state, failing(few)) == (
        State.INADMISSIBLE,
        ["proposed by 2 groups, needs at least 3"],
    )
    with pytest.raises(NotAVote, match="asks of which groups"):
        outcome(under, members(9), votes(all=(9, 0)))


def test_no_vote_is_taken_on_a_referral_or_an_unknown_stage():
    under = rule(
        "{kind: consensus, code: all}, {kind: referral, code: talks, to: group}, "
        f"{{{VOTE}, by: heads, threshold: {HALF}}}"
    )

    with pytest.raises(NotAVote, match="talks is a referral to group, no vote; then comes vote"):
        outcome(under, members(3), votes(all=(3, 0)), stage="talks")
    with pytest.raises(NotAVote, match="no stage 'end'; its stages: all, talks, vote"):
        outcome(under, members(3), votes(all=(3, 0)), stage="end")


@pytest.mark.parametrize(
    ("figures", "passed"), [((3, 0, 6), True), ((8, 1), False), ((0, 0, 9), False)]
)
def test_consensus_is_nobody_against_and_somebody_for(figures, passed):
    under = rule("{kind: consensus, code: all, grade: Consensus}")

    assert outcome(under, members(9), votes(all=figures)).passed is passed


# Ballots one by one

ROLL = {f"m{n}": Voter("all", "Group A" if n <= 3 else None) for n in range(1, 11)}
HALL = Electorate.of_voters(groups("[{code: all, weight: heads, empty: blocks}]"), ROLL)


def ballots(choice="in_favor", *names, carried_by=None):
    return [Ballot(name, choice, carried_by) for name in names]


def test_ballots_come_to_the_same_as_their_counts():
    cast = [*ballots("in_favor", "m4", "m5", "m6"), *ballots("against", "m7", "m8"),
            *ballots("abstained", "m9"), *ballots("spoilt", "m10")]  # fmt: skip

    one_by_one = outcome(plain(), HALL, cast)

    assert one_by_one.grounds == outcome(plain(), members(10), votes(all=(3, 2, 1, 1))).grounds
    assert one_by_one.total == Tally(3, 2, 1, 1)


def test_of_one_corporate_group_only_so_many_vote():
    under = rule(f"{{{VOTE}, by: heads, threshold: {HALF}}}", caps="{per_corporate_group: 1}")
    cast = [*ballots("in_favor", "m2", "m1", "m3"), *ballots("against", "m7", "m8")]

    found = outcome(under, HALL, cast)

    assert (found.state, found.total) == (State.FAILED, Tally(1, 2))
    assert found.chambers[0].seats == 8
    assert found.notes == (
        "m1 has no vote: of Group A only 1 may vote",
        "m3 has no vote: of Group A only 1 may vote",
    )


def test_one_hand_carries_only_so_many_proxies():
    under = rule(f"{{{VOTE}, by: heads, threshold: {HALF}}}", caps="{proxies: 2}")
    cast = [*ballots("in_favor", "m4"), *ballots("in_favor", "m5", "m6", "m7", carried_by="m4"),
            *ballots("against", "m8", "m9", "m10")]  # fmt: skip

    found = outcome(under, HALL, cast)

    assert (found.state, found.total) == (State.FAILED, Tally(3, 3))
    assert found.notes == ("m4 may carry 2 proxies: the ballot of m7 does not count",)


def test_whoever_is_recused_neither_votes_nor_carries():
    cast = [*ballots("in_favor", "m4"), *ballots("in_favor", "m5", carried_by="m4"),
            *ballots("against", "m6")]  # fmt: skip

    found = outcome(board(), HALL, cast, recusals={"m4"}, present={"m4", "m5", "m6", "m7", "m8"})

    assert found.total == Tally(0, 1)
    assert (found.chambers[0].present, found.chambers[0].seats) == (4, 9)
    assert len(found.notes) == 2


def test_counts_say_what_they_cannot_tell():
    under = rule(
        f"{{{VOTE}, by: heads, threshold: {HALF}}}", caps="{per_corporate_group: 1, proxies: 5}"
    )

    assert outcome(under, members(9), votes(all=(5, 4))).notes == (
        "counts do not tell how many votes one corporate group cast",
        "counts do not tell how many proxies one hand carried",
    )


# Figures that cannot be


@pytest.mark.parametrize(
    ("cast", "more", "says"),
    [
        pytest.param(votes(all=(8, 3)), {}, "11 present, of 10 seats", id="too many votes"),
        pytest.param(votes(all=(8, 1)), {"present": {"all": 8}}, "9 votes of 8 present", id="more"),
        pytest.param(votes(all=(-1, 1)), {}, "a count below 0", id="below zero"),
        pytest.param(votes(none=(1, 1)), {}, "nobody sits in none; allowed: all", id="nobody"),
        pytest.param(votes(all=(1, 1)), {"present": {"x": 1}}, "nobody sits in x", id="present"),
        pytest.param(votes(all=(1, 1)), {"recusals": {"all": 9}}, "2 present and 9 recused, of 10",
                     id="recused"),
        pytest.param(votes(all=(1, 1)), {"recusals": ["m1"]}, "say how many by group", id="names"),
        pytest.param(ballots("in_favor", "m1", "m1"), {}, "m1: two ballots", id="twice"),
        pytest.param(ballots("in_favor", "x1"), {}, "x1: not on the roll", id="not on the roll"),
        pytest.param(ballots("in_favor", "m1", carried_by="x2"), {}, "x2: not on the roll",
                     id="carried by nobody"),
    ],
)  # fmt: skip
def test_figures_that_cannot_be_are_refused(cast, more, says):
    with pytest.raises(Miscounted, match=says):
        outcome(plain(), HALL, cast, **more)


def test_an_electorate_that_is_not_known_is_refused():
    open_ = groups("[{code: a, weight: 1, empty: blocks}]")

    with pytest.raises(Unseated, match="say how many may vote in a"):
        Electorate.of(open_)
    with pytest.raises(Unseated, match="b: nobody votes there; allowed: a"):
        Electorate.of(open_, {"a": 1, "b": 1})
    with pytest.raises(Unseated, match="m is in no group 'b'; allowed: a"):
        Electorate.of_voters(open_, {"m": Voter("b")})


@pytest.mark.parametrize(
    ("share", "places", "shown"),
    [
        (Fraction(242, 300), 1, "80.7 %"),
        (Fraction(1, 2), 1, "50 %"),
        (Fraction(1, 8), 1, "12.5 %"),
        (Fraction(1, 2000), 1, "0.1 %"),
        (Fraction(2, 3), 0, "67 %"),
        (Fraction(1), 3, "100 %"),
    ],
)
def test_percent_is_half_up_and_without_idle_zeros(share, places, shown):
    assert percent(share, places) == shown
