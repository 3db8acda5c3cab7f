"""What a cell means, and what is said when it means nothing."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rules import cells
from kpis.rules.cells import BadCell, SkipRow
from kpis.rules.profiles import Answers, DayIn, EarliestOf, FixedDay, Written

PLAIN = Answers()
GERMAN = Answers(decimal=",", thousands=".")


@pytest.mark.parametrize(
    ("text", "answers", "number"),
    [
        ("12", PLAIN, "12"),
        ("-0.5", PLAIN, "-0.5"),
        ("0.123456789012", PLAIN, "0.123456789012"),
        ("1.234,5", GERMAN, "1234.5"),
        ("1,234", Answers(thousands=","), "1234"),
    ],
)
def test_a_number_is_read_exactly(text, answers, number):
    assert cells.number(text, answers) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["twelve", "1,5", "1e5", "NaN", "Infinity", "١٢", "1.2.3", "12 ", "0x1f", "1" * 25, "=1+1"],
)
def test_text_in_a_number_is_refused(text):
    with pytest.raises(BadCell, match="is not a number; write digits such as"):
        cells.number(text, PLAIN)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("YYYY-MM-DD", "2024-02-29"),
        ("DD/MM/YYYY", "29/02/2024"),
        ("MM/DD/YYYY", "02/29/2024"),
        ("DD.MM.YYYY", "29.02.2024"),
        ("DD/MM/YYYY", "2024-02-29"),
    ],
)
def test_a_day_is_read_in_the_form_of_the_profile_or_as_a_date_of_a_workbook(form, text):
    spec = DayIn(column="D", day=form)

    assert cells.day(spec, {"D": text}, as_of=None) == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["30/02/2024", "soon", "2/29/2024", "2024"])
def test_what_is_no_day_is_refused_with_the_form(text):
    with pytest.raises(BadCell, match="is no day; write it as DD/MM/YYYY"):
        cells.day(DayIn(column="D", day="DD/MM/YYYY"), {"D": text}, as_of=None)


def test_the_earliest_of_several_days_leaves_empty_ones_out():
    spec = EarliestOf(
        earliest_of=(DayIn(column="A"), "as_of", FixedDay(fixed="2024-06-01"), DayIn(column="B"))
    )

    found = cells.day(spec, {"A": "", "B": "2024-03-01"}, as_of=date(2024, 5, 1))

    assert found == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("unlisted", "outcome"),
    [("refuse", BadCell), ("skip", SkipRow), ("empty", None), ("keep", "C")],
)
def test_a_text_that_the_profile_does_not_list(unlisted, outcome):
    spec = Written(column="A", codes={"Aa": "a", "Bb": "b"}, unlisted=unlisted)

    if isinstance(outcome, type):
        with pytest.raises(outcome):
            cells.code(spec, {"A": "C"})
    else:
        assert cells.code(spec, {"A": "C"}) == outcome


def test_a_refusal_names_what_is_allowed():
    with pytest.raises(BadCell, match=r"'C' is not known; allowed: 'Aa', 'Bb'"):
        cells.code(Written(column="A", codes={"Aa": "a", "Bb": "b"}), {"A": "C"})
