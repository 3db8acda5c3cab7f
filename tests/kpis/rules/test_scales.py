"""What each scale makes of an answer, and which answers it takes."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from kpis.rules import plain as plainly
from kpis.rules.scoring import MemberInputs, score
from rulebooks.rules.answers import ALONE, Answer, Line, Past, State, With
from rulebooks.rules.document import Invalid
from rulebooks.rules.indicators import Kpi
from tests.kpis.rules.editions import Plain, kpi, make_edition, node


def of(scale: dict, **fields: object) -> Kpi:
    given = {"missing": "leave_out", "direction": "higher", **fields}
    made = make_edition(kpis=[kpi("k", scale, **given)], nodes=[node("n", "sum", of=["k"])])
    return made.kpi("k")


def answered(*parts: object, read_with: With = ALONE) -> Answer:
    match parts:
        case (str() as label,):
            return Answer(State.ANSWERED, labels=(label,), read_with=read_with)
        case (dict() as counts,):
            return Answer(State.ANSWERED, counts=tuple(counts.items()), read_with=read_with)
        case (part, whole):
            pair = {"numerator": D(part), "denominator": D(whole)}
            return Answer(State.ANSWERED, **pair, read_with=read_with)
    return Answer(State.ANSWERED, number=D(parts[0]), read_with=read_with)


def past(*answers: Answer | None, first: int = 2024, published: bool = True) -> With:
    missing = Answer(State.MISSING)
    return With(
        year=first + 1,
        past=tuple(
            Past(str(first - n), first - n, answer or missing, published)
            for n, answer in enumerate(answers)
        ),
    )


THREE = {"kind": "yes_partly_no"}


@pytest.mark.parametrize(
    ("direction", "label", "gives"),
    [
        pytest.param("higher", "yes", 1, id="yes"),
        pytest.param("higher", "partly", F(1, 2), id="partly is a half"),
        pytest.param("higher", "no", 0, id="no is zero, and a value"),
        pytest.param("lower", "yes", 0, id="lower: yes is the worst"),
        pytest.param("lower", "partly", F(1, 2), id="lower: partly is a half"),
        pytest.param("lower", "no", 1, id="lower: no is the best"),
    ],
)
def test_yes_partly_no(direction, label, gives):
    assert of(THREE, direction=direction).exact(answered(label)) == gives


CHANGE = {"kind": "change", "numerator": "a", "denominator": "b", "max": 100, "decimals": 1,
          "since": "period_before"}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "gives", "remark"),
    [
        pytest.param(answered(3, 10), 20, "", id="20 percentage points up"),
        pytest.param(answered(7, 10), -20, "", id="20 down"),
        pytest.param(answered(5, 10), 0, "", id="no change is 0, and a value"),
        pytest.param(answered(0, 10), 50, "", id="a baseline of zero is a share"),
        pytest.param(answered(1, 3), F(50, 3), "", id="thirds are exact"),
        pytest.param(None, None, "no baseline: nothing was answered for 2024", id="no baseline"),
        pytest.param(answered(5, 0), None, "the answer for 2024 gives no share", id="0 of 0"),
        pytest.param(answered(500, 900), None, "the answer for 2024 gives no share",
                     id="a baseline that is off the scale"),
    ],
)  # fmt: skip
def test_a_change_against_the_period_before(before, gives, remark):
    indicator = of(CHANGE)
    counted = indicator.counted(answered(5, 10, read_with=past(before)))

    assert indicator.exact(counted) == gives
    assert counted.read_with.remark == remark
    assert (counted.state is State.NOT_ENOUGH_DATA) is (gives is None)


def test_a_change_against_a_named_period_and_points_for_it():
    scale = {**CHANGE, "since": {"period": "2022"}, "points": [{"from": 12, "points": 4}]}
    indicator = of(scale)

    reached = answered(50, 100, read_with=past(answered(9, 10), None, answered(38, 100)))
    missed = answered(50, 100, read_with=past(None, None, answered("38.1", 100)))

    assert indicator.exact(reached) == 4  # exactly 12 percentage points
    assert indicator.exact(missed) == 0
    assert indicator.exact(answered(50, 100)) is None


LINE = {"kind": "trajectory", "min": 0, "max": 100, "decimals": 1,
        "baseline": {"year": 2020, "value": 30}, "milestones": [{"year": 2025, "value": 50}],
        "goal": {"year": 2030, "value": 90}}  # fmt: skip


@pytest.mark.parametrize(
    ("year", "measured", "gives"),
    [
        pytest.param(2025, 50, 1, id="at the milestone exactly as promised"),
        pytest.param(2025, 40, F(1, 2), id="half of the change due"),
        pytest.param(2025, 20, F(-1, 2), id="worse than the baseline"),
        pytest.param(2026, 58, 1, id="on the way to the goal"),
        pytest.param(2031, 90, 1, id="after the last year the goal stays due"),
        pytest.param(2023, 42, 1, id="on the way to the milestone"),
        pytest.param(2020, 30, None, id="nothing is due in the baseline year"),
        pytest.param(None, 30, None, id="no year is known"),
    ],
)
def test_progress_on_a_trajectory(year, measured, gives):
    assert of(LINE).exact(answered(measured, read_with=With(year=year))) == gives


def test_before_anything_is_due_a_trajectory_does_not_apply():
    counted = of(LINE).counted(answered(30, read_with=With(year=2019)))

    assert counted.state is State.NOT_APPLICABLE
    assert counted.read_with.remark == "nothing is due by 2019"


def test_a_trajectory_downwards():
    down = LINE | {"baseline": {"year": 2020, "value": 80}, "milestones": [],
                   "goal": {"year": 2030, "value": 40}}  # fmt: skip

    assert of(down, direction="lower").exact(answered(70, read_with=With(year=2025))) == F(1, 2)


OWN = LINE | {"own": "own"}
MINE = Line(((2022, D(40)), (2026, D(80))))


@pytest.mark.parametrize(
    ("line", "year", "measured", "gives"),
    [
        pytest.param(MINE, 2024, 60, 1, id="exactly on its own line"),
        pytest.param(MINE, 2024, 50, F(1, 2), id="half of its own change"),
        pytest.param(MINE, 2022, 80, None, id="nothing is due in its own baseline year"),
        pytest.param(Line(MINE.points, "steps"), 2024, 60, None, id="nothing before a step"),
        pytest.param(Line(MINE.points, "steps"), 2026, 60, F(1, 2), id="at its step"),
        pytest.param(Line(((2022, D(40)), (2026, D(400)))), 2024, 60, None,
                     id="a line that leaves the scale"),
        pytest.param(None, 2025, 40, F(1, 2), id="without one, the edition's line"),
    ],
)  # fmt: skip
def test_a_member_is_read_on_its_own_approved_line(line, year, measured, gives):
    own = Kpi.model_validate(kpi("k", OWN, missing="leave_out", direction="higher"))
    answer = answered(measured, read_with=With(year=year, line=line))

    assert own.exact(answer) == gives
    assert own.scale.beside(answer).endswith("own approved line") is (line is not None)


EQUAL = "the member's own target equals its baseline: there is no way to measure"
BACK = "the member's own target is no way from its baseline to what is better"


@pytest.mark.parametrize(
    ("points", "says"),
    [
        pytest.param([(2022, 40), (2026, 40)], EQUAL, id="a target equal to its baseline"),
        pytest.param([(2022, 40), (2024, 60), (2026, 40)], EQUAL, id="there and back"),
        pytest.param([(2022, 80), (2026, 40)], BACK, id="a target worse than its baseline"),
        pytest.param([(2022, 40), (2024, 60), (2026, 50)], BACK, id="back on the way"),
        pytest.param([(2022, 40), (2022, 60), (2026, 80)], BACK, id="two values in one year"),
        pytest.param([(2022, 40), (2026, "NaN")], "the member's own line leaves the scale",
                     id="a target that is no number"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("measured", [20, 40, 100])
@pytest.mark.parametrize("way", ["straight_line", "steps"])
def test_on_a_line_that_leads_nowhere_nothing_is_measured_whatever_was_answered(
    points, says, measured, way
):
    own = Kpi.model_validate(kpi("k", OWN, missing="leave_out", direction="higher"))
    line = Line(tuple((year, D(value)) for year, value in points), way)

    for year in (2021, 2022, 2024, 2026, 2030):
        counted = own.counted(answered(measured, read_with=With(year=year, line=line)))
        assert (counted.state, counted.read_with.remark) == (State.NOT_ENOUGH_DATA, says)
        assert own.exact(counted) is None


def test_an_answer_read_on_an_own_line_is_stored_with_it_and_any_other_as_before():
    own = answered(60, read_with=With(year=2024, line=MINE))
    plain = plainly.plain(own)

    assert plainly.answer(plain) == own
    assert plain["with"]["line"] == {
        "points": [[2022, "40"], [2026, "80"]],
        "trajectory": "straight_line",
    }
    assert "line" not in plainly.plain(answered(60, read_with=With(year=2024)))["with"]


INDEX = {"kind": "index", "name": "An index", "min": 0, "max": 100, "decimals": 0,
         "points": [{"from": bar, "points": points} for bar, points in [(75, 4), (50, 3), (25, 2)]],
         "otherwise": 0}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "points"),
    [pytest.param(v, p, id=f"{v} gives {p}") for v, p in
     [(100, 4), (75, 4), (74, 3), (50, 3), (49, 2), (25, 2), (24, 0), (0, 0)]],
)  # fmt: skip
def test_an_index_in_bands(value, points):
    assert of(INDEX).exact(answered(value)) == points


FOUND = {"kind": "findings", "points": {"critical": 25, "major": 10, "minor": Plain("0.5")}}


@pytest.mark.parametrize(
    ("more", "direction", "counts", "gives"),
    [
        pytest.param({}, "lower", {"critical": 1, "major": 2, "minor": 3}, F(93, 2), id="added"),
        pytest.param({}, "lower", {"critical": 0}, 0, id="none found is zero, and a value"),
        pytest.param({"at_most": 40}, "lower", {"critical": 9}, 40, id="capped"),
        pytest.param({"out_of": 200}, "higher", {"major": 2}, 180, id="what is left of 200"),
        pytest.param({"out_of": 200}, "higher", {"critical": 9}, 0, id="never less than nothing"),
        pytest.param({"out_of": 200, "at_most": 50}, "higher", {"critical": 9}, 150,
                     id="no more than the cap is taken"),
    ],
)  # fmt: skip
def test_findings(more, direction, counts, gives):
    assert of({**FOUND, **more}, direction=direction).exact(answered(counts)) == gives


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        pytest.param({}, "needs how many findings there are: critical, major, minor", id="nothing"),
        pytest.param({"fatal": 1}, "'fatal' is not on the scale", id="another severity"),
        pytest.param({"minor": -1}, "-1 is not on the scale: 0 to 10000", id="fewer than none"),
        pytest.param({"minor": 10_001}, "10001 is not on the scale", id="too many"),
    ],
)
def test_counts_that_are_not_on_the_scale(counts, told):
    assert told in of(FOUND, direction="lower").problem(answered(counts))


SPENT = {"kind": "number", "min": 0, "max": 100, "decimals": 0}


@pytest.mark.parametrize(
    ("gaps", "before", "gives", "remark"),
    [
        pytest.param("no_sum", (2, 3), 15, "the sum of 3 periods", id="three periods"),
        pytest.param("add_nothing", (2, None), 12, "the sum of 2 periods", id="a gap adds nothing"),
        pytest.param("no_sum", (2, None), None, "no sum: nothing was answered for 2023",
                     id="a gap leaves no sum"),
        pytest.param("no_sum", (), 10, "", id="the first of its cycle"),
        pytest.param("no_sum", (2, 3, 50), 15, "the sum of 3 periods",
                     id="the cycle before is not counted"),
    ],
)  # fmt: skip
def test_a_kpi_is_added_up_over_its_cycle(gaps, before, gives, remark):
    cumulative = {"over": {"years": 3, "first": 2023}, "gaps": gaps}
    indicator = of(SPENT, cumulative=cumulative)
    earlier = past(*(None if n is None else answered(n) for n in before))

    once = indicator.counted(answered(10, read_with=earlier))

    assert indicator.exact(once) == gives
    assert once.read_with.remark == remark
    assert indicator.counted(once) == once


def test_of_a_ratio_the_parts_are_added():
    scale = {"kind": "ratio", "numerator": "a", "denominator": "b", "max": 10, "times": 100}
    indicator = of(scale, cumulative={"over": {"years": 3, "first": 2023}, "gaps": "no_sum"})

    answer = answered(1, 2, read_with=past(answered(1, 10)))

    assert indicator.exact(answer) == F(200, 12)  # not the mean of 50 and 10


@pytest.mark.parametrize(
    ("state", "before", "gives", "remark"),
    [
        pytest.param("missing", (answered(7), answered(9)), 7, "carried forward from 2024",
                     id="from the period before"),
        pytest.param("unknown", (None, answered(9)), 9, "carried forward from 2023",
                     id="from two periods ago"),
        pytest.param("missing", (None, None, answered(9)), None, "", id="too long ago"),
        pytest.param("missing", (answered(500), answered(9)), 9, "carried forward from 2023",
                     id="not what is off the scale today"),
        pytest.param("not_applicable", (answered(7),), None, "", id="what does not apply is out"),
    ],
)  # fmt: skip
def test_an_answer_is_carried_forward(state, before, gives, remark):
    indicator = of(SPENT, missing={"carry_forward": 2, "otherwise": "leave_out"})
    answer = Answer(State(state), read_with=past(*before))

    once = indicator.counted(answer)

    assert (indicator.exact(once), once.read_with.remark) == (gives, remark)
    assert indicator.counted(once) == once


def test_what_was_never_published_is_not_carried_forward():
    indicator = of(SPENT, missing={"carry_forward": 2, "otherwise": "zero"})
    answer = Answer(State.MISSING, read_with=past(answered(7), published=False))

    assert indicator.exact(answer) == 0


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param({"scale": {**LINE, "goal": {"year": 2030, "value": 30}, "milestones": []}},
                     "30 is no improvement on 30: nothing is promised", id="nothing promised"),
        pytest.param({"scale": LINE, "direction": "lower"}, "say direction higher",
                     id="a trajectory the wrong way round"),
        pytest.param({"scale": {**LINE, "max": 80}}, "90 is not on the scale: 0 to 80",
                     id="a goal off the scale"),
        pytest.param({"scale": FOUND}, "the number is penalty points; say direction lower",
                     id="more findings are no gain"),
        pytest.param({"scale": {**INDEX, "points": None}}, "points", id="an index without bands"),
        pytest.param({"scale": {**INDEX, "points": [{"from": 1, "points": 1},
                                                    {"from": 2, "points": 2}]}},
                     "write the best step first", id="bands in the wrong order"),
        pytest.param({"scale": CHANGE, "missing": "zero"}, "zero would reward silence",
                     id="silence would hide a fall"),
        pytest.param({"scale": {**THREE, "partly": 2}}, "less than or equal to 1",
                     id="partly is worth more than yes"),
        pytest.param({"scale": {"kind": "judgement", "by": "member", "points": {"a": 1}}},
                     "by", id="a member does not judge itself"),
        pytest.param({"scale": THREE, "cumulative": {"over": "year", "gaps": "no_sum"}},
                     "only answers on a scale of numbers or a ratio can be added up",
                     id="a yes cannot be added up"),
        pytest.param({"scale": {**SPENT, "max": 9 * 10**17},
                      "cumulative": {"over": "year", "gaps": "no_sum"}},
                     "the sum is too wide", id="a sum beyond 18 digits"),
        pytest.param({"scale": SPENT, "missing": {"carry_forward": 0, "otherwise": "zero"}},
                     "carry_forward", id="carried forward from nowhere"),
    ],
)  # fmt: skip
def test_a_scale_that_cannot_work_is_refused(fields, told):
    with pytest.raises(Invalid) as refused:
        of(fields.pop("scale"), **fields)

    assert any(told in str(problem) for problem in refused.value.problems)


def test_no_baseline_goes_the_way_of_a_missing_answer():
    edition = make_edition(
        kpis=[kpi("a", CHANGE, missing="knock_out"), kpi("b", CHANGE, missing="not_scored")],
        nodes=[node("n", "sum", of=["a"]), node("m", "sum", of=["a", "b"])],
    )
    known = answered(5, 10, read_with=past(answered(3, 10)))

    [card] = score(edition, [MemberInputs("M1", {"a": answered(5, 10), "b": known})])

    assert [tuple(ground) for ground in card.knock_outs] == [("a", "not_enough_data")]
    assert (card.line("n").exact, card.line("m").exact) == (None, 20)


def test_points_of_thirty_digits_are_added_without_loss():
    fine = Plain("123456789012345678.000000000001")
    chosen = {"kind": "choices", "points": {"a": fine, "b": fine}}
    found = {"kind": "findings", "points": {"a": fine}}
    both = Answer(State.ANSWERED, labels=("a", "b"))

    assert of(chosen).exact(both) == 2 * F(str(fine))
    assert of(found, direction="lower").exact(answered({"a": 9_999})) == 9_999 * F(str(fine))
    assert of(chosen).scale.most() == 2 * F(str(fine))
