"""An edition that has every word of aggregation, from answers to a card and its trace."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.rules import exact, stored
from kpis.rules.grounds import alone
from kpis.rules.receipts import as_plain, assured, grounds, receipt
from kpis.rules.scoring import Card, MemberInputs, cohort, redact, score, trace
from rulebooks.rules import reading
from rulebooks.rules.edition import Edition
from tests.kpis.rules.strategies import alone as answers

EDITION = Edition.load((Path(__file__).parents[2] / "editions/grades-2025.yaml").read_bytes())
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "class": st.sampled_from(["full", "affiliate"]),
        "tenure": st.integers(0, 5),
        "region": st.sampled_from(["north", "south", "other"]),
    },
)


@st.composite
def members(draw, code):
    levels = st.sampled_from(EDITION.assurance.codes())
    given = {kpi.code: draw(answers(kpi)) for kpi in EDITION.kpis}
    assurance = draw(st.dictionaries(st.sampled_from(list(given)), levels))
    return MemberInputs(code, given, draw(ATTRIBUTES), assurance)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_from_answers_to_a_card_and_what_is_told_of_it(data):
    inputs = [data.draw(members(f"M{n}")) for n in range(data.draw(st.integers(1, 5)))]

    cards = score(EDITION, inputs)

    places = cohort(EDITION, cards)
    assert places.keys() == {"rank", "quarter", "above"}
    for one, card in zip(inputs, cards, strict=True):
        by_itself = exact.lines(EDITION.tree, one)
        assert [line.exact for line in card.lines] == [line.exact for line in by_itself.values()]
        assert Card.read(card.canonical()) == card
        again = stored.read(stored.write(one, {}))
        assert score(EDITION, [again]) == [card]
        lines = trace(EDITION, card, one)
        assert len(grounds(EDITION, lines)) == len(card.grounds) + len(card.knock_outs)
        assert as_plain(receipt(EDITION, redact(lines, {"public"})))
        assert (places["rank"][one.member] is None) is (card.line("total").number is None)
        assert isinstance(alone(EDITION, card), str)
        assert len(assured(lines)) in (0, 2)


def test_every_node_is_in_columns():
    assert EDITION.tree.columnar == EDITION.tree.nodes.keys()


@pytest.mark.parametrize("node", reading.nodes(EDITION), ids=lambda node: node.node.code)
def test_every_node_is_told_in_words(node):
    assert node.operator
    assert node.inputs
