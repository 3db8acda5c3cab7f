"""When the day of a deadline ends, and on which days nobody works."""

from datetime import date, datetime

import pytest

from rulebooks.rules.deadlines import day_of
from rulebooks.rules.document import Invalid
from rulebooks.rules.terms import Term, after
from tests.rulebooks.time.editions import DAY, make


@pytest.mark.parametrize(
    ("moment", "zone", "ends_at", "expected"),
    [
        pytest.param("2024-03-01T22:59:59Z", "UTC", "23:00", "2024-03-01", id="before the hour"),
        pytest.param("2024-03-01T23:00:00Z", "UTC", "23:00", "2024-03-02", id="at the hour itself"),
        pytest.param("2024-03-01T23:30:00Z", "UTC", "23:00", "2024-03-02", id="half an hour late"),
        pytest.param("2024-03-01T23:30:00Z", "UTC", "00:00", "2024-03-01", id="until midnight"),
        pytest.param("2024-02-29T23:30:00Z", "UTC", "23:00", "2024-03-01", id="after a leap day"),
        pytest.param("2024-03-01T23:30:00Z", "Europe/Berlin", "00:00", "2024-03-02", id="a zone"),
        pytest.param("2024-07-01T22:30:00Z", "Europe/Berlin", "00:00", "2024-07-02", id="summer"),
        pytest.param("2024-03-01T23:30:00Z", "America/New_York", "23:00", "2024-03-01", id="west"),
        pytest.param("2024-12-31T23:30:00Z", "UTC", "23:00", "2025-01-01", id="a turn of the year"),
    ],
)
def test_an_act_counts_for_a_day(moment, zone, ends_at, expected):
    found = day_of(datetime.fromisoformat(moment), zone=zone, ends_at=ends_at)
    assert found == DAY(expected)


def test_an_edition_says_when_its_days_end():
    late = datetime.fromisoformat("2014-03-01T23:30:00+00:00")

    assert make('day_ends: {at: "23:00", zone: UTC, clause: "3"}').day_of(late) == date(2014, 3, 2)
    assert make().day_of(late) == date(2014, 3, 2), "half past midnight in Berlin"
    assert make().day_of(late.replace(hour=22)) == date(2014, 3, 1)


@pytest.mark.parametrize(
    ("holidays", "day", "works"),
    [
        pytest.param('{clause: "9"}', "2026-11-21", False, id="Saturday"),
        pytest.param('{clause: "9"}', "2026-12-25", True, id="no country: a Christmas Friday"),
        pytest.param('{country: DE, clause: "9"}', "2026-12-25", False, id="Christmas"),
        pytest.param('{country: DE, clause: "9"}', "2027-03-08", True, id="of another subdivision"),
        pytest.param(
            '{country: DE, subdivision: BE, clause: "9"}', "2027-03-08", False, id="Berlin"
        ),
        pytest.param(
            '{weekend: [friday, saturday], clause: "9"}', "2026-11-22", True, id="a working Sunday"
        ),
        pytest.param(
            '{days: [{on: 2026-12-31, name: Closed}], clause: "9"}',
            "2026-12-31",
            False,
            id="its own",
        ),
    ],
)
def test_nobody_works_on_weekends_holidays_and_closed_days(holidays, day, works):
    assert (DAY(day) not in make(f"holidays: {holidays}").closed_days) is works


def test_ten_working_days_skip_easter():
    closed = make('holidays: {country: GB, subdivision: ENG, clause: "9"}').closed_days
    # Good Friday 29 March and Easter Monday 1 April 2024
    assert after(date(2024, 3, 25), Term(working_days=10), holidays=closed) == date(2024, 4, 10)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('holidays: {country: XX, clause: "9"}', "no holidays are known of country 'XX'"),
        ('holidays: {country: DE, subdivision: ENG, clause: "9"}', "DE has no subdivision 'ENG'"),
        ('holidays: {subdivision: BE, clause: "9"}', "a subdivision needs its country"),
        (
            "holidays: {weekend: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], "
            'clause: "9"}',
            "a week needs a working day",
        ),
        ('day_ends: {at: "24:00", zone: UTC, clause: "3"}', "day_ends.at"),
        ('day_ends: {at: "9:00", zone: UTC, clause: "3"}', "day_ends.at"),
        ('day_ends: {at: "23:00", zone: Utopia, clause: "3"}', "is no time zone"),
    ],
)
def test_what_makes_no_day_is_refused(written, says):
    with pytest.raises(Invalid, match=says):
        make(written)
