"""What gives a member more time, or frees it: courses of obligations as tables."""

import pytest

from rulebooks.rules import facts as f
from tests.rulebooks.time.editions import (
    ACOP,
    COP,
    DAY,
    course,
    make,
    obligations,
    owed,
    periods,
    state,
    tell,
)


def reporting(period=ACOP, *more, **keys):
    return make(periods(period), obligations(owed("return", "report", **keys)), *more)


def test_who_is_exempt_on_the_due_day_owes_nothing_for_that_period_only():
    exempt = ("2024-03-20", "report", f.ExemptionGranted(DAY("2024-12-31"), "Board", "8.2"))

    changes = tell(exempt, editions=reporting())

    assert course(changes, "report:acop.2023") == [("open", "2024-03-01"), ("exempt", "2024-03-20")]
    assert state(changes, "report:acop.2024", "2025-07-01") == "missed"
    ground = next(c for c in changes if c.state == "exempt")
    assert (ground.clause, ground.because) == ("8.2", "exempt until 2024-12-31, by Board")


@pytest.mark.parametrize(
    ("until", "ends", "expected"),
    [
        pytest.param("2024-05-31", None, [("moratorium", "2024-05-01"), ("open", "2024-06-01"),
            ("overdue", "2024-07-07"), ("missed", "2024-08-01")], id="a month: 31 days later"),
        pytest.param(None, None, [("moratorium", "2024-05-01")], id="without end: nothing is due"),
        pytest.param(None, "2024-05-11", [("moratorium", "2024-05-01"), ("open", "2024-05-11"),
            ("overdue", "2024-06-16"), ("missed", "2024-07-11")], id="ended after ten days"),
    ],
)  # fmt: skip
def test_no_time_runs_in_a_moratorium(until, ends, expected):
    everyone = [("2024-05-01", "all", f.MoratoriumDeclared(until and DAY(until)))]
    everyone += [(ends, "all", f.MoratoriumEnded())] if ends else []

    changes = tell(editions=reporting(), everyone=everyone)

    assert course(changes, "report:acop.2023") == [("open", "2024-03-01"), *expected]


@pytest.mark.parametrize(
    ("begins", "key", "expected"),
    [
        pytest.param("2024-06-10", "report", [("overdue", "2024-06-06"),
            ("moratorium", "2024-06-10"), ("overdue", "2024-06-20"), ("missed", "2024-07-11")],
            id="what was overdue stays overdue, and the late window waits"),
        pytest.param("2024-07-05", "report", [("overdue", "2024-06-06"), ("missed", "2024-07-01")],
            id="what was missed stays missed"),
        pytest.param("2024-05-01", "other", [("overdue", "2024-06-06"), ("missed", "2024-07-01")],
            id="on another obligation"),
    ],
)  # fmt: skip
def test_a_moratorium_undoes_nothing(begins, key, expected):
    until = DAY(begins).fromordinal(DAY(begins).toordinal() + 9)
    everyone = [(begins, key, f.MoratoriumDeclared(until))]

    changes = tell(editions=reporting(), everyone=everyone)

    assert course(changes, "report:acop.2023") == [("open", "2024-03-01"), *expected]


def test_a_return_filed_in_a_moratorium_is_met_in_time():
    everyone = [("2024-05-01", "all", f.MoratoriumDeclared())]
    filed = ("2024-08-01", "acop.2023", f.ReturnFiled())

    changes = tell(filed, editions=reporting(), everyone=everyone)

    assert course(changes, "report:acop.2023")[-1] == ("met", "2024-08-01")


@pytest.mark.parametrize(
    ("begins", "until", "missed"),
    [
        pytest.param("2024-06-04", "2024-06-20", "2024-07-01", id="over the due day"),
        pytest.param("2024-06-29", "2024-07-03", "2024-07-04", id="over the last late day"),
        pytest.param("2024-06-01", "2024-07-09", "2024-07-10", id="over both"),
        pytest.param("2024-07-01", "2024-07-09", "2024-07-01", id="after it was too late"),
    ],
)
def test_an_outage_extends_for_all_what_fell_due_in_it(begins, until, missed):
    everyone = [(begins, "o1", f.OutageRecorded(DAY(until)))]

    changes = tell(editions=reporting(), everyone=everyone)

    assert course(changes, "report:acop.2023")[-1] == ("missed", missed)


GRACE = (
    "extensions: [{code: grace, name: Grace letter, term: {days: 90}, not_consecutive: true, "
    'approver: secretariat, label: On a grace letter, clause: "3.5"}]'
)


def test_the_label_of_an_extension_is_shown_from_the_old_day_to_the_new():
    granted = ("2014-02-10", "cop.2014-03-01",
               f.ExtensionGranted(DAY("2014-05-30"), extension="grace"))  # fmt: skip
    last = ("2013-03-01", "cop.2013-03-01", f.ReturnFiled())

    changes = tell(last, granted, editions=reporting(COP, GRACE), joined="2012-03-01")

    assert course(changes, "report:cop.2014-03-01") == [
        ("open", "2013-12-01"),
        ("extended", "2014-03-02"),
        ("missed", "2014-05-31"),
    ]
    shown = next(c for c in changes if c.state == "extended")
    assert shown.because == "On a grace letter: until 2014-05-30"


@pytest.mark.parametrize(
    ("facts", "completion", "expected"),
    [
        pytest.param(["filed 2024-06-01", "found 2024-06-10"], None,
            [("met", "2024-06-01"), ("incomplete", "2024-06-10"), ("missed", "2024-07-01")],
            id="without a word on it: missed when the late window closes"),
        pytest.param(["filed 2024-06-01", "found 2024-07-20"], None,
            [("met", "2024-06-01"), ("missed", "2024-07-20")],
            id="found after the late window closed: missed at once"),
        pytest.param(["filed 2024-06-01", "found 2024-06-10", "filed 2024-06-20"], None,
            [("met", "2024-06-01"), ("incomplete", "2024-06-10"), ("met_late", "2024-06-20")],
            id="filed anew in the late window"),
        pytest.param(["filed 2024-06-01", "found 2024-06-10"], "{within: {months: 12}}",
            [("met", "2024-06-01"), ("incomplete", "2024-06-10"), ("missed", "2025-06-02")],
            id="a year from filing to complete it"),
        pytest.param(["filed 2024-06-01", "found 2024-06-10", "filed 2025-05-01"],
            "{within: {months: 12}}",
            [("met", "2024-06-01"), ("incomplete", "2024-06-10"), ("met_late", "2025-05-01")],
            id="completed within the year"),
        pytest.param(["filed 2023-06-01 acop.2022", "found 2023-06-02 acop.2022",
            "filed 2024-06-01", "found 2024-06-10"], "{within: {months: 12}, at_most: 1}",
            [("met", "2024-06-01"), ("missed", "2024-06-10")],
            id="incomplete a second time: missed at once"),
    ],
)  # fmt: skip
def test_an_incomplete_return_is_completed_in_time_or_missed(facts, completion, expected):
    keys = {"incomplete": completion} if completion else {}
    what = {"filed": f.ReturnFiled(), "found": f.ReturnFoundIncomplete()}
    told = [
        (day, *(about or ["acop.2023"]), what[word]) for word, day, *about in map(str.split, facts)
    ]

    changes = tell(*told, editions=reporting(**keys))

    assert course(changes, "report:acop.2023") == [("open", "2024-03-01"), *expected]
