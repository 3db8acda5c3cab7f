"""Each word of the scoring tree on a table: what members answer, and what comes out."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from kpis.rules.scoring import Answer, MemberInputs, NotAnAnswer, State, score
from tests.kpis.rules.editions import NUMBER, POINTS, Plain, half_up, kpi, make_edition, node

NOT_APPLICABLE, UNKNOWN = Answer(State.NOT_APPLICABLE), Answer(State.UNKNOWN)


def answered(value):
    if isinstance(value, Answer):
        return value
    if isinstance(value, str):
        return Answer(State.ANSWERED, labels=(value,))
    if isinstance(value, tuple):
        return Answer(State.ANSWERED, labels=value)
    return Answer(State.ANSWERED, number=D(str(value)))


def card_of(edition, **answers):
    given = {code: answered(value) for code, value in answers.items()}
    return score(edition, [MemberInputs("M1", given)])[0]


def outcome(word, kpis, **answers):
    """Return the exact number, or the label, that one node gives."""
    line = card_of(make_edition(kpis=kpis, nodes=[word]), **answers).line("n")
    return line.label or line.exact


THREE = [kpi("a", POINTS), kpi("b", POINTS), kpi("c", POINTS)]
ABC = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({"a": 30, "b": 60, "c": 0}, 90, id="all apply"),
        pytest.param({"a": 30, "b": NOT_APPLICABLE, "c": 60}, 90, id="one does not apply"),
        pytest.param({}, None, id="nothing applies"),
    ],
)
def test_sum(answers, expected):
    assert outcome(node("n", "sum", of=ABC), THREE, **answers) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({"a": 100, "b": 90, "c": 90}, F(280, 3), id="all apply"),
        pytest.param({"a": 100, "b": 90, "c": NOT_APPLICABLE}, 95, id="two of three apply"),
        pytest.param({"a": 100, "b": 90, "c": 0}, F(190, 3), id="zero is a value"),
        pytest.param({}, None, id="nothing applies"),
    ],
)
def test_mean_of_applicable(answers, expected):
    assert outcome(node("n", "mean_of_applicable", of=ABC), THREE, **answers) == expected


WEIGHTS = {"a": Plain("0.5"), "b": Plain("0.3")}


@pytest.mark.parametrize(
    ("divide_by", "answers", "expected"),
    [
        pytest.param("weights", {"a": 100, "b": 60, "c": 0}, F(68, 1) / F("0.8"), id="divided"),
        pytest.param("one", {"a": 100, "b": 60, "c": 0}, 68, id="not divided"),
        pytest.param("weights", {"a": 100}, 100, id="what is left out makes the rest weigh more"),
        pytest.param("one", {"a": 100}, 50, id="what is left out is lost"),
        pytest.param("one", {}, None, id="nothing applies"),
    ],
)
def test_weighted_mean(divide_by, answers, expected):
    word = node("n", "weighted_mean", weights=WEIGHTS, divide_by=divide_by)
    assert outcome(word, THREE, **answers) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({"a": 100, "b": 30, "c": 60}, 30, id="the weakest decides"),
        pytest.param({"a": 100, "b": NOT_APPLICABLE}, 100, id="what does not apply is left out"),
        pytest.param({}, None, id="nothing applies"),
    ],
)
def test_minimum(answers, expected):
    assert outcome(node("n", "minimum", of=ABC), THREE, **answers) == expected


@pytest.mark.parametrize(
    ("direction", "must", "answers", "expected"),
    [
        pytest.param("higher", "reach", {"a": 50, "b": 51}, 1, id="both reach the bar"),
        pytest.param("higher", "reach", {"a": 49.9, "b": 100}, 0, id="one fails, no averaging"),
        pytest.param("higher", "beat", {"a": 50, "b": 51}, 0, id="exactly 50 % is not more"),
        pytest.param("lower", "reach", {"a": 50, "b": 0}, 1, id="lower is better: at most the bar"),
        pytest.param(
            "lower", "reach", {"a": 50.1, "b": 0}, 0, id="lower is better: above it fails"
        ),
        pytest.param("lower", "beat", {"a": 50}, 0, id="lower is better: on it is not below"),
        pytest.param("higher", "reach", {"a": 60}, 1, id="what does not apply is left out"),
        pytest.param("higher", "reach", {}, None, id="nothing applies"),
    ],
)
def test_all_of(direction, must, answers, expected):
    kpis = [kpi("a", direction=direction), kpi("b", direction=direction)]
    word = node("n", "all_of", of=["a", "b"], bar=50, must=must)
    assert outcome(word, kpis, **answers) == expected


FOUR_POINTS = {"kind": "points", "allowed": [0, 1, 2, 3, 4]}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({"a": 4, "b": 4, "c": 4, "d": 0}, F(75), id="12 of 16"),
        pytest.param({"a": 4, "b": 4, "c": 1}, F(75), id="9 of 12: what does not apply is no loss"),
        pytest.param({"a": 4, "b": 4, "c": 0}, F(800, 12), id="8 of 12"),
        pytest.param({}, None, id="nothing available"),
    ],
)
def test_points_of_available(answers, expected):
    kpis = [kpi(code, FOUR_POINTS) for code in "abcd"]
    word = node("n", "points_of_available", of=["a", "b", "c", "d"], times=100)
    assert outcome(word, kpis, **answers) == expected


YES_NO = {"kind": "yes_no"}
ROLES = {"kind": "choices", "points": {"ceo": 0, "director": 0, "other": 0}}
DECIDED = {
    "cases": [
        {"when": {"kpi": "a", "state": ["unknown"]}, "then": "unknown"},
        {
            "when": {"all": [{"kpi": "a", "is": ["yes"]}, {"kpi": "b", "is": ["ceo", "director"]}]},
            "then": "met",
        },
        {
            "when": {"any": [{"kpi": "a", "is": ["no"]}, {"not": {"kpi": "b", "is": ["ceo"]}}]},
            "then": "not met",
        },
    ],
    "otherwise": "not assessed",
}


@pytest.mark.parametrize(
    ("answers", "label"),
    [
        pytest.param(
            {"a": "yes", "b": ("other", "director")}, "met", id="one of several is enough"
        ),
        pytest.param({"a": "no", "b": ("ceo",)}, "not met", id="no"),
        pytest.param({"a": "yes", "b": ("other",)}, "not met", id="signed by somebody else"),
        pytest.param({"a": UNKNOWN, "b": ("ceo",)}, "unknown", id="the first case that holds wins"),
        pytest.param({"b": ("ceo",)}, "not assessed", id="missing is neither no nor unknown"),
        pytest.param({"a": "yes", "b": ()}, "not met", id="none chosen"),
    ],
)
def test_first_match(answers, label):
    kpis = [kpi("a", YES_NO, direction="none"), kpi("b", ROLES, direction="none")]
    assert outcome(node("n", "first_match", **DECIDED), kpis, **answers) == label


@pytest.mark.parametrize(
    ("policy", "number", "band", "grounds"),
    [
        pytest.param("zero", 30, "low", [], id="zero counts"),
        pytest.param("leave_out", 60, "high", [], id="left out of the mean"),
        pytest.param("knock_out", 60, "low", [("b", "missing")], id="a ground beside the number"),
        pytest.param("not_scored", None, None, [], id="no number, and so no band"),
    ],
)
def test_a_missing_answer_does_what_its_policy_says(policy, number, band, grounds):
    edition = make_edition(
        kpis=[kpi("a", POINTS), kpi("b", POINTS, missing=policy)],
        nodes=[
            node("n", "mean_of_applicable", of=["a", "b"]),
            node("top", "sum", of=["n"], rounding=half_up("0.1")),
        ],
        total="top",
        bands={
            "of": "top",
            "knocked_out": "low",
            "bands": [
                {"code": "low", "label": "Low", "below": 50, "status": "breach", "clause": "1"},
                {"code": "high", "label": "High", "from": 50, "status": "good", "clause": "1"},
            ],
        },
    )

    card = card_of(edition, a=60)

    assert card.total == number
    assert card.band == band
    assert list(card.knock_outs) == grounds
    assert card_of(edition, a=60, b=NOT_APPLICABLE).total == 60


def test_every_ground_that_fired_is_listed():
    kpis = [kpi(code, missing="knock_out") for code in "abc"]
    card = card_of(make_edition(kpis=kpis, nodes=[]), b=1, c=UNKNOWN)

    assert list(card.knock_outs) == [("a", "missing"), ("c", "unknown")]


PERCENT = {
    "kind": "ratio", "numerator": "audited", "denominator": "sites", "max": 1000, "times": 100,
}  # fmt: skip
LATE = {**NUMBER, "points": [{"upto": 30, "points": 100}, {"upto": 90, "points": 60}]}
RANGE = {**NUMBER, "points": [{"from": 20, "upto": 30, "points": 100}], "otherwise": 10}


@pytest.mark.parametrize(
    ("made", "answer", "expected"),
    [
        pytest.param(kpi("a", PERCENT), (1, 3), F(100, 3), id="a ratio keeps both numbers"),
        pytest.param(kpi("a", LATE, direction="lower"), 30, 100, id="lower: on the best step"),
        pytest.param(kpi("a", LATE, direction="lower"), 30.1, 60, id="lower: past it"),
        pytest.param(kpi("a", LATE, direction="lower"), 91, 0, id="lower: past all steps"),
        pytest.param(kpi("a", RANGE, direction="in_range"), 20, 100, id="in range, end included"),
        pytest.param(kpi("a", RANGE, direction="in_range"), 31, 10, id="out of range"),
        pytest.param(kpi("a", YES_NO), "yes", 1, id="yes is better"),
        pytest.param(kpi("a", YES_NO, direction="lower"), "yes", 0, id="no is better"),
        pytest.param(
            kpi("a", {"kind": "labels", "points": {"x": None, "y": 3}}),
            "x",
            None,
            id="a label without points",
        ),
        pytest.param(
            kpi("a", {"kind": "choices", "points": {"x": 30, "y": 80}, "at_most": 100}),
            ("x", "y"),
            100,
            id="choices up to their cap",
        ),
        pytest.param(kpi("a", {"kind": "choices", "points": {"x": 30}}), (), 0, id="no choice"),
    ],
)
def test_scales(made, answer, expected):
    if made["scale"]["kind"] == "ratio":
        part, whole = answer
        answer = Answer(State.ANSWERED, numerator=D(part), denominator=D(whole))
    assert outcome(node("n", "sum", of=["a"]), [made], a=answer) == expected


@pytest.mark.parametrize(
    ("scale", "answer", "says"),
    [
        (NUMBER, 101, "M1, a: 101 is not on the scale: 0 to 100"),
        (NUMBER, 1.25, "M1, a: 1.25 has too many decimals; at most 1"),
        (NUMBER, "x", "M1, a: needs a number"),
        (POINTS, 31, "M1, a: 31 is not on the scale: 0, 30, 60, 90, 100"),
        (YES_NO, "maybe", "M1, a: 'maybe' is not on the scale: yes, no"),
        (YES_NO, (), "M1, a: needs one of: yes, no"),
        (PERCENT, Answer(State.ANSWERED, numerator=D(3), denominator=D(2)), "may not exceed"),
        (PERCENT, Answer(State.ANSWERED, numerator=D(0), denominator=D(0)), "of more than 0"),
        (NUMBER, Answer(State.ANSWERED, number=D("NaN")), "needs a number"),
        (POINTS, Answer(State.ANSWERED, number=D("NaN")), "needs a number"),
        (POINTS, "x", "M1, a: needs a number"),
    ],
)
def test_an_answer_off_its_scale_is_refused(scale, answer, says):
    edition = make_edition(kpis=[kpi("a", scale)], nodes=[node("n", "sum", of=["a"])])

    with pytest.raises(NotAnAnswer, match=says):
        card_of(edition, a=answer)


def test_an_answer_to_no_kpi_and_a_member_twice_are_refused():
    edition = make_edition(kpis=[kpi("a")], nodes=[])

    with pytest.raises(NotAnAnswer, match="'z' is no KPI of the edition"):
        card_of(edition, z=1)
    with pytest.raises(NotAnAnswer, match="M1 stands twice"):
        score(edition, [MemberInputs("M1", {}), MemberInputs("M1", {})])
