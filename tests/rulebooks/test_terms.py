"""Terms: on which day something ends, and from what it is counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rulebooks.rules.terms import UNITS, Term, add_months, after, before

DAY = date.fromisoformat
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


class Closed:
    """Weekends and one bank holiday, Monday 6 May 2024."""

    def __contains__(self, day):
        return day.weekday() >= 5 or day == date(2024, 5, 6)


@pytest.mark.parametrize(
    ("day", "term", "expected"),
    [
        pytest.param(
            "2024-03-01", {"days": 10}, "2024-03-11", id="the day counted from is not part"
        ),
        pytest.param("2024-03-01", {"days": 0}, "2024-03-01", id="no days end the same day"),
        pytest.param("2024-02-28", {"days": 2}, "2024-03-01", id="a leap day counts"),
        pytest.param("2024-03-01", {"weeks": 4}, "2024-03-29", id="four weeks are 28 days"),
        pytest.param("2024-01-31", {"months": 1}, "2024-02-29", id="a month ends in a shorter one"),
        pytest.param("2024-01-31", {"months": 3}, "2024-04-30", id="three months end on the 30th"),
        pytest.param("2022-03-10", {"years": 2}, "2024-03-10", id="two years end on the same day"),
        pytest.param("2024-02-29", {"years": 1}, "2025-02-28", id="a leap day has no anniversary"),
        pytest.param(
            "2023-11-30", {"months": 3}, "2024-02-29", id="months pass a turn of the year"
        ),
        pytest.param(
            "2021-04-21", {"months": 18}, "2022-10-21", id="eighteen months after joining"
        ),
        pytest.param("2013-03-01", {"years": 1}, "2014-03-01", id="a year after the last return"),
        pytest.param("2014-03-01", {"days": 90}, "2014-05-30", id="ninety days of grace"),
        pytest.param(
            "2024-05-03", {"working_days": 1}, "2024-05-07", id="Friday, then a bank holiday"
        ),
        pytest.param(
            "2024-05-04", {"working_days": 1}, "2024-05-07", id="Saturday is no working day"
        ),
        pytest.param("2024-05-01", {"working_days": 10}, "2024-05-16", id="ten working days"),
    ],
)
def test_a_term_ends_on(day, term, expected):
    assert after(DAY(day), Term(**term), holidays=Closed()) == DAY(expected)


def test_what_a_term_is_counted_from_changes_the_day_it_ends():
    due, three_months = date(2024, 1, 31), Term(months=3)
    warned = after(due, three_months)
    assert warned == date(2024, 4, 30)
    assert after(warned, three_months) == date(2024, 7, 30), "from the warning itself"
    assert after(due, Term(months=6)) == date(2024, 7, 31), "from the day that was due"


@pytest.mark.parametrize(
    "term",
    [
        pytest.param({}, id="no unit"),
        pytest.param({"days": 3, "months": 1}, id="two units"),
        pytest.param({"days": -1}, id="less than nothing"),
        pytest.param({"days": "3"}, id="text"),
        pytest.param({"days": True}, id="a truth value"),
        pytest.param({"months": 1_000}, id="longer than a decade of months"),
        pytest.param({"hours": 3}, id="a unit there is not"),
    ],
)
def test_a_term_is_refused(term):
    with pytest.raises(ValidationError):
        Term.model_validate(term)


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ({"days": 1}, "1 day"),
        ({"working_days": 10}, "10 working days"),
        ({"months": 0}, "0 months"),
    ],
)
def test_a_term_is_said_in_words(term, said):
    assert str(Term(**term)) == said


@given(DAYS, st.sampled_from(UNITS), st.integers(0, 100))
def test_a_longer_term_never_ends_earlier(day, unit, count):
    unit_count = min(count, 24) if unit == "years" else count
    shorter, longer = Term(**{unit: unit_count}), Term(**{unit: unit_count + 1})
    assert day <= after(day, shorter) < after(day, longer)
    assert before(day, longer) < before(day, shorter) <= day


@given(DAYS, st.integers(0, 60))
def test_working_days_day_by_day_are_the_same_as_at_once(day, count):
    found = day
    for _ in range(count):
        found = after(found, Term(working_days=1), holidays=Closed())
    assert found == after(day, Term(working_days=count), holidays=Closed())


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_days_and_weeks_add_up(day, one, other):
    assert after(after(day, Term(days=one)), Term(days=other)) == after(day, Term(days=one + other))
    assert after(day, Term(weeks=one)) == day + timedelta(days=7 * one)


@given(DAYS, st.integers(0, 120))
def test_months_keep_the_day_or_end_with_the_month(day, months):
    end = add_months(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (end.day < day.day and add_months(end, 0) == end)
    assert end.day == day.day or (end + timedelta(days=1)).day == 1
