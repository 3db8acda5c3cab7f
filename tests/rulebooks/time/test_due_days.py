"""The day on which each obligation falls due, and why it is that day: 29 February among others."""

from datetime import date

import pytest

from rulebooks.rules import facts as f
from rulebooks.rules.document import Invalid
from rulebooks.rules.timeline import Kind
from tests.rulebooks.time.editions import make, obligations, owed, periods, tell

LEAP = (
    "{kind: calendar_year, code: leap, name: Report, first: 2022, last: 2024, opens: {on: 01-02}, "
    'due: {on: 02-29}, late: {on: 03-31}, clause: "7"}'
)
REPORT = make(periods(LEAP), obligations(owed("return", "report")))
CERTIFY = make(
    obligations(owed("certificate", "certify", due="{after: {years: 1}, counted_from: join}"))
)


def due_days(changes, key):
    return {c.falls_due for c in changes if c.kind == Kind.OBLIGATION and c.key == key}


def reasons(changes, key):
    return [c.because for c in changes if c.key == key and c.state == "overdue"]


@pytest.mark.parametrize(
    ("year", "due"),
    [(2022, date(2023, 2, 28)), (2023, date(2024, 2, 29)), (2024, date(2025, 2, 28))],
)
def test_29_february_is_the_28th_in_a_year_without_it(year, due):
    changes = tell(editions=REPORT)

    assert due_days(changes, f"report:leap.{year}") == {due}


def test_and_the_day_says_why():
    changes = tell(editions=REPORT)

    assert reasons(changes, "report:leap.2022") == [
        "due on 2023-02-28: 2023 has no 29 February; 2023-02-28 is the last day of that month"
    ]
    assert reasons(changes, "report:leap.2023") == ["due on 2024-02-29"]


def test_a_year_after_29_february_ends_on_the_28th_and_says_so():
    changes = tell(editions=CERTIFY, joined="2024-02-29")

    assert due_days(changes, "certify:once") == {date(2025, 2, 28)}
    assert reasons(changes, "certify:once") == []  # missed at once, without a late window
    opened = next(c for c in changes if c.key == "certify:once")
    assert opened.because == "2024-02-29 + 1 year = 2025-02-28 (February 2025 has no day 29)"


def test_a_day_that_no_calendar_has_is_refused_where_it_stands():
    with pytest.raises(Invalid) as refused:
        make(periods(LEAP.replace("02-29", "02-30")), obligations(owed("return", "report")))

    assert "periods[0].due.on" in str(refused.value)
    assert "no day of the calendar" in str(refused.value)


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ([], date(2023, 2, 28)),
        ([("2023-02-01", "leap.2022", f.ExtensionGranted(date(2023, 3, 15)))], date(2023, 3, 15)),
        ([("2023-02-10", "leap.2022", f.ReturnFiled())], date(2023, 2, 28)),
    ],
    ids=["as written", "as extended", "and stays once it is met"],
)
def test_every_state_of_an_obligation_knows_the_day_that_holds(told, due):
    assert due_days(tell(*told, editions=REPORT), "report:leap.2022") == {due}


def test_while_a_moratorium_has_no_end_no_day_is_set():
    everyone = [("2023-02-01", "report", f.MoratoriumDeclared())]

    assert due_days(tell(editions=REPORT, everyone=everyone), "report:leap.2022") == {None}


def test_a_commitment_falls_due_on_its_own_day():
    changes = tell(("2023-02-01", "net-zero", f.CommitmentMade(date(2024, 2, 29))), editions=REPORT)

    assert due_days(changes, "commitment:net-zero") == {date(2024, 2, 29)}
