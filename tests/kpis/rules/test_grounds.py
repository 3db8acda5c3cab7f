"""Bands, knock-outs, caps and assurance: what stands beside the number, and what it leaves."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from kpis.rules.grounds import alone
from kpis.rules.scoring import Answer, Card, MemberInputs, State, redact, score, trace
from rulebooks.rules.document import Invalid
from tests.kpis.rules.editions import NUMBER, Plain, half_up, kpi, make_edition, node

LABELLED = {"kind": "labels", "points": {"fully": 90, "partly": 30, "not met": 0}}
HALF = half_up("0.5")


def band(code, **ends):
    ends = {name.rstrip("_"): Plain(end) for name, end in ends.items()}
    return {"code": code, "label": code.capitalize(), "status": "none", "clause": "b", **ends}


def rule(code, when, **left):
    return {"code": code, "title": code.replace("-", " "), "when": when, "clause": "k", **left}


BANDS = [band("low", below="50"), band("fair", from_="50", upto="69.5"), band("high", from_="70")]
STEPS = {"of": "total", "bands": BANDS}
KPIS = [kpi("a"), kpi("b"), kpi("freedom", LABELLED, confidentiality="counsel")]
MEAN = [node("total", "mean_of_applicable", of=["a", "b"], rounding=HALF)]
NOT_FREE = rule("not-free", {"kpi": "freedom", "is": ["partly", "not met"]}, result="low")
BELOW_BAR = rule("below-bar", {"node": "total", "below": 50}, result="low")
OPEN = rule("open", {"kpi": "b", "below": 60}, at_most="fair")
SMALL = rule("small", {"kpi": "a", "below": 50}, at_most=Plain("60"))


def edition(*, knock_outs=(), caps=(), kpis=KPIS, nodes=MEAN, **more):
    more = {"total": "total", "bands": STEPS, **more}
    return make_edition(
        kpis=kpis, nodes=nodes, knock_outs=list(knock_outs), caps=list(caps), **more
    )


def number(value):
    return Answer(State.ANSWERED, number=D(str(value)))


def label(value):
    return Answer(State.ANSWERED, labels=(value,))


def inputs(a, b, freedom="fully", **more):
    answers = {"a": number(a), "b": number(b), "freedom": label(freedom)}
    return MemberInputs("M1", answers, **more)


def card_of(made, *args, **more):
    return score(made, [inputs(*args, **more)])[0]


@pytest.mark.parametrize(
    ("bands", "says"),
    [
        pytest.param(
            [band("low", upto="50"), band("high", from_="50")],
            "low and high overlap: 50 is in both",
            id="both ends closed on one number",
        ),
        pytest.param(
            [band("low", below="50"), band("high", above="50")],
            "low and high leave a hole: 50 is in neither",
            id="both ends open on one number",
        ),
        pytest.param(
            [band("low", below="49.5"), band("high", from_="50")],
            "low and high leave a hole: 49.5 is in neither",
            id="a step falls between",
        ),
        pytest.param(
            [band("low", below="50"), band("high", from_="40")], "overlap", id="they overlap"
        ),
        pytest.param([band("low", from_="0")], "lowest is open", id="a lowest band that is closed"),
        pytest.param([band("a", below="5", upto="5")], "two upper ends", id="two ends a side"),
        pytest.param([band("a", above="5", below="5")], "no number lies", id="nothing in between"),
    ],
)
def test_bands_that_do_not_take_in_every_number_once_are_refused(bands, says):
    with pytest.raises(Invalid, match=says):
        edition(bands={"of": "total", "bands": bands})


@pytest.mark.parametrize(
    ("a", "code"),
    [(49.5, "low"), (50, "fair"), (69.5, "fair"), (70, "high"), (69.7, "fair"), (69.8, "high")],
)
def test_bands_may_be_written_as_ranges_of_what_is_published(a, code):
    """Up to 69.5 and from 70 leave no hole: 69.7 is published as 69.5."""
    assert card_of(edition(), a, a).band == code


@pytest.mark.parametrize(
    ("answers", "grounds", "left", "alone_"),
    [
        pytest.param((80, 90), [], ("85.0", "high"), "", id="no ground"),
        pytest.param(
            (80, 90, "partly"), ["not-free"], ("85.0", "low"), "High", id="a knock-out prevails"
        ),
        pytest.param(
            (40, 50, "partly"),
            ["not-free", "below-bar", "open", "small"],
            ("45.0", "low"),
            "",
            id="every ground is listed, also those that change nothing",
        ),
        pytest.param(
            (100, 59), ["open"], ("79.5", "fair"), "High", id="a cap on the band leaves the number"
        ),
        pytest.param(
            (49, 90), ["small"], ("60.0", "fair"), "69.5", id="a cap on the number, then the band"
        ),
        pytest.param(
            (50, 50), ["open"], ("50.0", "fair"), "", id="a cap that holds nothing down is a ground"
        ),
    ],
)
def test_grounds_stand_beside_the_number(answers, grounds, left, alone_):
    made = edition(knock_outs=[NOT_FREE, BELOW_BAR], caps=[OPEN, SMALL])

    card = card_of(made, *answers)

    assert [ground.code for ground in card.grounds] == grounds
    assert (str(card.total), card.band) == left
    assert alone(made, card) == alone_
    assert Card.read(card.canonical()) == card


def test_a_knock_out_never_lifts_a_member():
    high = rule("odd", {"kpi": "a", "from": 0}, result="high")

    assert card_of(edition(knock_outs=[high]), 10, 10).band == "low"


def test_a_score_that_does_not_count_has_no_total_no_band_and_no_number_for_others():
    withdrawn = rule("odd", {"kpi": "a", "below": 50}, result="not_scored")
    made = edition(knock_outs=[withdrawn])

    card = card_of(made, 49, 90)

    assert (card.total, card.band, card.line("total").number) == (None, None, None)
    assert alone(made, card) == "69.5, Fair"
    assert card_of(made, 50, 90).band == "high"


def test_a_knock_out_can_name_a_verdict():
    cases = [{"when": {"node": "total", "from": 50}, "then": "Met"}]
    verdict = node("verdict", "first_match", cases=cases, otherwise="Not met")
    odd = rule("odd", {"kpi": "freedom", "is": ["partly"]}, result="Not met")
    made = edition(nodes=[*MEAN, verdict], verdict="verdict", knock_outs=[odd])

    assert card_of(made, 80, 80).verdict == "Met"
    card = card_of(made, 80, 80, "partly")
    assert (card.verdict, card.line("verdict").label) == ("Not met", "Not met")
    assert alone(made, card) == "Met"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"knock_outs": [{**NOT_FREE, "result": "lo"}]}, "'lo' is no band and no verdict"),
        ({"caps": [{**OPEN, "at_most": "lo"}]}, "'lo' is no band; allowed: low, fair, high"),
        ({"caps": [{**SMALL, "at_most": Plain("60.2")}]}, "cannot be published"),
        ({"caps": [OPEN, OPEN]}, "'open' is taken"),
        ({"knock_outs": [rule("x", {"node": "totl", "below": 1}, result="low")]}, "'totl' is not"),
        ({"knock_outs": [rule("x", {"node": "total"}, result="low")]}, "must be a condition"),
        ({"knock_outs": [rule("x", {"kpi": "a", "node": "total", "from": 1}, result="low")]},
         "must be about one of: kpi, node, member"),
        ({"caps": [SMALL], "total": None, "bands": None}, "there is no total to cap"),
    ],
)  # fmt: skip
def test_a_ground_that_asks_or_leaves_what_is_not_there_is_refused(more, says):
    with pytest.raises(Invalid, match=says):
        edition(**more)


def told(made, given, allowed=None):
    [card] = score(made, [given])
    lines = trace(made, card, given)
    lines = lines if allowed is None else redact(lines, allowed)
    return [(line.kind, line.title, line.says) for line in lines if line.node is None]


def test_a_trace_tells_every_ground():
    made = edition(knock_outs=[NOT_FREE], caps=[OPEN, SMALL])

    assert told(made, inputs(49, 50, "partly")) == [
        ("knock_out", "not free", "knocked out: Low"),
        ("cap", "open", "at most Fair"),
        ("cap", "small", "at most 60"),
        ("band", "Low", "band of total"),
    ]


def test_a_ground_on_an_answer_that_a_reader_may_not_see_is_a_mark():
    made = edition(knock_outs=[NOT_FREE], caps=[OPEN])

    assert told(made, inputs(80, 50, "partly"), {"public"})[:2] == [
        ("withheld", "A ground that you may not see", "seen by counsel"),
        ("cap", "open", "at most Fair"),
    ]


LEVELS = [
    {"code": code, "title": code.capitalize(), "earned_by": by, "clause": "7"}
    for code, by in [("declared", "filing"), ("seen", "second_party"), ("verified", "audit")]
]
DISCOUNT = {"below": "seen", "times": Plain("0.8"), "kpis": ["a"], "clause": "7"}
SMALLER = {"below": "verified", "times": Plain("0.9"), "kpis": ["a"], "clause": "7"}
CAP = {"below": "verified", "at_most": 60, "kpis": ["b"], "clause": "7"}
ASSURANCE = {"levels": LEVELS, "discounts": [DISCOUNT, SMALLER], "caps": [CAP]}
WEIGHED = [
    node(
        "total",
        "weighted_mean",
        weights={"a": 3, "b": 1},
        divide_by="weights",
        rounding=HALF,
    )
]


@pytest.mark.parametrize(
    ("levels", "a", "b"),
    [
        pytest.param({}, 80, 60, id="nobody looked: the smallest discount, and the cap"),
        pytest.param({"a": "seen"}, 90, 60, id="seen by the second party"),
        pytest.param({"a": "verified", "b": "verified"}, 100, 90, id="verified counts in full"),
    ],
)
def test_an_answer_below_a_level_counts_for_less(levels, a, b):
    made = edition(assurance=ASSURANCE)

    card = card_of(made, 100, 90, assurance=levels)

    assert card.line("total").exact == F(a + b, 2)


@pytest.mark.parametrize(
    ("by", "levels", "band_"),
    [
        pytest.param("count", {"a": "verified"}, "high", id="one of two: half by count"),
        pytest.param("count", {}, None, id="none of two"),
        pytest.param("weight", {"a": "verified"}, "high", id="three quarters by weight"),
        pytest.param("weight", {"b": "verified"}, None, id="a quarter by weight"),
        pytest.param("weight", {"a": "seen"}, None, id="a lower level is not enough"),
    ],
)
def test_a_score_of_which_too_little_was_checked_does_not_count(by, levels, band_):
    when = {"share_assured": "verified", "of": "total", "by": by, "below": Plain("0.5")}
    unchecked = rule("unchecked", when, result="not_scored")
    made = edition(nodes=WEIGHED, assurance={"levels": LEVELS}, knock_outs=[unchecked])

    card = card_of(made, 90, 90, assurance=levels)

    assert (card.band, bool(card.grounds)) == (band_, band_ is None)


def test_a_trace_tells_how_far_answers_were_checked():
    made = edition(nodes=WEIGHED, assurance=ASSURANCE)
    given = inputs(100, 90, assurance={"b": "verified"})
    [card] = score(made, [given])

    lines = trace(made, card, given)

    assert [line.says for line in lines if line.kind == "input"] == [
        "100 (declared, counts × 0.8)",
        "90 (verified)",
    ]
    assert [(line.title, line.says) for line in lines if line.kind == "assurance"] == [
        ("Seen, or higher", "0.5 of the answers, 0.25 by weight"),
        ("Verified, or higher", "0.5 of the answers, 0.25 by weight"),
    ]


@pytest.mark.parametrize(
    ("assurance", "says"),
    [
        ({"levels": LEVELS, "caps": [{**CAP, "below": "declared"}]}, "no level above the lowest"),
        ({"levels": LEVELS, "caps": [{**CAP, "below": "checked"}]}, "'checked' is no level"),
        ({"levels": LEVELS, "discounts": [{**DISCOUNT, "times": 2}]}, "less than or equal to 1"),
        ({"levels": LEVELS, "discounts": [{**DISCOUNT, "kpis": ["z"]}]}, "'z' is no KPI"),
        ({"levels": LEVELS[::-1]}, "nobody looked at: filing"),
        ({"levels": [LEVELS[0], LEVELS[0]]}, "'declared' is taken"),
        ({"levels": LEVELS[:1]}, "at least 2"),
        ({"levels": LEVELS, "caps": [{**CAP, "kpis": ["penalty"]}]}, "would reward an unchecked"),
    ],
)
def test_assurance_that_contradicts_itself_or_rewards_the_unchecked_is_refused(assurance, says):
    kpis = [*KPIS, kpi("penalty", NUMBER, direction="lower")]

    with pytest.raises(Invalid, match=says):
        edition(kpis=kpis, assurance=assurance)
