"""Totals of targets beside each other, and told again, as far as they give nobody away."""

from fractions import Fraction

import pytest

from kpis.rules.telling import Adds, Bar, Told, may_be_told_again, withheld_beside
from rulebooks.rules.following import derivable, tells_of_few

FULL, PARTNER, TRADE = ("full",), ("partner",), ("trade",)


def adds(*counted, start=0):
    """Give members as (atom, numbers of each), each a corporate group of its own."""
    numbered = ((atom, n) for atom, numbers in counted for n in numbers)
    return {
        start + place: Adds(atom, f"g{start + place}", (Fraction(n),))
        for place, (atom, n) in enumerate(numbered)
    }


def total(code, members, *, of="waste", bar=None, way="numbers"):
    return Told(code, of, way if bar is None else "share", members, bar)


def test_totals_of_parts_that_do_not_meet_are_told_together():
    both = [total("a", adds((FULL, [1] * 6))), total("b", adds((PARTNER, [2] * 7), start=10))]

    assert withheld_beside(both) == ()


@pytest.mark.parametrize(("few", "withheld"), [(4, ("full-only",)), (5, ())])
def test_the_smaller_of_two_totals_is_withheld_where_few_are_in_between(few, withheld):
    full, partners = adds((FULL, [1] * 9)), adds((PARTNER, [2] * few), start=10)

    told = [total("everybody", full | partners), total("full-only", full)]

    assert withheld_beside(told) == withheld


def test_totals_of_other_numbers_are_not_subtracted():
    full, partner = adds((FULL, [1] * 9)), adds((PARTNER, [2]), start=10)

    told = [total("everybody", full | partner), total("full-only", full, of="water")]

    assert withheld_beside(told) == ()


def test_what_one_group_makes_most_of_does_not_follow_either():
    full, partners = adds((FULL, [1] * 9)), adds((PARTNER, [90, 1, 1, 1, 1]), start=10)

    told = [total("everybody", full | partners), total("full-only", full)]

    assert withheld_beside(told) == ("full-only",)


@pytest.mark.parametrize(
    ("between", "withheld"),
    [(0, ("from-60",)), (4, ("from-60",)), (5, ())],
    ids=["nobody is between the bars", "too few are", "enough are"],
)
def test_two_bars_do_not_tell_who_is_between_them(between, withheld):
    members = adds((FULL, [90] * 8 + [70] * between + [20] * 8))
    bars = {"from-60": Bar(Fraction(60), higher=True), "from-80": Bar(Fraction(80), higher=True)}

    told = [total(code, members, bar=bar) for code, bar in bars.items()]

    assert withheld_beside(told) == withheld


def again(*changes):
    """Tell of ten full members and ten partners again, with other numbers of some."""
    before = adds((FULL, [10] * 10), (PARTNER, [10] * 10))
    after = before | {
        who: before[who]._replace(numbers=(Fraction(number),)) for who, number in changes
    }
    of = {"all": range(20), "full": range(10)}
    told = (
        [total(code, {m: one[m] for m in kept}) for code, kept in of.items()]
        for one in (before, after)
    )
    return may_be_told_again(*told)


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        pytest.param([], True, id="nothing changed"),
        pytest.param([(0, 11)], False, id="one did"),
        pytest.param([(n, 11) for n in range(5)], True, id="five did"),
        pytest.param([(n, 11) for n in range(4)] + [(4, 99)], False, id="one of five by most"),
        pytest.param([(n, 11) for n in (0, 10, 11, 12, 13)], False, id="one of them is full"),
        pytest.param([(n, 11) for n in (*range(5), 10)], False, id="one of them is a partner"),
        pytest.param([(n, 11) for n in range(5, 15)], True, id="five of each"),
    ],
)
def test_totals_are_told_again_when_nobody_or_enough_changed_everywhere(changes, may):
    assert again(*changes) is may


# What follows


def test_a_difference_of_two_single_groups_tells_of_few():
    """No region of one group follows, but that the two differ by one gives both away."""
    many, one, other = ("a",), ("b",), ("c",)
    regions = [frozenset({many, one}), frozenset({many, other})]
    behind = {many: {f"g{n}" for n in range(9)}, one: {"x"}, other: {"y"}}

    assert set(derivable(regions)) == set(regions)
    assert tells_of_few(regions, behind, fewest=5)
    assert not tells_of_few(regions, behind, fewest=2)


def test_rows_over_enough_groups_do_not_tell_of_few():
    regions = [frozenset({("a",), ("b",)}), frozenset({("a",)})]
    behind = {("a",): set("12345"), ("b",): set("67890")}

    assert not tells_of_few(regions, behind, fewest=5)
    assert tells_of_few(regions, behind | {("b",): set("6789")}, fewest=5)
