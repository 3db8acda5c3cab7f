"""Votes whose rule and outcome are published, under fictional codes: scenario T9."""

from fractions import Fraction

import pytest

from rulebooks.rules.decisions import State, outcome, percent
from tests.rulebooks.decisions.rules import chambers, members, plain, rule, votes

ASSEMBLY = members(250)
SIMPLE = plain()
ALL_BALLOTS = plain(base="{of: votes_cast, abstentions: in, spoilt: in}")
TWO_THIRDS = plain(threshold="{at_least: 2/3}")

DOUBLE = rule(
    "{kind: vote, code: vote, base: {of: votes_cast, abstentions: out, spoilt: out}, by: power,"
    " threshold: {at_least: 2/3}, each_chamber: {more_than: 1/2}}",
    quorum="{by: power, each_chamber: {more_than: 1/2}}",
)
HALF_AND_THIRDS = rule(
    "{kind: vote, code: vote, base: {of: votes_cast, abstentions: out, spoilt: out}, by: heads,"
    " threshold: {more_than: 1/2}}",
    quorum="{by: heads, overall: {at_least: 1/2}, each_chamber: {at_least: 1/3}}",
)
CASCADE = rule(
    "{kind: consensus, code: consensus, grade: Consensus}, "
    "{kind: vote, code: modified, base: {of: votes_cast, abstentions: out, spoilt: out}, by: heads,"
    " threshold: {at_least: 2/3}, each_chamber: {heads: 2}, grade: Modified consensus}, "
    "{kind: referral, code: talks, to: working-group}, "
    "{kind: vote, code: majority, base: {of: all_seats}, by: heads, threshold: {more_than: 1/2},"
    " grade: Simple majority}"
)


@pytest.mark.parametrize(
    ("under", "counts", "state", "share"),
    [
        pytest.param(SIMPLE, (107, 90, 17), State.PASSED, Fraction(107, 197),
                     id="107 to 90 carries when abstentions are out"),
        pytest.param(ALL_BALLOTS, (107, 90, 17), State.FAILED, Fraction(1, 2),
                     id="107 of 214 ballots are no majority: the base is what decides"),
        pytest.param(SIMPLE, (88, 117, 8, 1), State.FAILED, Fraction(88, 205),
                     id="88 to 117 is rejected"),
        pytest.param(SIMPLE, (134, 68, 11, 1), State.PASSED, Fraction(134, 202),
                     id="134 to 68 carries by a simple majority"),
        pytest.param(TWO_THIRDS, (134, 68, 11, 1), State.FAILED, Fraction(134, 202),
                     id="134 to 68 would fail two thirds, at 66.3 %"),
    ],
)  # fmt: skip
def test_an_assembly_decides_by_the_votes_cast(under, counts, state, share):
    found = outcome(under, ASSEMBLY, votes(all=counts))

    assert found.state is state
    assert found.grounds[0].share == share


@pytest.mark.parametrize(
    ("shares", "state", "overall", "failing"),
    [
        pytest.param((52, 95, 95), State.PASSED, "80.7 %", [], id="52, 95 and 95 % carry"),
        pytest.param((49, 100, 100), State.FAILED, "83 %",
                     ["chamber south: 49 of 100 (49 %), needs more than 50 %"],
                     id="83 % do not carry with one chamber at 49 %"),
        pytest.param((60, 60, 60), State.FAILED, "60 %",
                     ["for: 180 of 300 (60 %), needs at least 2/3"],
                     id="60 % in each chamber miss two thirds"),
    ],
)  # fmt: skip
def test_three_chambers_of_equal_weight_need_each_other(shares, state, overall, failing):
    three = chambers(south=100, north=100, east=100)
    counts = {
        code: (share, 100 - share)
        for code, share in zip(("south", "north", "east"), shares, strict=True)
    }

    found = outcome(DOUBLE, three, votes(**counts))

    assert found.state is state
    assert [ground.words for ground in found.failing] == failing
    total = next(ground for ground in found.grounds if ground.asked == "threshold")
    assert percent(total.share) == overall


@pytest.mark.parametrize("there", [50, 49, 0])
def test_a_chamber_with_half_of_its_power_present_or_less_is_no_quorum(there):
    three = chambers(south=100, north=100, east=100)

    found = outcome(
        DOUBLE,
        three,
        votes(south=(there, 0), north=(100, 0), east=(100, 0)),
        present={"south": there, "north": 100, "east": 100},
    )

    assert found.state is State.NOT_QUORATE
    assert f"present of south: {there} of 100 ({there} %), needs more than 50 %" in [
        ground.words for ground in found.failing
    ]


@pytest.mark.parametrize(
    ("there", "state", "failing"),
    [
        pytest.param((20, 15, 6), State.NOT_QUORATE,
                     ["present of firms: 6 of 20 (30 %), needs at least 1/3"],
                     id="41 of 60 are enough, 6 of 20 firms are not"),
        pytest.param((20, 15, 7), State.PASSED, [], id="7 of 20 firms are a third"),
        pytest.param((10, 10, 9), State.NOT_QUORATE,
                     ["present: 29 of 60 (48.3 %), needs at least 50 %"],
                     id="a third of each is not yet half of all"),
    ],
)  # fmt: skip
def test_a_quorum_of_all_and_of_each_group(there, state, failing):
    sixty = chambers(states=20, civil=20, firms=20)
    counts = dict(zip(("states", "civil", "firms"), ((n, 0) for n in there), strict=True))

    found = outcome(HALF_AND_THIRDS, sixty, votes(**counts))

    assert found.state is state
    assert [ground.words for ground in found.failing] == failing


SEATS = chambers(states=7, civil=7, firms=7)


@pytest.mark.parametrize(
    ("stage", "counts", "state", "then", "grade"),
    [
        pytest.param("consensus", {"states": (6, 0, 1), "civil": (7, 0), "firms": (5, 0, 2)},
                     State.PASSED, None, ("Consensus", 1), id="nobody against is consensus"),
        pytest.param("consensus", {"states": (7, 0), "civil": (7, 0), "firms": (6, 1)},
                     State.NEXT_STAGE, "modified", (None, 1), id="one against is no consensus"),
        pytest.param("modified", {"states": (6, 0, 1), "civil": (5, 1, 1), "firms": (3, 4)},
                     State.PASSED, None, ("Modified consensus", 2),
                     id="14 for, 5 against, 2 abstaining, two of each: modified consensus"),
        pytest.param("modified", {"states": (7, 0), "civil": (6, 0, 1), "firms": (1, 5, 1)},
                     State.NEXT_STAGE, "talks", (None, 2),
                     id="14 for with one firm only: to the working group"),
        pytest.param("majority", {"states": (5, 2), "civil": (5, 2), "firms": (1, 6)},
                     State.PASSED, None, ("Simple majority", 3),
                     id="11 of 21 after the working group: simple majority, graded lowest"),
        pytest.param("majority", {"states": (5, 2), "civil": (5, 2), "firms": (0, 7)},
                     State.FAILED, None, (None, 3), id="10 of 21 fail, and nothing follows"),
    ],
)  # fmt: skip
def test_a_cascade_from_consensus_to_a_simple_majority(stage, counts, state, then, grade):
    found = outcome(CASCADE, SEATS, votes(**counts), stage=stage)

    assert (found.state, found.next) == (state, then)
    assert (found.grade, found.place) == grade
    assert found.places == 3


def test_modified_consensus_is_fourteen_of_nineteen():
    counts = votes(states=(6, 0, 1), civil=(5, 1, 1), firms=(3, 4))

    found = outcome(CASCADE, SEATS, counts, stage="modified")

    assert [ground.words for ground in found.grounds] == [
        "for: 14 of 19 (73.7 %), needs at least 2/3",
        "chamber states: 6 of 6, needs at least 2",
        "chamber civil: 5 of 6, needs at least 2",
        "chamber firms: 3 of 7, needs at least 2",
    ]
