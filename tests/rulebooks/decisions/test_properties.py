"""What holds of every vote, whatever the rule and the figures."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rulebooks.rules.decisions import Electorate, Group, Tally, outcome
from rulebooks.rules.decisions.electorate import powers
from rulebooks.rules.decisions.shares import Bar, percent
from tests.rulebooks.decisions.rules import plain, votes

EMPTY = st.sampled_from(["reweigh", "counts_against", "blocks"])
FIGURES = st.builds(
    Tally, st.integers(0, 9), st.integers(0, 9), st.integers(0, 3), st.integers(0, 2)
)
RULES = st.sampled_from(
    [
        plain(base=base, by=by, threshold=threshold, **more)
        for base in ("{of: votes_cast, abstentions: out, spoilt: in}", "{of: present}",
                     "{of: all_seats}")
        for by in ("heads", "power")
        for threshold in ("{more_than: 1/2}", "{at_least: 2/3}", "{heads: 5}")
        for more in ({}, {"each_chamber": "{at_least: 1/3}"}, {"support": "{more_than: 1/4}"})
    ]
)  # fmt: skip


@st.composite
def siblings(draw, depth=2, prefix="g"):
    """Draw groups that weigh by heads, or fixed, of which some are made of groups."""
    by_heads = draw(st.booleans())
    made = []
    for place in range(draw(st.integers(1, 3))):
        code = f"{prefix}{place}"
        made.append(
            Group(
                code=code,
                weight="heads" if by_heads else draw(st.integers(1, 5)),
                cap=draw(st.sampled_from([None, Fraction(1, 10), Fraction(1, 2)])),
                empty=draw(EMPTY),
                groups=draw(siblings(depth - 1, code)) if depth and draw(st.booleans()) else (),
            )
        )
    return tuple(made)


@st.composite
def assemblies(draw):
    """Draw groups, and the votes of each that has seats."""
    groups = tuple(draw(siblings()))
    leaves = [leaf.code for group in groups for leaf in group.leaves()]
    cast = {code: draw(FIGURES) for code in leaves}
    seats = {code: tally.cast + draw(st.integers(0, 3)) for code, tally in cast.items()}
    return groups, cast, seats


@given(assemblies(), RULES)
def test_the_order_of_groups_decides_nothing(assembly, under):
    groups, cast, seats = assembly

    found = outcome(under, Electorate.of(groups, seats), cast)
    turned = outcome(under, Electorate.of(groups[::-1], seats), cast)

    assert found.state is turned.state
    assert set(found.grounds) == set(turned.grounds)


@given(assemblies(), RULES, st.data())
def test_who_changes_from_against_to_for_never_defeats_a_motion(assembly, under, data):
    groups, cast, seats = assembly
    code = data.draw(st.sampled_from(sorted(cast)))
    one = cast[code]
    if not one.against:
        return
    electorate = Electorate.of(groups, seats)
    more = cast | {code: Tally(one.in_favor + 1, one.against - 1, one.abstained, one.spoilt)}

    if outcome(under, electorate, cast).passed:
        assert outcome(under, electorate, more).passed


@given(assemblies(), RULES)
def test_a_decision_passes_when_nothing_fails_and_only_then(assembly, under):
    groups, cast, seats = assembly

    found = outcome(under, Electorate.of(groups, seats), cast)

    assert found.passed is (not found.failing)
    assert all(0 <= ground.share <= 1 for ground in found.grounds if ground.share is not None)


@given(siblings(depth=0), st.data())
def test_power_is_shared_out_under_the_caps(groups, data):
    heads = {group.code: data.draw(st.integers(0, 50)) for group in groups}

    shared = powers(groups, heads)

    assert set(shared) == set(heads)
    assert sum(shared.values()) <= 1
    assert all(g.cap is None or shared[g.code] <= g.cap for g in groups)
    if all(group.cap is None for group in groups) and any(heads.values()):
        assert sum(shared.values()) == 1


@given(st.integers(0, 60), st.integers(1, 60), st.integers(1, 12), st.integers(1, 12))
def test_by_heads_a_bar_is_a_comparison_of_fractions(for_it, against, part, whole):
    if part >= whole:
        return
    edge = Fraction(part, whole)
    electorate = Electorate.of((Group(code="all", weight=1, empty="blocks"),), {"all": 120})

    for name, held in (
        ("more_than", Fraction(for_it, for_it + against) > edge),
        ("at_least", Fraction(for_it, for_it + against) >= edge),
    ):
        under = plain(threshold=f"{{{name}: {part}/{whole}}}")
        assert outcome(under, electorate, votes(all=(for_it, against))).passed is held


@given(st.fractions(0, 1, max_denominator=10**6), st.fractions(0, 1, max_denominator=50))
def test_a_share_that_misses_its_bar_is_never_shown_as_the_bar(reached, edge):
    if not 0 < edge < 1 or reached == edge:
        return
    text = Bar(more_than=edge).shown(reached)

    assert text != percent(edge, 11) or text.endswith("/1")
