"""The disclosure rule of aggregates, and an attack on what it shows."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebooks.rules.disclosure import FEWEST, Tally, disclose, may_follow, move
from rulebooks.rules.following import derivable

OUTCOMES = ("worse", "better", "unchanged")
LINES = ("class", "size")


def tally(*counted, lines=LINES) -> Tally:
    """Count members given as (atom, outcome, how many); each is a corporate group of its own."""
    made, number = Tally(lines), 0
    for atom, outcome, count in counted:
        for _ in range(count):
            number += 1
            made.add(atom, outcome, f"group {number}")
    return made


def shown(*counted, lines=LINES):
    told = disclose(tally(*counted, lines=lines), OUTCOMES, rest="unchanged")
    return {(row.line, row.value): row.counts for row in (told.total, *told.rows)}


def test_what_enough_groups_share_is_shown():
    told = shown(
        (("full", "large"), "worse", 6),
        (("full", "large"), "unchanged", 30),
        (("partner", "small"), "worse", 5),
        (("partner", "small"), "unchanged", 9),
    )

    assert told == {
        ("", ""): (11, 39),
        ("class", "full"): (6, 30),
        ("class", "partner"): (5, 9),
        ("size", "large"): (6, 30),
        ("size", "small"): (5, 9),
    }


def test_a_small_row_is_withheld_and_so_is_what_it_would_follow_from():
    told = shown(
        (("full", ""), "worse", 6),
        (("full", ""), "unchanged", 30),
        (("partner", ""), "worse", 4),
        (("partner", ""), "unchanged", 9),
        lines=("class", "size"),
    )

    assert told["", ""] == (10, 39)
    assert told["class", "full"] is None
    assert told["class", "partner"] is None


def test_nobody_is_no_number_that_may_be_shown():
    """Full is 6 of 36, so partner would be 0 of 9: nobody of them, each is given away."""
    told = shown(
        (("full", "a"), "worse", 6),
        (("full", "a"), "unchanged", 30),
        (("partner", "a"), "unchanged", 9),
    )

    assert told["class", "full"] is told["class", "partner"] is None
    assert told["size", "a"] == (6, 39)


def test_a_row_withheld_along_one_line_does_not_follow_from_another():
    """Every partner is small, so large is full, by another name."""
    told = shown(
        (("full", "large"), "worse", 8),
        (("full", "large"), "unchanged", 30),
        (("partner", "small"), "worse", 2),
        (("partner", "small"), "unchanged", 9),
    )

    assert [row for row, counts in told.items() if counts] == [("", "")]


@pytest.mark.parametrize(
    ("counts", "columns"),
    [
        pytest.param((5, 6, 7), (("low",), ("mid",), ("high",)), id="each"),
        pytest.param((4, 7, 9), (("low", "mid"), ("high",)), id="too few at the end: the next"),
        pytest.param((9, 2, 9), (("low", "mid"), ("high",)), id="in the middle: the lower one"),
        pytest.param((9, 9, 1), (("low",), ("mid", "high")), id="the best: the lower one"),
        pytest.param((9, 0, 9), (("low", "mid"), ("high",)), id="nobody is no number to tell"),
        pytest.param((2, 1, 1), (("low", "mid", "high"),), id="too few in all"),
    ],
)
def test_outcomes_in_an_order_are_counted_with_their_neighbour(counts, columns):
    order = ("low", "mid", "high")
    counted = [(("full", "a"), one, n) for one, n in zip(order, counts, strict=True)]

    told = disclose(tally(*counted), order)

    assert told.columns == columns
    assert (told.total.counts is None) is (len(columns) == 1)


def test_an_outcome_that_too_few_share_is_counted_with_the_rest():
    told = disclose(
        tally(
            (("full", "a"), "worse", 6),
            (("full", "a"), "better", 2),
            (("full", "a"), "unchanged", 30),
        ),
        OUTCOMES,
        rest="unchanged",
    )

    assert told.columns == (("worse",), ("better", "unchanged"))
    assert told.total.counts == (6, 32)


@pytest.mark.parametrize("worse", [0, 4, 36, 40])
def test_nothing_is_shown_when_too_few_or_almost_all_come_out_so(worse):
    told = shown((("full", "a"), "worse", worse), (("full", "a"), "unchanged", 40 - worse))

    assert set(told.values()) == {None}


def test_one_corporate_group_counts_once():
    made = Tally(("class",))
    for number in range(20):
        made.add(["full"], "worse", "the same group")
        made.add(["full"], "unchanged", f"group {number}")

    told = disclose(made, OUTCOMES, rest="unchanged")

    assert told.columns == (OUTCOMES,)
    assert told.total.counts is None


def test_a_group_that_makes_more_than_a_quarter_of_a_number_hides_it():
    made = Tally(("class",))
    for number in range(30):
        made.add(["full"], "unchanged", f"group {number}")
    for number in range(6):
        made.add(["full"], "worse", f"group {number}")
    assert disclose(made, OUTCOMES, rest="unchanged").total.counts == (6, 30)

    made.add(["full"], "worse", "group 0")

    told = disclose(made, OUTCOMES, rest="unchanged")
    assert told.columns == (("worse", "better", "unchanged"),)  # two of seven are one group's
    assert told.total.counts is None


def redrawn(moves: int) -> bool:
    """Draw a table of 60 members again after some of them came out otherwise."""
    before, after, moved = Tally(("class",)), Tally(("class",)), Tally(("class",))
    for number in range(60):
        was = "worse" if number < 20 else "unchanged"
        now = "unchanged" if number < moves else was
        before.add(["full"], was, f"g{number}")
        after.add(["full"], now, f"g{number}")
        moved.add(["full"], move(was, now), f"g{number}")
    tables = (disclose(one, OUTCOMES, rest="unchanged") for one in (before, after))
    return may_follow([*tables], steps=[moved], jumps=[moved])


@pytest.mark.parametrize(
    ("moves", "may"), [(0, True), (1, False), (4, False), (5, True), (9, True)]
)
def test_a_table_is_drawn_again_only_when_nobody_or_enough_groups_moved(moves, may):
    """One member less in a column, of the same question, is that member's outcome."""
    assert redrawn(moves) is may


def test_many_who_move_one_way_do_not_hide_one_who_moves_another():
    before, after, moved = Tally(("class",)), Tally(("class",)), Tally(("class",))
    ways = [("worse", "better")] * 1 + [("better", "unchanged")] * 9
    ways += [(one, one) for one in OUTCOMES for _ in range(20)]
    for number, (was, now) in enumerate(ways):
        before.add(["full"], was, f"g{number}")
        after.add(["full"], now, f"g{number}")
        moved.add(["full"], move(was, now), f"g{number}")
    tables = (disclose(one, OUTCOMES, rest="unchanged") for one in (before, after))

    assert not may_follow([*tables], steps=[moved], jumps=[moved])


@st.composite
def tallies(draw):
    """Members of three classes, three sizes and two chambers, a few in each."""
    made, number = Tally(("class", "size", "chamber")), 0
    groups = draw(st.integers(10, 200))
    for atom in ("flc", "fsc", "fsu", "plc", "psu", "osu", "olu", "osc"):
        for outcome in OUTCOMES:
            for _ in range(draw(st.sampled_from([0, 0, 1, 3, 5, 6, 12]))):
                number += 1
                made.add(atom, outcome, f"group {number % groups}")
    return made


@settings(max_examples=100, deadline=None)
@given(tallies())
def test_no_cell_with_too_few_groups_follows_from_what_is_shown(made):
    """The attack: whoever knows what each member is adds and subtracts all that is shown.

    Every 0/1 vector over the atoms is tried against the span of the shown rows, by elimination of
    its own; a region that follows must have enough groups behind each of its numbers.
    """
    if not made.members:
        return
    told = disclose(made, OUTCOMES, rest="unchanged")
    if told.total.counts is None:
        assert all(row.counts is None for row in told.rows)
        return
    atoms = sorted(made.members)
    vectors = [[1] * len(atoms)]
    for row in told.rows:
        if row.counts is not None:
            line = made.lines.index(row.line)
            vectors.append([int(atom[line] == row.value) for atom in atoms])
    rank = rank_of(vectors)
    for bits in product((0, 1), repeat=len(atoms)):
        if any(bits) and rank_of([*vectors, list(bits)]) == rank:
            region = [atom for atom, bit in zip(atoms, bits, strict=True) if bit]
            for column in told.columns:
                behind = made.behind_each(region, column)
                assert len(behind) >= FEWEST
                assert max(behind.values()) * 4 <= behind.total()


PRIME = 2_147_483_647


def rank_of(rows: list[list[int]]) -> int:
    """Return the rank of a small matrix, by elimination modulo a prime."""
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column] % PRIME), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        inverse = pow(rows[rank][column], -1, PRIME)
        for r in range(rank + 1, len(rows)):
            factor = rows[r][column] * inverse
            rows[r] = [(a - factor * b) % PRIME for a, b in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return rank


def test_sums_and_differences_are_found():
    rows = [frozenset("abcd"), frozenset("ab"), frozenset("bc")]
    found = {"".join(sorted(region)) for region in derivable([frozenset(r) for r in rows])}

    assert {"abcd", "ab", "bc", "cd", "ad"} <= found
    assert "a" not in found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1), min_size=1, max_size=6))
def test_every_region_that_follows_is_found_and_no_other(given):
    """By trying every 0/1 vector over the atoms against the span, by elimination of its own."""
    atoms = sorted(frozenset().union(*given))
    rows = [[int(atom in region) for atom in atoms] for region in given]
    wanted = {
        frozenset(atom for atom, bit in zip(atoms, bits, strict=True) if bit)
        for bits in product((0, 1), repeat=len(atoms))
        if any(bits) and rank_of([*rows, list(bits)]) == rank_of(rows)
    }

    found = list(derivable(given))

    assert set(found) == wanted
    assert len(found) == len(wanted)
