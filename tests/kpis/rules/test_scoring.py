"""Scoring as a whole: stable bytes, large numbers, ranks, traces, what a reader may see."""

import random
from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from kpis.rules import exact
from kpis.rules.figures import in_full
from kpis.rules.scoring import (
    Answer,
    Card,
    MemberInputs,
    State,
    cohort,
    fingerprint,
    redact,
    score,
    trace,
)
from rulebooks.rules.quotients import LIMIT
from tests.kpis.rules.editions import Plain, half_up, kpi, make_edition, node


def number(value):
    return Answer(State.ANSWERED, number=D(str(value)))


def members(**values):
    """Return members whose only answer is to the KPI ``a``."""
    return [MemberInputs(name, {"a": number(value)}) for name, value in values.items()]


TWO_LEVELS = make_edition(
    kpis=[
        kpi("a", requirement=None),
        kpi("b", confidentiality="counsel"),
        kpi("c", confidentiality="public"),
    ],
    nodes=[
        node("inner", "mean_of_applicable", of=["a", "b"]),
        node(
            "top",
            "weighted_mean",
            weights={"inner": Plain("0.75"), "c": Plain("0.25")},
            divide_by="weights",
            rounding=half_up("0.5"),
        ),
    ],
    total="top",
)


def random_members(count):
    dice = random.Random(7)
    return [
        MemberInputs(
            f"M{n:04}",
            {c: number(dice.randrange(1001) / 10) for c in "abc" if dice.random() < 0.8},
        )
        for n in range(count)
    ]


def test_bytes_are_the_same_for_any_order_and_shard():
    inputs = random_members(300)
    shuffled = random.Random(8).sample(inputs, len(inputs))
    whole = {card.member: card.canonical() for card in score(TWO_LEVELS, inputs)}

    assert {card.member: card.canonical() for card in score(TWO_LEVELS, shuffled)} == whole
    for one in inputs[:20]:
        [card] = score(TWO_LEVELS, [one])
        assert card.canonical() == whole[one.member]
        assert tuple(exact.lines(TWO_LEVELS.tree, one).values()) == card.lines
    assert [card.member for card in score(TWO_LEVELS, shuffled)] == [one.member for one in shuffled]


def test_a_card_is_read_back_from_its_bytes():
    for card in score(TWO_LEVELS, random_members(20)):
        assert Card.read(card.canonical()) == card


def test_canonical_bytes_are_what_they_have_always_been():
    [card] = score(TWO_LEVELS, members(Ä=50))

    assert card.canonical().decode() == (
        '{"band":null,"edition":"test-2025","knock_outs":[],"lines":['
        '{"denominator":"1","node":"inner","numerator":"50"},'
        '{"denominator":"1","node":"top","numerator":"50","published":"50.0"}],'
        '"member":"Ä","status":null,"total":"50.0","verdict":null}'
    )


def test_nobody_and_nothing_can_be_scored():
    assert score(TWO_LEVELS, []) == []
    [card] = score(make_edition(kpis=[], nodes=[]), [MemberInputs("M1", {})])
    assert (card.lines, card.total) == ((), None)


HUGE = {"kind": "ratio", "numerator": "a", "denominator": "b", "max": 10**17}


def test_a_node_too_large_for_columns_is_computed_in_fractions():
    codes = [f"k{n}" for n in range(4)]
    edition = make_edition(
        kpis=[kpi(code, HUGE) for code in codes],
        nodes=[
            node("small", "sum", of=codes[:1]),
            node("large", "mean_of_applicable", of=codes, rounding=half_up("0.000000000001")),
            node("above", "sum", of=["large"]),
        ],
    )
    answer = Answer(State.ANSWERED, numerator=D(10**17 - 1), denominator=D(10**17))

    [card] = score(edition, [MemberInputs("M1", dict.fromkeys(codes, answer))])

    assert edition.tree.columnar == {"small"}
    assert edition.tree.bounds["large"].numerator > LIMIT
    assert card.line("above").exact == 1 - F(1, 10**17)
    assert card.line("large").published == D("1.000000000000")


def test_bands_and_ranks_read_the_published_number():
    edition = make_edition(
        kpis=[kpi("a", {"kind": "number", "min": 0, "max": 100, "decimals": 2})],
        nodes=[node("n", "sum", of=["a"], rounding=half_up("0.1"))],
        total="n",
        cohort=[
            {
                "code": "rank",
                "op": "competition_rank",
                "of": "n",
                "rounding": half_up("1"),
                "highest_first": True,
                "clause": "1",
            }
        ],
        bands={
            "of": "n",
            "bands": [
                {"code": "low", "label": "L", "below": 50, "status": "breach", "clause": "1"},
                {"code": "high", "label": "H", "from": 50, "status": "good", "clause": "1"},
            ],
        },
    )
    inputs = members(Ada="49.95", Bea="49.94", Cam="50.4", Dot="90")

    cards = score(edition, [*inputs, MemberInputs("Eve", {})])

    assert {card.member: (str(card.total), card.band) for card in cards} == {
        "Ada": ("50.0", "high"),
        "Bea": ("49.9", "low"),
        "Cam": ("50.4", "high"),
        "Dot": ("90.0", "high"),
        "Eve": ("None", None),
    }
    ranks = {"Dot": 1, "Ada": 2, "Bea": 2, "Cam": 2, "Eve": None}
    assert cohort(edition, cards) == {"rank": ranks}


def test_a_fingerprint_follows_content_and_not_its_form():
    one, other = members(Ada="1.0", Bea=2), members(Bea="2.00", Ada=1)

    assert fingerprint("0" * 64, one) == fingerprint("0" * 64, other)
    assert fingerprint("0" * 64, one) != fingerprint("1" * 64, one)
    assert fingerprint("0" * 64, one) != fingerprint("0" * 64, members(Ada=1, Bea=3))


def traced():
    inputs = MemberInputs("Ada", {"a": number(50), "b": number("33.3"), "c": number(90)})
    [card] = score(TWO_LEVELS, [inputs])
    return trace(TWO_LEVELS, card, inputs)


def test_a_trace_reads_like_a_receipt():
    told = [(line.kind, line.code, line.says, line.amount, line.weight) for line in traced()]

    assert told == [
        ("node", "inner", "mean_of_applicable", "", None),
        ("input", "a", "50", "50", None),
        ("input", "b", "33.3", "33.3", None),
        ("subtotal", "inner", "", "41.65", None),
        ("node", "top", "weighted_mean", "", None),
        ("input", "inner", "", "41.65", F(3, 4)),
        ("input", "c", "90", "90", F(1, 4)),
        ("subtotal", "top", "", "53.7375", None),
        ("rounding", "top", "half_up to 0.5", "53.5", None),
    ]


def test_what_a_reader_may_not_see_is_not_in_the_trace_nor_in_its_exact_sums():
    shown = redact(traced(), {"public"})

    assert [(line.kind, line.code, line.amount) for line in shown] == [
        ("node", "inner", ""),
        ("input", "a", "50"),
        ("withheld", "b", ""),
        ("withheld", "inner", ""),
        ("node", "top", ""),
        ("withheld", "inner", ""),
        ("input", "c", "90"),
        ("withheld", "top", ""),
        ("rounding", "top", "53.5"),
    ]
    assert not any(line.number in (F("33.3"), F("41.65"), F("53.7375")) for line in shown)
    assert shown[2].state is None
    assert redact(traced(), {"public", "counsel"}) == traced()


@pytest.mark.parametrize(
    ("fraction", "told"),
    [(F(1300, 17), "1300/17"), (F(-1, 8), "-0.125"), (F(3), "3"), (F(1, 10**12), f"0.{'0' * 11}1")],
)
def test_amounts_are_told_in_full(fraction, told):
    assert in_full(fraction) == told
