"""Every word and scale gives the same digits in fractions and in columns.

A new word or scale is found by itself.
"""

from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kpis.rules import columns, exact
from kpis.rules.inputs import frame
from kpis.rules.scoring import Answer, MemberInputs, State, score
from rulebooks.rules.aggregation import WORDS
from rulebooks.rules.aggregation.points import PointsOfAvailable
from rulebooks.rules.aggregation.sums import MeanOfApplicable, Sum
from rulebooks.rules.conditions import Condition
from rulebooks.rules.tree import Tree
from tests.kpis.rules import nodes as strategies_of_nodes
from tests.kpis.rules import strategies
from tests.kpis.rules.editions import Plain, half_up, kpi, make_edition, node

CONDITION = TypeAdapter(Condition)
THOROUGH = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def members_of(draw, kpis, count=6):
    return [draw(strategies.members(str(n), kpis)) for n in range(draw(st.integers(1, count)))]


def tree_of(kpis, nodes, assurance):
    return Tree.of(kpis, nodes, attributes=strategies.ATTRIBUTES, assurance=assurance)


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
@given(data=st.data())
@THOROUGH
def test_a_node_has_the_same_digits_in_fractions_and_in_columns(word, data):
    draw = data.draw
    better = draw(st.sampled_from(["higher", "lower"]))
    kpis = [draw(strategies.kpis(f"k{n}", better)) for n in range(draw(st.integers(1, 5)))]
    assurance = draw(st.none() | strategies.assurances(kpis))
    nodes = []
    for code, made in (
        ("below", draw(st.sampled_from([MeanOfApplicable, Sum, PointsOfAvailable]))),
        ("beside", draw(st.sampled_from(WORDS))),
        ("top", word),
    ):
        tree = tree_of(kpis, nodes, assurance)
        node = draw(strategies_of_nodes.nodes(made, code, tree))
        assume(node is not None or code == "beside")
        nodes += [node] if node else []
    tree = tree_of(kpis, nodes, assurance)
    when = CONDITION.validate_python(draw(strategies_of_nodes.conditions(tree)))
    assume(not list(when.faults(tree.known)))
    members = members_of(draw, kpis)
    in_columns, held = columns.scored(tree, frame(tree, members), {"when": when})
    for place, one in enumerate(members):
        in_fractions, row = exact.complete(tree, one)
        for code, lines in in_columns.items():
            assert lines[place] == in_fractions[code]
        if held:
            assert held["when"][place] is when.exact(row)


@pytest.mark.parametrize("kind", strategies.KINDS)
@given(data=st.data())
@THOROUGH
def test_an_answer_gives_the_same_number_in_fractions_and_in_columns_within_its_bound(kind, data):
    kpi = data.draw(strategies.kpis("k", "higher", kind))
    members = members_of(data.draw, [kpi])
    quotient, bound = kpi.columns(), kpi.bound()
    rows = (
        frame(Tree.of([kpi], []), members).select(n=quotient.numerator, d=quotient.divisor()).rows()
    )
    for one, (numerator, divisor) in zip(members, rows, strict=True):
        number = kpi.exact(one.answers["k"])
        assert (numerator is None) is (number is None)
        if number is not None:
            assert number * divisor == numerator
            assert abs(numerator) <= bound.numerator
            assert 1 <= divisor <= bound.scale * bound.denominator


WIDE = {"kind": "ratio", "numerator": "a", "denominator": "b", "may_exceed_one": True}
READS_ALL = {
    "sum": {"of": ["a", "b", "c"]},
    "mean_of_applicable": {"of": ["a", "b", "c"]},
    "weighted_mean": {"weights": {"a": 3, "b": 2, "c": 1}, "divide_by": "weights"},
    "minimum": {"of": ["a", "b", "c"]},
    "all_of": {"of": ["a", "b", "c"], "bar": Plain("123456789012345678.123456789012")},
}


@pytest.mark.parametrize("op", READS_ALL)
def test_up_to_the_edge_of_int128_no_digit_is_lost(op):
    """Widen the scale digit by digit until the proof fails; just before, all still fits."""
    proven = []
    for digits in range(1, 19):
        edition = make_edition(
            kpis=[kpi(code, {**WIDE, "max": 10**digits - 1}) for code in "abc"],
            nodes=[node("n", op, **READS_ALL[op], rounding=half_up("0.000000000001"))],
        )
        proven += [digits] if "n" in edition.tree.columnar else []
        most, least = D(10**digits - 1), D(10**digits - 2)
        members = [
            MemberInputs(
                str(n), {code: pair(*numbers) for code, numbers in zip("abc", three, strict=True)}
            )
            for n, three in enumerate(
                [
                    [(most, least), (least, most), (most, D(1))],
                    [(most, D(1))] * 3,
                    [(D(1), most)] * 3,
                    [(least, most), (D(0), most), (most, most)],
                ]
            )
        ]
        for one, card in zip(members, score(edition, members), strict=True):
            assert card.line("n") == exact.lines(edition.tree, one)["n"]
    assert proven == list(range(1, len(proven) + 1))
    assert 3 <= len(proven) < 18


def pair(numerator, denominator):
    return Answer(State.ANSWERED, numerator=numerator, denominator=denominator)
