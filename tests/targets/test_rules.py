from datetime import date, timedelta
from decimal import Decimal as D
from fractions import Fraction

import pytest

from rulebooks.rules.targets import Target
from targets.rules import NothingDue, Phase, Window, course, progress, say_days_in, share_of_change

WINDOW = Window(date(2026, 1, 15), date(2026, 3, 31), date(2026, 4, 30))


@pytest.mark.parametrize(
    ("on", "phase"),
    [
        pytest.param(date(2026, 1, 14), Phase.AHEAD, id="the day before it opens"),
        pytest.param(date(2026, 1, 15), Phase.OPEN, id="the first day"),
        pytest.param(date(2026, 3, 31), Phase.OPEN, id="the due day"),
        pytest.param(date(2026, 4, 1), Phase.LATE, id="the day after it was due"),
        pytest.param(date(2026, 4, 30), Phase.LATE, id="the last late day"),
        pytest.param(date(2026, 5, 1), Phase.CLOSED, id="the day after"),
    ],
)
def test_a_window_counts_its_first_and_last_day(on, phase):
    assert WINDOW.phase(on) is phase


@pytest.mark.parametrize(
    ("until", "due", "late"),
    [
        pytest.param(None, date(2026, 3, 31), date(2026, 4, 30), id="none"),
        pytest.param(date(2026, 4, 10), date(2026, 4, 10), date(2026, 4, 30), id="within late"),
        pytest.param(date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 1), id="beyond late"),
    ],
)
def test_an_extension_moves_the_due_day_and_never_closes_the_window_earlier(until, due, late):
    extended = WINDOW.extended_until(until)

    assert (extended.due_on, extended.late_until) == (due, late)


ON = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("state", "begins", "ends", "words", "due"),
    [
        pytest.param(
            "open", date(2026, 1, 15), date(2026, 4, 1), "Due on 31 Mar 2026", date(2026, 3, 31)
        ),
        pytest.param(
            "open", date(2026, 4, 1), date(2026, 5, 1), "Opens on 1 Apr 2026", date(2026, 4, 30)
        ),
        pytest.param(
            "overdue",
            date(2026, 3, 1),
            date(2026, 4, 1),
            "Overdue since 1 Mar 2026, can still be met until 31 Mar 2026",
            date(2026, 2, 28),
        ),
        pytest.param(
            "missed",
            date(2026, 3, 1),
            None,
            "Missed: it could be met until 28 Feb 2026",
            date(2026, 2, 28),
        ),
        pytest.param("met", date(2026, 2, 1), None, "Met on 1 Feb 2026", None),
        pytest.param("met_late", date(2026, 2, 1), None, "Met late, on 1 Feb 2026", None),
    ],
)
def test_an_obligation_says_where_it_stands_and_when_it_is_due(state, begins, ends, words, due):
    found = course(state, begins=begins, ends=ends, on=ON)

    assert (found.words, found.due_on) == (words, due)


def test_days_in_a_sum_are_said_in_words():
    assert say_days_in("2026-03-02 + 60 days") == "2 Mar 2026 + 60 days"


def target(baseline, goal, years=(2020, 2030)):
    return Target(
        code="t",
        title="T",
        kpi="k",
        baseline={"year": years[0], "value": D(baseline)},
        goal={"year": years[1], "value": D(goal)},
        trajectory="straight_line",
        clause="1",
    )


@pytest.mark.parametrize(
    ("aim", "year", "measured", "due", "ahead", "share"),
    [
        pytest.param(target(1000, 500), 2025, D(750), 750, 0, D(1), id="exactly on the line"),
        pytest.param(target(1000, 500), 2025, D(700), 750, 50, D("1.2"), id="ahead, falling"),
        pytest.param(target(1000, 500), 2025, D(1100), 750, -350, D("-0.4"), id="worse than ever"),
        pytest.param(target(40, 100), 2023, D(58), 58, 0, D(1), id="on the line, rising"),
        pytest.param(
            target(0, 1, (2020, 2023)),
            2021,
            Fraction(1, 7),
            Fraction(1, 3),
            Fraction(1, 7) - Fraction(1, 3),
            D("0.4286"),
            id="thirds and sevenths",
        ),
        pytest.param(target(40, 100), 2035, D(100), 100, 0, D(1), id="after the goal year"),
        pytest.param(target(40, 100), 2020, D(41), 40, 1, None, id="in the baseline year"),
        pytest.param(target(40, 40), 2025, D(41), 40, 1, None, id="goal equals baseline"),
        pytest.param(
            target(0, 20000), 2030, D(1), 20000, -19999, D("0"), id="half a step rounds to even"
        ),
        pytest.param(
            target(0, 20000), 2030, D(3), 20000, -19997, D("0.0002"), id="one and a half too"
        ),
    ],
)
def test_progress_is_measured_against_the_straight_line(aim, year, measured, due, ahead, share):
    found = progress(aim, year=year, measured=measured)

    assert (found.due, found.ahead, found.share) == (due, ahead, share)


def test_a_share_has_no_meaning_where_nothing_is_due():
    with pytest.raises(NothingDue, match="no change by 2019"):
        share_of_change(target(40, 100), year=2019, measured=D(40))


def test_every_day_has_exactly_one_phase():
    day, phases = date(2026, 1, 1), []
    while day < date(2026, 6, 1):
        phases.append(WINDOW.phase(day))
        day += timedelta(days=1)
    assert phases == sorted(phases, key=list(Phase).index)
