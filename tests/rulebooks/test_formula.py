"""Formulas: what is read, what is refused and where, what comes out."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebooks.rules.document import Invalid
from rulebooks.rules.formula import FormulaError, NoNumber, parse
from tests.kpis.rules.editions import kpi, make_edition, node

NUMBERS = {"a": F(6), "b": F(4), "zero": F(0), "paid-back": F(3), "1.1": F(1, 3), "none": None}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        pytest.param("a + b * 2", F(14), id="a product binds closer than a sum"),
        pytest.param("(a + b) * 2", F(20), id="parentheses come first"),
        pytest.param("a - b - 1", F(1), id="subtraction goes from left to right"),
        pytest.param("a / b / 3", F(1, 2), id="so does division"),
        pytest.param("a / 7 * 7", F(6), id="nothing is rounded on the way"),
        pytest.param("-a + 10", F(4), id="a sign before a name"),
        pytest.param("- -a", F(6), id="two signs"),
        pytest.param("a * 0.1", F(3, 5), id="a decimal is exact"),
        pytest.param("min(a, b, 5)", F(4), id="the smallest"),
        pytest.param("max(a, b, 5)", F(6), id="the largest"),
        pytest.param("sum(a, b, 1)", F(11), id="the sum"),
        pytest.param("abs(b - a)", F(2), id="without the sign"),
        pytest.param("if(a > b, 1, 0) + a * 0", F(1), id="the first where it holds"),
        pytest.param("if(a <= b, 1, a)", F(6), id="the second where it does not"),
        pytest.param("if(a != 6, 1, b)", F(4), id="unequal"),
        pytest.param("if(a = 6, b, 1)", F(4), id="equal"),
        pytest.param("paid-back * 2", F(6), id="a hyphen belongs to the name"),
        pytest.param("a - paid-back", F(3), id="a sign with spaces subtracts"),
        pytest.param("'1.1' * 3", F(1), id="a code with digits stands in quotes"),
        pytest.param("if(zero > 0, a / zero, 0)", F(0), id="a guarded division by zero"),
        pytest.param(
            "if(a > 0, b, none)", F(4), id="the branch that is not taken may lack a number"
        ),
    ],
)
def test_a_formula_comes_to(formula, expected):
    assert parse(formula).exact(NUMBERS) == expected


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        pytest.param("a / zero", "division by zero, at character 5", id="division by zero"),
        pytest.param("a / (b - 4)", "division by zero, at character 8", id="by what comes to zero"),
        pytest.param("a + none", "none has no number", id="a name without a number"),
        pytest.param("min(a, none)", "none has no number", id="the smallest waits for all"),
        pytest.param("none * zero", "none has no number", id="times zero is no way out"),
    ],
)
def test_a_formula_comes_to_no_number_and_says_why(formula, why):
    with pytest.raises(NoNumber, match=why):
        parse(formula).exact(NUMBERS)


@pytest.mark.parametrize(
    ("formula", "at", "told"),
    [
        pytest.param("a +", 4, "a number, a name or ( is expected, not the end", id="cut off"),
        pytest.param("a + * b", 5, "expected, not '*'", id="two operators"),
        pytest.param("(a", 3, "')' is expected, not the end", id="an open bracket"),
        pytest.param("a)", 2, "')' cannot follow here", id="a closed bracket"),
        pytest.param("a b", 3, "'b' cannot follow here", id="no operator between"),
        pytest.param("1e3 * a", 1, "'1e3' is no plain decimal", id="an exponent"),
        pytest.param("012 * a", 1, "'012' is no plain decimal", id="a leading zero"),
        pytest.param(".5 * a", 1, "'.5' is no plain decimal", id="a point without a zero"),
        pytest.param("1.2.3 * a", 1, "'1.2.3' is no plain decimal", id="two points"),
        pytest.param("a * ٣", 5, "'٣' is not allowed", id="a digit of another script"),
        pytest.param("a × b", 3, "'×' is not allowed", id="another sign"),
        pytest.param("а + 1", 1, "'а' is not allowed", id="a letter that only looks like an a"),
        pytest.param("__import__('os')", 1, "'_' is not allowed", id="Python"),
        pytest.param("open(a)", 1, "'open' is no function; allowed: min", id="another function"),
        pytest.param("a ** 2", 4, "expected, not '*'", id="a power"),
        pytest.param("a == 1", 3, "'=' cannot follow here", id="a comparison alone"),
        pytest.param("if(a, 1, 2)", 5, "the condition of if needs a comparison", id="no condition"),
        pytest.param("if(a > 1, 2)", 12, "',' is expected", id="if without otherwise"),
        pytest.param("min(a)", 1, "min takes two numbers or more", id="the smallest of one"),
        pytest.param("abs(a, b)", 1, "abs takes one number", id="abs of two"),
        pytest.param("1 + 2", 1, "names no KPI or node", id="no name"),
        pytest.param("a / 0", 5, "division by zero, for everybody", id="a division by nothing"),
        pytest.param("a / 0.0", 5, "division by zero, for everybody", id="nor by 0.0"),
        pytest.param("'a", 1, "a code in quotes ends with a quote", id="an open quote"),
        pytest.param("a; b", 2, "';' is not allowed", id="two statements"),
        pytest.param("(" * 21 + "a" + ")" * 21, 22, "nested deeper than 20 levels", id="brackets"),
        pytest.param("-" * 30 + "a", 22, "nested deeper than 20 levels", id="signs"),
        pytest.param("a" + " + a" * 25, 1, "51 numbers, names and operators", id="51 nodes"),
        pytest.param("a" + " " * 500, 501, "501 characters", id="501 characters"),
        pytest.param("(" * 500, 22, "nested deeper", id="500 brackets"),
        pytest.param("", 1, "expected, not the end", id="nothing"),
    ],
)
def test_a_formula_is_refused_at_its_character(formula, at, told):
    with pytest.raises(FormulaError) as refused:
        parse(formula)

    assert refused.value.at == at
    assert told in str(refused.value)


def test_fifty_nodes_and_five_hundred_characters_are_read():
    assert parse("-a" + " + a" * 24).size() == 50
    assert parse("a" + " " * 499).size() == 1


def place_of_fault(text: str) -> int:
    try:
        return parse(text).at
    except FormulaError as error:
        return error.at


@given(st.text(max_size=60) | st.text("ab01.+-*/(),<>=' minmaxsumabsif", max_size=60))
def test_any_text_is_a_formula_or_refused_with_its_place(text):
    assert 1 <= place_of_fault(text) <= len(text) + 1


NUMBER = {"kind": "number", "min": 0, "max": 100, "decimals": 1}
POINTS = {"kind": "labels", "points": {"good": 1, "bad": 0}}
KPIS = [
    kpi("found", NUMBER, unit="t", direction="none"),
    kpi("paid", NUMBER, unit="t"),
    kpi("mass", NUMBER, unit="kg"),
    kpi("part", NUMBER, unit="percent"),
    kpi("share", NUMBER, unit="share"),
]


def calculated(formula: str, code: str = "made", **fields: object) -> dict:
    given = {"unit": "percent", "direction": "higher", **fields}
    return node(code, "formula", formula=formula, **given)


@pytest.mark.parametrize(
    ("formula", "fields", "told"),
    [
        pytest.param("found / payd", {}, "formula: at character 9: 'payd' is no KPI or node; did "
                     "you mean 'paid'? allowed: found, paid", id="a name that is not there"),
        pytest.param("found-paid", {}, "at character 1: 'found-paid' is one name; to subtract, put "
                     "spaces", id="a subtraction without spaces"),
        pytest.param("made + part", {}, "at character 1: 'made' reads itself: a cycle",
                     id="a cycle of one"),
        pytest.param("later + part", {}, "at character 1: 'later' does not stand before made",
                     id="a cycle of two"),
        pytest.param("verdict + part", {}, "at character 1: verdict publishes a label, no number",
                     id="a label"),
        pytest.param("part + found", {}, "at character 8: percent does not go with t",
                     id="percent and tonnes"),
        pytest.param("mass + found", {"unit": "kg"}, "at character 8: kg and t are both mass; turn "
                     "one into the other first", id="kilograms and tonnes"),
        pytest.param("max(part, share)", {}, "at character 11: percent and share are both share",
                     id="percent and share"),
        pytest.param("if(part > found, 1, 2)", {}, "at character 11: percent does not go with t",
                     id="a comparison of percent and tonnes"),
        pytest.param("found + paid", {}, "unit: the formula comes to t, not to percent",
                     id="tonnes called percent"),
        pytest.param("paid / found", {"unit": "t"}, "unit: the formula comes to a share, not to t",
                     id="a share called tonnes"),
        pytest.param("paid /", {}, "formula: at character 7: a number, a name or ( is expected",
                     id="a formula cut off"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_formula_is_told_at_its_place(formula, fields, told):
    nodes = [
        node("verdict", "first_match", otherwise="x", cases=[
            {"when": {"kpi": "part", "state": ["missing"]}, "then": "y"}]),
        calculated(formula, **fields),
        calculated("made * 1", code="later"),
    ]  # fmt: skip
    with pytest.raises(Invalid) as refused:
        make_edition(kpis=KPIS, nodes=nodes)

    [problem] = [p for p in refused.value.problems if told in f"{p.path}: {p.message}"]
    assert problem.line > 1
    assert problem.path.startswith("scoring.nodes[1]")


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        pytest.param("paid / found * 100", "percent", id="a share times 100 is percent"),
        pytest.param("paid / found", "share", id="a share"),
        pytest.param("paid + 5", "t", id="a plain number takes the unit beside it"),
        pytest.param("if(found > 0, paid / found, 0)", "share", id="in both branches"),
        pytest.param("mass / 1000 / found", "kg per t", id="a quotient is called as one likes"),
        pytest.param("if(part >= 50, 30, 0)", "points", id="points for a value"),
    ],
)
def test_units_that_go_together(formula, unit):
    assert make_edition(kpis=KPIS, nodes=[calculated(formula, unit=unit)])
