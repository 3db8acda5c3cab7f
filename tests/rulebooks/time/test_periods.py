"""When members report: years, windows, cycles of one's own; announced, cancelled."""

import pytest

from rulebooks.rules import facts as f
from rulebooks.rules.document import Invalid
from rulebooks.rules.timeline.cycles import Told, cycles
from tests.rulebooks.time.editions import (
    DAY,
    course,
    keys,
    make,
    obligations,
    owed,
    periods,
    say,
    state,
    tell,
)

YEARLY = (
    "{kind: calendar_year, code: acop, name: Report, first: 2022, last: 2024, opens: {on: 03-01}, "
    "due: {on: 06-05}, late: {on: 06-30}, evidence: {after: {months: 6}}, "
    'sanctions: {on: 07-12}, publication: {on: 09-15}, clause: "7"}'
)
FOUR_YEARS = (
    "{kind: multi_year, code: review, name: Review, years: 4, first: 2016, last: 2023, "
    'opens: {after: {days: 1}}, due: {after: {months: 5}}, clause: "61"}'
)
AFTER_LAST = (
    "{kind: rolling, code: cop, name: Report, counted_from: last_return, every: {years: 1}, "
    'opens: {months: 3}, anchor: ANCHOR, until: 2020-12-31, clause: "3"}'
)
FROM_JOIN = (
    "{kind: rolling, code: check, name: Check, counted_from: join, every: {months: 3}, "
    'opens: {weeks: 2}, late: {days: 10}, until: 2021-12-31, clause: "3"}'
)
FROM_PROMISE = (
    "{kind: rolling, code: plan, name: Plan, counted_from: commitment, commitments: [net-zero], "
    'every: {years: 2}, first: {months: 18}, opens: {months: 6}, until: 2026-12-31, clause: "3"}'
)
DATA = (
    "{kind: data_age, code: data, name: Data, within: {years: 2}, first: {months: 18}, "
    'until: 2026-12-31, clause: "4"}'
)


def reporting(*written, **more):
    return make(periods(*written), obligations(owed("return", "report", **more)))


def windows(edition, *everyone):
    told = Told.of(say(*everyone))
    return {
        c.period.code: (str(c.period.opens_on), str(c.period.due_on), str(c.period.late_until))
        for c in cycles((edition,), told)
    }


def test_a_calendar_year_has_its_window_after_its_end():
    assert windows(reporting(YEARLY)) == {
        "acop.2022": ("2023-03-01", "2023-06-05", "2023-06-30"),
        "acop.2023": ("2024-03-01", "2024-06-05", "2024-06-30"),
        "acop.2024": ("2025-03-01", "2025-06-05", "2025-06-30"),
    }


def test_a_year_has_its_cut_off_its_sanctions_and_its_publication():
    period = reporting(YEARLY).period("acop.2022")

    assert period.evidence_until == DAY("2023-06-30")
    assert period.sanctions_on == DAY("2023-07-12")
    assert period.publication_on == DAY("2023-09-15")
    assert (period.name, period.of) == ("Report 2022", "acop")


def test_a_cycle_of_four_years_is_owed_once():
    changes = tell(editions=reporting(FOUR_YEARS), joined="2015-01-01")

    assert course(changes, "report:review.2016-2019") == [
        ("open", "2020-01-01"),
        ("missed", "2020-06-01"),
    ]
    assert keys(changes) == ["report:review.2016-2019", "report:review.2020-2023"]


@pytest.mark.parametrize(
    ("anchor", "filed", "due"),
    [
        pytest.param("actual", "2013-02-15", "2014-02-15", id="a year after it was filed"),
        pytest.param("due", "2013-02-15", "2014-03-01", id="a year after it had been due"),
        pytest.param("actual", "2013-05-01", "2014-05-01", id="filed late: a year from then"),
        pytest.param("due", "2013-05-01", "2014-03-01", id="filed late: the old day stays"),
        pytest.param("due", "2014-05-01", "2015-03-01", id="a year late: the next day that comes"),
    ],
)
def test_the_next_return_is_counted_from_the_last(anchor, filed, due):
    edition = reporting(AFTER_LAST.replace("ANCHOR", anchor))
    changes = tell(
        (filed, "cop.2013-03-01", f.ReturnFiled()), editions=edition, joined="2012-03-01"
    )

    assert keys(changes) == ["report:cop.2013-03-01", f"report:cop.{due}"]
    assert state(changes, f"report:cop.{due}", due) == "open"


def test_until_a_return_is_filed_no_other_falls_due():
    edition = reporting(AFTER_LAST.replace("ANCHOR", "actual"))

    assert course(tell(editions=edition, joined="2012-03-01"), "report:cop.2013-03-01") == [
        ("open", "2012-12-01"),
        ("missed", "2013-03-02"),
    ]
    assert keys(tell(editions=edition, joined="2012-03-01")) == ["report:cop.2013-03-01"]


def test_a_return_keeps_its_code_when_the_day_of_joining_is_corrected():
    edition = reporting(AFTER_LAST.replace("ANCHOR", "actual"))
    filed = ("2013-02-15", "cop.2013-03-01", f.ReturnFiled())

    changes = tell(filed, editions=edition, joined="2012-02-01")

    assert course(changes, "report:cop.2013-03-01")[-1] == ("met_late", "2013-02-15")
    assert keys(changes) == ["report:cop.2013-03-01", "report:cop.2014-02-15"]


def test_anniversaries_of_joining_do_not_drift():
    changes = tell(editions=reporting(FROM_JOIN), joined="2021-01-31")

    assert keys(changes) == [f"report:check.{day}" for day in
                             ("2021-04-30", "2021-07-31", "2021-10-31")]  # fmt: skip
    assert course(changes, "report:check.2021-04-30") == [
        ("open", "2021-04-16"),
        ("overdue", "2021-05-01"),
        ("missed", "2021-05-11"),
    ]


def test_cycles_run_from_the_commitments_they_name_until_those_end():
    committed = 'commitments: [{code: net-zero, title: Net zero, clause: "2"}]'
    edition = make(committed, periods(FROM_PROMISE), obligations(owed("return", "report")))
    promised = ("2020-06-01", "net-zero", f.CommitmentMade(None))
    other = ("2020-06-01", "near-term", f.CommitmentMade(None))
    removed = ("2023-01-01", "net-zero", f.CommitmentRemoved(None))

    running = tell(promised, other, editions=edition)
    ended = tell(promised, removed, editions=edition)

    due = ["report:plan.2021-12-01", "report:plan.2023-12-01", "report:plan.2025-12-01"]
    assert [key for key in keys(running) if key.startswith("report")] == due
    assert [key for key in keys(ended) if key.startswith("report")] == due[:1]


def test_data_are_due_after_eighteen_months_and_never_older_than_two_fiscal_years():
    changes = tell(editions=reporting(DATA), joined="2023-03-15")

    assert set(keys(changes)) == {
        "report:data.first-2024-09-15",
        "report:data.2022-12-31",
        "report:data.2023-12-31",
        "report:data.2024-12-31",
    }
    assert state(changes, "report:data.2023-12-31", "2025-12-31") == "open"
    assert state(changes, "report:data.2023-12-31", "2026-01-01") == "missed"


def test_newer_data_answer_for_older_years():
    newer = ("2024-12-01", "data.2023-12-31", f.ReturnFiled())

    changes = tell(newer, editions=reporting(DATA), joined="2023-03-15")

    assert state(changes, "report:data.2022-12-31", "2025-06-01") == "met"
    assert state(changes, "report:data.first-2024-09-15", "2024-12-01") == "met_late"
    assert state(changes, "report:data.2024-12-31", "2027-01-01") == "missed"


def test_a_fiscal_year_of_a_members_own_moves_the_day():
    june = ("2023-03-15", f.MemberDescribed(year_ends="06-30"))

    changes = tell(june, editions=reporting(DATA), joined="2023-03-15")

    assert course(changes, "report:data.2023-06-30") == [
        ("open", "2023-07-01"),
        ("missed", "2025-07-01"),
    ]


def test_a_cycle_that_was_cancelled_stands_between_no_two_others():
    cancelled = ("2024-01-05", "acop.2023", f.CycleCancelled())
    edition = reporting(YEARLY)

    told = Told.of(say(cancelled))
    places = {c.period.code: c.place for c in cycles((edition,), told)}

    assert places == {"acop.2022": 0, "acop.2024": 1}
    assert "report:acop.2023" not in keys(tell(editions=edition, everyone=[cancelled]))


def announced(otherwise, ahead="{days: 30}", days="[opens_on, due_on, late_until]"):
    return make(
        periods(YEARLY),
        f"announced: [{{code: w, periods: [acop], days: {days}, by: secretariat, "
        f'ahead: {ahead}, otherwise: {otherwise}, clause: "7"}}]',
        obligations(owed("return", "report")),
    )


def told(on, code="acop.2023", **days):
    return (on, code, f.PeriodAnnounced(**{name: DAY(day) for name, day in days.items()}))


SPRING = {"opens_on": "2024-03-15", "due_on": "2024-06-20", "late_until": "2024-07-01"}
AS_WRITTEN = ("2024-03-01", "2024-06-05", "2024-06-30")


@pytest.mark.parametrize(
    ("otherwise", "facts", "expected"),
    [
        pytest.param(
            "as_written", [], AS_WRITTEN, id="nothing was announced: as written in the period"
        ),
        pytest.param(
            "as_written",
            [told("2024-02-01", **SPRING)],
            ("2024-03-15", "2024-06-20", "2024-07-01"),
            id="all was announced in time",
        ),
        pytest.param(
            "as_written",
            [told("2024-02-20", **SPRING)],
            ("2024-03-01", "2024-06-20", "2024-07-01"),
            id="told 24 days before it opens: that day is void, the others hold",
        ),
        pytest.param(
            "as_written",
            [told("2024-02-01", **SPRING), told("2024-03-01", due_on="2024-06-25")],
            ("2024-03-15", "2024-06-25", "2024-07-01"),
            id="the later word holds",
        ),
        pytest.param(
            "last_year",
            [told("2023-01-10", "acop.2022", due_on="2023-06-09")],
            ("2024-03-01", "2024-06-09", "2024-06-30"),
            id="nothing was announced: last year's window, a year later",
        ),
        pytest.param("nothing_due", [], None, id="nothing was announced: nothing is due"),
        pytest.param(
            "nothing_due",
            [told("2024-02-01", opens_on="2024-03-15")],
            None,
            id="only the opening was announced: nothing is due",
        ),
        pytest.param(
            "nothing_due",
            [told("2024-02-01", **SPRING)],
            ("2024-03-15", "2024-06-20", "2024-07-01"),
            id="announced: due",
        ),
    ],
)
def test_what_is_announced_holds_and_else_what_the_edition_says(otherwise, facts, expected):
    assert windows(announced(otherwise), *facts).get("acop.2023") == expected


def test_a_day_that_the_edition_does_not_leave_open_is_not_announced():
    only_sanctions = announced("as_written", days="[sanctions_on]")

    found = windows(only_sanctions, told("2024-02-01", **SPRING))

    assert found["acop.2023"] == AS_WRITTEN


def test_a_window_never_closes_before_it_opens_whatever_was_told():
    found = windows(announced("as_written"), told("2024-02-01", opens_on="2024-08-01"))

    assert found["acop.2023"] == ("2024-08-01", "2024-08-01", "2024-08-01")


def test_a_period_of_ones_own_that_a_later_edition_brings_in_is_counted_from_there():
    new = reporting(AFTER_LAST.replace("ANCHOR", "actual"))
    old = make(code="before")
    new = new.model_copy(update={"in_force_from": DAY("2015-06-01"), "code": "after"})

    assert keys(tell(editions=(old, new), joined="2010-03-01")) == ["report:cop.2016-06-01"]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (YEARLY.replace("last: 2024", "last: 2021"), "last may not lie before first"),
        (YEARLY.replace("{on: 06-05}", "{on: 02-05}"), "opens, is due and closes in that order"),
        (YEARLY.replace("{on: 06-05}", "{on: 06-31}"), "write a day of the year as MM-DD"),
        (YEARLY.replace("{on: 06-05}", "{}"), "say either"),
        (FOUR_YEARS.replace("years: 4", "years: 6"), "periods.0..years"),
        (FROM_JOIN.replace("every: {months: 3}", "every: {days: 3}"), "at least 4 weeks"),
        (FROM_JOIN.replace("opens: {weeks: 2}", "opens: {months: 4}"), "longer than a cycle"),
        (FROM_JOIN.replace("late:", "anchor: due, late:"), "belongs to counted_from: last_return"),
        (FROM_PROMISE.replace("commitment,", "join,"), "belong to counted_from: commitment"),
        (FROM_JOIN.replace("2021-12-31", "9999-12-31"), "periods.0..until"),
    ],
)
def test_what_makes_no_calendar_is_refused(written, says):
    with pytest.raises(Invalid, match=says):
        reporting(written)


def test_two_periods_that_occur_under_one_code_are_refused():
    window = (
        "{kind: fixed_window, code: acop.2023, name: W, about_from: 2023-01-01, "
        "about_until: 2023-12-31, opens_on: 2024-01-01, due_on: 2024-03-01, "
        'late_until: 2024-03-01, clause: "7"}'
    )
    with pytest.raises(Invalid, match=r"it occurs as acop\.2023, as acop does"):
        reporting(YEARLY, window)
