from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rules.completeness import missing, policy
from kpis.rules.content import Exhibit, content
from kpis.rules.marks import Mark, read_mark
from kpis.rules.reading import Typed, allowed, digits, example, read, typed_of, words
from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.edition import Edition
from tests.factories import LAMPS
from tests.kpis.rules.strategies import alone as any_answer
from tests.kpis.rules.strategies import kpis

EDITION = Edition.load(LAMPS)
RATIO, LABELS, NUMBER = (EDITION.kpi(c) for c in ("fees-repaid", "policy", "days-to-repay"))


@pytest.mark.parametrize(
    ("kpi", "typed", "answer"),
    [
        pytest.param(NUMBER, Typed(number="20"), Answer(State.ANSWERED, D(20)), id="a number"),
        pytest.param(NUMBER, Typed(number=" 1 820 "), Answer(State.ANSWERED, D(1820)), id="gaps"),
        pytest.param(NUMBER, Typed(number="0"), Answer(State.ANSWERED, D(0)), id="zero is one"),
        pytest.param(NUMBER, Typed(), MISSING, id="nothing typed"),
        pytest.param(NUMBER, Typed(number="  "), MISSING, id="white space"),
        pytest.param(NUMBER, Typed(instead="unknown"), Answer(State.UNKNOWN), id="not known"),
        pytest.param(
            NUMBER,
            Typed(instead="not_applicable", note="No fees found"),
            Answer(State.NOT_APPLICABLE),
            id="does not apply, with its reason",
        ),
        pytest.param(
            RATIO,
            Typed(numerator="30.5", denominator="40"),
            Answer(State.ANSWERED, None, D("30.5"), D(40)),
            id="two numbers",
        ),
        pytest.param(
            LABELS,
            Typed(labels=("written",)),
            Answer(State.ANSWERED, labels=("written",)),
            id="a label",
        ),
    ],
)
def test_what_is_typed_becomes_an_answer(kpi, typed, answer):
    reading = read(kpi, typed)

    assert (reading.answer, reading.problems) == (answer, {})


@pytest.mark.parametrize(
    ("kpi", "typed", "field", "says"),
    [
        pytest.param(NUMBER, Typed(number="twenty"), "number", "for example 1825", id="words"),
        pytest.param(NUMBER, Typed(number="1,5"), "number", "a point before decimals", id="comma"),
        pytest.param(NUMBER, Typed(number="1e3"), "number", "Write digits", id="exponent"),
        pytest.param(NUMBER, Typed(number="NaN"), "number", "Write digits", id="not a number"),
        pytest.param(NUMBER, Typed(number="٣"), "number", "Write digits", id="other digits"),
        pytest.param(NUMBER, Typed(number="9" * 50), "number", "Write digits", id="too long"),
        pytest.param(NUMBER, Typed(number="3651"), "number", "0 to 3650", id="out of range"),
        pytest.param(NUMBER, Typed(number="-1"), "number", "0 to 3650", id="below"),
        pytest.param(NUMBER, Typed(number="\u22121"), "number", "0 to 3650", id="a true minus"),
        pytest.param(NUMBER, Typed(number="1.5"), "number", "too many decimals", id="too fine"),
        pytest.param(NUMBER, Typed(labels=("x",)), "labels", "not by labels", id="wrong field"),
        pytest.param(
            NUMBER, Typed(number="3", instead="unknown"), "instead", "contradict", id="both"
        ),
        pytest.param(NUMBER, Typed(instead="perhaps"), "instead", "is none of", id="no such word"),
        pytest.param(
            NUMBER, Typed(instead="not_applicable"), "note", "Say why", id="no reason given"
        ),
        pytest.param(NUMBER, Typed(note="x" * 2001), "note", "At most 2000", id="a long note"),
        pytest.param(
            RATIO, Typed(numerator="3"), "denominator", "Give both numbers", id="half a ratio"
        ),
        pytest.param(
            RATIO,
            Typed(numerator="0", denominator="0"),
            "denominator",
            "Found is 0",
            id="nothing to count",
        ),
        pytest.param(
            RATIO,
            Typed(numerator="5", denominator="4"),
            "numerator",
            "may not exceed the whole",
            id="more than all",
        ),
        pytest.param(LABELS, Typed(labels=("oral",)), "labels", "'oral' is not", id="no label"),
        pytest.param(
            LABELS, Typed(labels=("none", "written")), "labels", "needs one of", id="two labels"
        ),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(kpi, typed, field, says):
    problems = read(kpi, typed).problems

    assert list(problems) == [field]
    assert says.lower() in problems[field].lower()


@given(st.data())
def test_every_answer_can_be_typed(data):
    made = data.draw(st.sampled_from(["higher", "lower"]).flatmap(lambda b: kpis("k", b)))
    kpi = made.of_one_site  # what sites answer is not typed, it is imported
    answer = data.draw(any_answer(kpi))
    note = "a reason" if answer.state is State.NOT_APPLICABLE else ""

    reading = read(kpi, typed_of(kpi, answer, note))

    assert (reading.answer, reading.problems) == (answer, {})


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_whatever_is_typed_is_an_answer_or_has_a_problem(one, other, instead):
    for kpi in EDITION.kpis:
        typed = Typed(one, other, one, (other,), instead, one)
        reading = read(kpi, typed)
        assert reading.problems
        assert all(reading.problems.values())


@pytest.mark.parametrize("kpi", EDITION.kpis, ids=lambda k: k.code)
def test_every_scale_says_what_it_allows_with_an_example(kpi):
    assert allowed(kpi.scale).endswith(".")
    assert example(kpi.scale)


@pytest.mark.parametrize(
    ("number", "text"),
    [("12.500000000000", "12.5"), ("0E-12", "0"), ("-0.0", "0"), ("100", "100"), ("1E+2", "100")],
)
def test_digits_are_written_in_full(number, text):
    assert digits(D(number)) == text


def test_a_value_is_said_in_words():
    assert words(Answer(State.ANSWERED, None, D("30.00"), D(40))) == "30 of 40"
    assert words(Answer(State.ANSWERED, labels=("a", "b"))) == "a, b"
    assert words(MISSING) == ""


ANSWERS = {kpi.code: Answer(State.UNKNOWN) for kpi in EDITION.kpis}


@pytest.mark.parametrize(
    ("answers", "evidenced", "unread", "needs"),
    [
        pytest.param(ANSWERS, [], [], [], id="not known needs no evidence"),
        pytest.param({}, [], [], [k.code for k in EDITION.kpis], id="nothing answered"),
        pytest.param(
            ANSWERS | {"fees-repaid": Answer(State.ANSWERED, None, D(1), D(2))},
            [],
            [],
            ["fees-repaid"],
            id="an answer without the evidence required",
        ),
        pytest.param(
            ANSWERS | {"fees-repaid": Answer(State.ANSWERED, None, D(1), D(2))},
            ["fees-repaid"],
            [],
            [],
            id="with it",
        ),
        pytest.param(ANSWERS, [], ["policy"], ["policy"], id="text that is no answer yet"),
    ],
)
def test_a_return_is_complete_when_every_kpi_is_answered_or_said_to_be_unknown(
    answers, evidenced, unread, needs
):
    assert list(missing(EDITION, answers, evidenced=evidenced, unread=unread)) == needs


def test_the_page_says_what_silence_does():
    assert policy(EDITION.kpi("papers-kept")).startswith("“Not known” is a knock-out")


def test_the_content_of_a_return_has_one_byte_form():
    one = [("a", Answer(State.ANSWERED, D("1.50")), ""), ("b", MISSING, "why")]
    other = [("b", MISSING, "why"), ("a", Answer(State.ANSWERED, D("1.5")), "")]
    exhibit = Exhibit("a", "0" * 64, 3, None, None)

    assert content(one, [exhibit], version=1) == content(other, [exhibit], version=1)
    assert content(one, [exhibit], version=1) != content(one, [exhibit], version=2)
    assert content(one, [], version=1) != content(one, [exhibit], version=1)


FILED = Answer(State.ANSWERED, D(20))


@pytest.mark.parametrize(
    ("mark", "problems"),
    [
        pytest.param(Mark("verified"), set(), id="verified needs no reason"),
        pytest.param(Mark("unsupported"), {"reason"}, id="unsupported says why"),
        pytest.param(Mark("unsupported", "no receipts"), set(), id="unsupported"),
        pytest.param(Mark("adjusted", "receipts say 30", Typed(number="30")), set(), id="adjusted"),
        pytest.param(Mark("adjusted", "why", Typed(number="9999")), {"number"}, id="off the scale"),
        pytest.param(Mark("adjusted", "why"), {"value"}, id="adjusted to nothing"),
        pytest.param(Mark("adjusted", "why", Typed(number="20.0")), {"value"}, id="the same value"),
        pytest.param(Mark("verified", "", Typed(number="3")), {"value"}, id="a stray value"),
        pytest.param(Mark("maybe"), {"outcome"}, id="no such outcome"),
    ],
)
def test_a_mark_is_read_by_the_scale_and_gives_its_reason(mark, problems):
    assert set(read_mark(NUMBER, mark, filed=FILED).problems) == problems
