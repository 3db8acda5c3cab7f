"""Grades, levels, matrices, branches and bonuses on tables: what members answer, what comes out."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from kpis.rules.scoring import MemberInputs, score, trace
from rulebooks.rules.document import Invalid
from tests.kpis.rules.editions import NUMBER, POINTS, half_up, kpi, make_edition, node
from tests.kpis.rules.test_words import NOT_APPLICABLE, YES_NO, answered

AB = [kpi("a"), kpi("b")]
WHOLE = half_up("1")


def card_of(edition, attributes=None, **answers):
    given = {code: answered(value) for code, value in answers.items()}
    return score(edition, [MemberInputs("M1", given, attributes or {})])[0]


def outcome(nodes, kpis, attributes=None, more=None, **answers):
    line = card_of(
        make_edition(kpis=kpis, nodes=nodes, **(more or {})), attributes, **answers
    ).line(nodes[-1]["code"])
    return line.label or line.outcome or line.exact


BONUS = {"of": ["a", "b"], "bonus": ["x", "y"], "bonus_at_most": 5}
BONUSES = [*AB, kpi("x"), kpi("y")]


@pytest.mark.parametrize(
    ("base", "at_most", "answers", "expected"),
    [
        pytest.param("mean", None, {"a": 90, "b": 60, "x": 2, "y": 1}, 78, id="added to the mean"),
        pytest.param("mean", None, {"a": 90, "b": 60, "x": 4, "y": 4}, 80, id="up to its most"),
        pytest.param("sum", None, {"a": 30, "b": 60, "x": 1}, 91, id="added to the sum"),
        pytest.param("mean", 100, {"a": 99, "b": 99, "x": 4}, 100, id="the whole is capped too"),
        pytest.param("mean", None, {"a": 90, "x": NOT_APPLICABLE}, 90, id="no bonus adds nothing"),
        pytest.param("mean", None, {"x": 5}, None, id="a bonus on nothing is nothing"),
    ],
)
def test_capped_sum(base, at_most, answers, expected):
    word = node("n", "capped_sum", base=base, at_most=at_most, **BONUS)
    assert outcome([word], BONUSES, **answers) == expected


@pytest.mark.parametrize(
    ("bonus", "at_most", "answers", "expected"),
    [
        pytest.param(5, None, {"a": 60, "b": 80}, 65, id="the condition holds"),
        pytest.param(5, None, {"a": 60, "b": 79.9}, 60, id="just below it does not"),
        pytest.param(5, None, {"a": 60}, 60, id="what is not known holds nowhere"),
        pytest.param(5, 62, {"a": 60, "b": 80}, 62, id="up to a most"),
        pytest.param(-5, None, {"a": 60, "b": 80}, 55, id="a deduction"),
        pytest.param(5, None, {"b": 80}, None, id="nothing to add to"),
    ],
)
def test_bonus_when(bonus, at_most, answers, expected):
    when = {"kpi": "b", "from": 80}
    word = node("n", "bonus_when", of="a", when=when, bonus=bonus, at_most=at_most)
    assert outcome([word], AB, **answers) == expected


def test_maximum():
    three = [kpi("law", POINTS), kpi("constitution", POINTS), kpi("draft", POINTS)]
    best = node("n", "maximum", of=["law", "constitution", "draft"])

    assert outcome([best], three, law=0, constitution=90, draft=30) == 90
    assert outcome([best], three) is None


FOUR = {"kind": "points", "allowed": [0, 1, 2, 3, 4]}
METRICS = [kpi(code, FOUR) for code in "abcd"]
ELIGIBLE = [
    node(
        "share",
        "points_of_available",
        of=["a", "b", "c", "d"],
        times=100,
        at_least_applicable=3,
        rounding=WHOLE,
    ),
    node(
        "verdict",
        "first_match",
        cases=[
            {"when": {"node": "share", "state": ["not_enough_data"]}, "then": "Not enough data"},
            {"when": {"node": "share", "from": 75}, "then": "Eligible"},
        ],
        otherwise="Under review",
    ),
]


@pytest.mark.parametrize(
    ("answers", "share", "verdict"),
    [
        pytest.param({"a": 4, "b": 4, "c": 4, "d": 0}, 75, "Eligible", id="12 of 16 passes"),
        pytest.param({"a": 4, "b": 4, "c": 1}, 75, "Eligible", id="9 of 12 passes"),
        pytest.param({"a": 4, "b": 4, "c": 0}, F(200, 3), "Under review", id="8 of 12 does not"),
        pytest.param({"a": 4, "b": 4}, "not_enough_data", "Not enough data", id="two metrics"),
        pytest.param({}, "not_enough_data", "Not enough data", id="none"),
    ],
)
def test_a_share_of_the_points_available_states_that_there_is_not_enough_data(
    answers, share, verdict
):
    assert outcome(ELIGIBLE[:1], METRICS, **answers) == share
    assert outcome(ELIGIBLE, METRICS, **answers) == verdict


def test_what_rests_on_too_little_data_states_it_too():
    above = node("above", "mean_of_applicable", of=["share", "a"])

    assert outcome([ELIGIBLE[0], above], METRICS, a=4, b=4) == "not_enough_data"


def test_points_of_nodes_can_be_available_too():
    """Two points each for two documents, or the better of two laws: eight are available."""
    parts = [
        node("budget", "sum", of=["a", "b"]),
        node("access", "maximum", of=["c", "d"]),
        node("share", "points_of_available", of=["budget", "access"], times=100),
    ]
    kpis = [kpi(code, {"kind": "points", "allowed": [0, 2]}) for code in "ab"]
    kpis += [kpi("c", FOUR), kpi("d", FOUR)]

    assert outcome(parts, kpis, a=2, b=0, c=1, d=3) == F(500, 8)
    assert outcome(parts, kpis, c=1, d=3) == 75


AREAS = [f"area{n}" for n in range(1, 5)]
LETTERS = [
    {"from": 86, "then": "A"},
    {"from": 71, "upto": 85, "then": "B"},
    {"from": 51, "upto": 70, "then": "C"},
    {"from": 30, "upto": 50, "then": "D"},
    {"upto": 29, "then": "E"},
]
RATED = [
    *(node(code, "sum", of=[f"k-{code}"], rounding=WHOLE) for code in AREAS),
    *(
        node(f"g-{code}", "grade", of=code, grades=LETTERS, no_data="Not rated")
        for code in AREAS
    ),
    node(
        "overall",
        "count_of_grades",
        of=[f"g-{code}" for code in AREAS],
        grades=["A", "B", "C", "D", "E"],
        cases=[
            {"then": "A", "needs": [{"grades": ["A"], "at_least": 3},
                                    {"grades": ["C", "D", "E"], "at_most": 0}]},
            {"then": "B", "needs": [{"grades": ["A", "B"], "at_least": 2},
                                    {"grades": ["D", "E"], "at_most": 0}]},
            {"then": "C", "needs": [{"grades": ["E"], "at_most": 0}]},
            {"then": "D", "needs": [{"grades": ["E"], "at_most": 1}]},
        ],
        otherwise="E",
        at_least_graded=3,
        no_data="Not rated",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("percentages", "overall"),
    [
        pytest.param((86, 100, 90, 85), "A", id="three A, none below B"),
        pytest.param((86, 100, 90, 70), "B", id="one C takes the A"),
        pytest.param((60, 60, 60, 60), "C", id="T8 6 of 10 is 60 percent: C"),
        pytest.param((90, 90, 90, 29), "D", id="T8 one area at E: no C"),
        pytest.param((90, 90, 29.4, 29), "E", id="two areas at E"),
        pytest.param((85.5, 86, 86, 80), "A", id="grades read what is published: 85.5 is 86"),
        pytest.param((90, 90, None, None), "Not rated", id="two areas are too few"),
        pytest.param((90, 90, 90, None), "A", id="what is not rated counts nowhere"),
    ],
)
def test_an_overall_grade_follows_from_how_often_each_was_given(percentages, overall):
    given = dict(zip((f"k-{code}" for code in AREAS), percentages, strict=True))
    answers = {code: value for code, value in given.items() if value is not None}

    assert outcome(RATED, [kpi(code) for code in given], **answers) == overall


LEVELS = [
    {"of": "disclosure", "opens_next_from": 80,
     "grades": [{"from": 45, "then": "D"}, {"then": "D-"}]},
    {"of": "awareness", "opens_next_from": 80,
     "grades": [{"from": 45, "then": "C"}, {"from": 1, "then": "C-"}]},
    {"of": "leadership", "grades": [{"from": 80, "then": "A"}, {"from": 1, "then": "A-"}]},
]  # fmt: skip
CRITERION = {
    "code": "plan", "title": "No plan", "when": {"kpi": "plan", "is": ["no"]}, "at_most": "C",
    "clause": "4",
}  # fmt: skip
GATED = [node("grade", "level_gate", levels=LEVELS, caps=[CRITERION], no_data="F")]
GATES = [*map(kpi, ("disclosure", "awareness", "leadership")), kpi("plan", YES_NO)]


@pytest.mark.parametrize(
    ("answers", "grade"),
    [
        pytest.param((79.9, 100, 100), "D", id="a level counts only when the one before is passed"),
        pytest.param((80, 44, 100), "C-", id="the second level is open"),
        pytest.param((80, 0, 0), "D", id="nothing on the open level: the best of the one before"),
        pytest.param((80, 80, 79), "A-", id="the third"),
        pytest.param((100, 100, 100), "A", id="the top"),
        pytest.param((100, 100, 100, "no"), "C", id="an essential criterion caps the grade"),
        pytest.param((10, 0, 0, "no"), "D-", id="a cap never lifts"),
        pytest.param((80,), "D", id="a number that is not there opens nothing"),
        pytest.param((), "F", id="no response"),
    ],
)
def test_a_level_counts_only_when_the_one_before_it_is_passed(answers, grade):
    codes = ("disclosure", "awareness", "leadership", "plan")
    card = card_of(make_edition(kpis=GATES, nodes=GATED), **dict(zip(codes, answers, strict=False)))

    assert card.line("grade").label == grade
    assert [ground.key for ground in card.grounds] == ["grade/plan"] * ("no" in answers)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [((79.9, 100), 0), ((80, 69), 1), ((80, 70), 2), ((80,), 1), ((), None)],
)
def test_levels_reached(answers, expected):
    levels = [{"of": "a", "from": 80}, {"of": "b", "from": 70}]
    word = node("n", "levels_reached", levels=levels)
    assert outcome([word], AB, **dict(zip("ab", answers, strict=False))) == expected


ROWS = [
    {"upto": 1, "bars": {"Leader": [75, 60], "Good": [40, 40]}},
    {"from": 2, "upto": 2, "bars": {"Leader": [75, 80], "Good": [45, 60]}},
    {"from": 3, "bars": {"Leader": [75, 90], "Good": [50, 80]}},
]
TENURE = {"kind": "tenure", "code": "tenure", "title": "Years of membership", "on": "opens_on",
          "clause": "2"}  # fmt: skip
CATEGORY = [
    node("category", "matrix", of=["a", "b"], by="tenure", rows=ROWS, otherwise="Weak",
         no_data="Not rated")
]  # fmt: skip


@pytest.mark.parametrize(
    ("years", "a", "b", "category"),
    [
        pytest.param(1, 40, 40, "Good", id="new members have lower bars"),
        pytest.param(2, 45, 59, "Weak", id="the second number falls short"),
        pytest.param(3, 50, 80, "Good", id="on both bars"),
        pytest.param(9, 75, 90, "Leader", id="the best label first"),
        pytest.param(9, 75, 89.9, "Good", id="one of two is not enough"),
        pytest.param(None, 75, 90, "Not rated", id="years that are not known"),
        pytest.param(3, 75, None, "Not rated", id="a number that is not there"),
    ],
)
def test_two_numbers_earn_a_category_by_bars_that_depend_on_years(years, a, b, category):
    attributes = {} if years is None else {"tenure": years}
    answers = {"a": a} if b is None else {"a": a, "b": b}

    assert outcome(CATEGORY, AB, attributes, {"attributes": [TENURE]}, **answers) == category


def test_a_trace_tells_what_of_the_member_was_asked():
    edition = make_edition(kpis=AB, nodes=CATEGORY, attributes=[TENURE])
    given = MemberInputs("M1", {"a": answered(50), "b": answered(80)}, {"tenure": 5})
    [card] = score(edition, [given])

    told = [(line.title, line.says) for line in trace(edition, card, given)]

    assert ("Years of membership", "5") in told
    assert told[-1] == ("category", "Good")


BY_CLASS = [
    node("large", "mean_of_applicable", of=["a", "b"]),
    node(
        "n",
        "branch",
        ways=[
            {"when": {"member": "class", "is": ["member"]}, "read": "a"},
            {"when": {"member": "tenure", "from": 3}, "read": "b"},
        ],
        otherwise="large",
    ),
]


@pytest.mark.parametrize(
    ("attributes", "answers", "expected"),
    [
        pytest.param({"class": "member"}, {"a": 10, "b": 50}, 10, id="by class"),
        pytest.param({"tenure": 3}, {"a": 10, "b": 50}, 50, id="by years"),
        pytest.param({"tenure": 2}, {"a": 10, "b": 50}, 30, id="otherwise"),
        pytest.param({}, {"a": 10, "b": 50}, 30, id="what is not known holds nowhere"),
        pytest.param({"class": "member"}, {"a": 10}, 10, id="other ways are not missed"),
        pytest.param({"tenure": 3}, {"a": 10}, None, id="the way that is taken is"),
    ],
)
def test_a_branch_reads_what_a_fact_of_the_member_says(attributes, answers, expected):
    kpis = [kpi("a"), kpi("b", missing="not_scored")]
    more = {"attributes": [TENURE]}
    assert outcome(BY_CLASS, kpis, attributes, more, **answers) == expected


SCALE = {"kind": "number", "min": 0, "max": 200, "decimals": 0}
COUNT = {"kind": "number", "min": 0, "max": 99, "decimals": 0}
OPEN = ["priority", "major", "minor"]
CLOSED = {code: {"kpi": code, "upto": 0} for code in OPEN}


def reaches(bar):
    return {"node": "score", "from": bar}


RECOGNIZED = [
    node("score", "sum", of=["points"], rounding=WHOLE),
    node(
        "level",
        "first_match",
        cases=[
            {"when": {"all": [reaches(200), *CLOSED.values()]}, "then": "Platinum"},
            {"when": {"all": [reaches(180), CLOSED["priority"], CLOSED["major"]]}, "then": "Gold"},
            {"when": {"all": [reaches(160), CLOSED["priority"]]}, "then": "Silver"},
        ],
        otherwise="None",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("points", "findings", "level"),
    [
        pytest.param(200, (0, 0, 0), "Platinum", id="T8 200 and all closed"),
        pytest.param(200, (0, 0, 1), "Gold", id="T8 200, one minor open: Gold, not Platinum"),
        pytest.param(185, (0, 1, 0), "Silver", id="T8 185, one major open: Silver"),
        pytest.param(190, (1, 0, 0), "None", id="T8 190, one priority open: none"),
        pytest.param(179, (0, 0, 0), "Silver", id="T8 179, all closed: Silver"),
        pytest.param(160, (0, 3, 3), "Silver", id="T8 160, priority closed: Silver"),
        pytest.param(159, (0, 0, 0), "None", id="T8 159, all closed: none"),
        pytest.param(200, (None, 0, 0), "None", id="a count that is not there closes nothing"),
    ],
)
def test_a_level_needs_points_and_closed_findings(points, findings, level):
    kpis = [kpi("points", SCALE), *(kpi(code, COUNT, direction="lower") for code in OPEN)]
    counted = zip(OPEN, findings, strict=True)
    answers = {code: count for code, count in counted if count is not None}

    assert outcome(RECOGNIZED, kpis, points=points, **answers) == level


@pytest.mark.parametrize(
    ("covered", "met"),
    [pytest.param(50, 0, id="T8 exactly half fails"), pytest.param(50.1, 1, id="T8 more passes")],
)
def test_all_must_hold_and_half_is_not_more_than_half(covered, met):
    nodes = [
        node("covers", "all_of", of=["policy"], bar=50, must="beat"),
        node("met", "all_of", of=["covers", "oversight"], bar=1),
    ]
    kpis = [kpi("policy", NUMBER), kpi("oversight", YES_NO)]

    assert outcome(nodes, kpis, policy=covered, oversight="yes") == met
    assert outcome(nodes, kpis, policy=covered, oversight="no") == 0


THEMES = (4.65, 17.75, 11.45, 18.84, 13.2)


def test_a_total_is_made_from_numbers_before_they_are_rounded():
    """T11: the themes shown may differ from the total by half a step each, no more."""
    codes = [f"t{n}" for n in range(len(THEMES))]
    fine = {"kind": "number", "min": 0, "max": 100, "decimals": 2}
    tenth = half_up("0.1")
    nodes = [node(f"shown-{code}", "sum", of=[code], rounding=tenth) for code in codes]
    nodes.append(node("total", "sum", of=[n["code"] for n in nodes], rounding=tenth))
    answers = {code: answered(theme) for code, theme in zip(codes, THEMES, strict=True)}

    card = score(
        make_edition(kpis=[kpi(c, fine) for c in codes], nodes=nodes, total="total"),
        [MemberInputs("M1", answers)],
    )[0]

    shown = sum(line.published for line in card.lines[:-1])
    assert (str(card.total), str(shown)) == ("65.9", "66.0")
    assert abs(card.total - shown) <= D("0.1") * len(codes) / 2


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"op": "grade", "of": "a", "grades": LETTERS[:4], "no_data": "-"}, "leave its lower end"),
        ({"op": "matrix", "of": ["a", "b"], "by": "tenur", "rows": ROWS, "otherwise": "W",
          "no_data": "-"}, "'tenur' is no number of the member"),
        ({"op": "matrix", "of": ["a", "b"], "by": "tenure", "rows": ROWS[:2], "otherwise": "W",
          "no_data": "-"}, "leave its upper end out"),
        ({"op": "matrix", "of": ["a", "b"], "rows": [{"bars": {"Low": [1, 1], "High": [2, 2]}}],
          "otherwise": "W", "no_data": "-"}, "never given: Low asks for no more"),
        ({"op": "level_gate", "levels": LEVELS[1:2] * 2, "no_data": "F"}, "the last level opens"),
        ({"op": "sum", "of": ["a"], "at_least_applicable": 2}, "more than the 1 inputs there are"),
        ({"op": "branch", "ways": [{"when": {"member": "sector", "is": ["x"]}, "read": "a"}],
          "otherwise": None}, "'sector' is not an attribute"),
        ({"op": "count_of_grades", "of": ["a"], "grades": ["A", "B"], "otherwise": "B",
          "cases": [{"then": "A", "needs": [{"grades": ["A"], "at_least": 1}]}],
          "at_least_graded": 1, "no_data": "-"}, "a never has one of the grades A, B"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["op"],
)  # fmt: skip
def test_a_word_that_cannot_do_what_it_says_is_refused(broken, says):
    kpis = [*AB, kpi("awareness")]

    with pytest.raises(Invalid, match=says):
        make_edition(kpis=kpis, nodes=[node("n", **broken)], attributes=[TENURE])


def test_nothing_reads_a_word_about_a_member_among_the_others():
    rank = {"code": "rank", "op": "quartile", "of": "n", "highest_first": True, "clause": "1"}
    nodes = [node("n", "sum", of=["a"]), node("m", "sum", of=["rank"])]

    with pytest.raises(Invalid, match="'rank' is a cohort word: nothing with consequences"):
        make_edition(kpis=AB, nodes=nodes, cohort=[rank])
