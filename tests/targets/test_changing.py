"""What moved a due day, worked out from the facts, one after another."""

from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebooks.rules import facts as f
from rulebooks.rules.timeline import Kind, timeline
from targets.rules.changing import due_changes
from tests.rulebooks.time.editions import ACOP, LATER, make, obligations, owed, periods, say

REPORT = make(periods(ACOP), obligations(owed("return", "report")))
KEY = "report:acop.2022"  # due on 5 June 2023
DUE, LATE = date(2023, 6, 5), date(2023, 9, 1)
JOINED = ("2020-01-01", f.MemberAdmitted("full", "companies"))


def changes(*own, everyone=()):
    numbers = count(1)
    member = say(JOINED, *own, numbers=numbers)
    found = due_changes((REPORT,), say(*everyone, numbers=numbers), member)
    return [(c.word, c.before, c.after, c.is_owed) for c in found if c.key == KEY]


def test_nothing_moved_when_nothing_was_told():
    assert changes(("2023-05-01", "acop.2022", f.ReturnFiled())) == []


@pytest.mark.parametrize(
    ("own", "everyone", "moved"),
    [
        (
            [("2023-05-01", "acop.2022", f.ExtensionGranted(LATE))],
            [],
            [("Extension", DUE, LATE, True)],
        ),
        (
            [("2023-05-01", "report", f.ExemptionGranted(LATE, "Board", "8"))],
            [],
            [("Exemption", DUE, None, False)],
        ),
        (
            [],
            [("2023-05-01", "acop.2022", f.CycleCancelled())],
            [("Period cancelled", DUE, None, False)],
        ),
        (
            [],
            [("2023-06-01", "outage-1", f.OutageRecorded(date(2023, 6, 9)))],
            [("Outage", DUE, date(2023, 6, 9), True)],
        ),
        (
            [],
            [
                ("2023-05-01", "report", f.MoratoriumDeclared()),
                ("2023-05-11", "report", f.MoratoriumEnded()),
            ],
            [
                ("Moratorium", DUE, None, True),
                ("End of a moratorium", None, date(2023, 6, 15), True),
            ],
        ),
        ([], [("2019-05-01", "outage-1", f.OutageRecorded(date(2023, 6, 9)))], []),
    ],
    ids=[
        "an extension",
        "an exemption",
        "a period cancelled",
        "an outage",
        "a moratorium and its end",
        "not what was told before it joined",
    ],
)
def test_each_fact_that_moves_a_day_is_a_change(own, everyone, moved):
    assert changes(*own, everyone=everyone) == moved


def test_what_was_met_before_is_moved_by_nothing():
    filed = ("2023-05-01", "acop.2022", f.ReturnFiled())
    outage = ("2023-06-01", "outage-1", f.OutageRecorded(date(2023, 6, 9)))

    assert changes(filed, everyone=[outage]) == []


MOVES = st.lists(
    st.sampled_from(
        [
            ("own", ("2023-03-01", "acop.2022", f.ExtensionGranted(date(2023, 7, 1)))),
            ("own", ("2023-03-05", "acop.2023", f.ExtensionGranted(date(2024, 7, 1)))),
            ("own", ("2024-03-01", "report", f.ExemptionGranted(date(2024, 12, 31), "B", "8"))),
            ("all", ("2023-04-01", "acop.2023", f.CycleCancelled())),
            ("all", ("2023-04-10", "report", f.MoratoriumDeclared(date(2023, 4, 30)))),
            ("all", ("2023-06-01", "o-1", f.OutageRecorded(date(2023, 6, 9)))),
        ]
    ),
    unique_by=str,
)


@given(MOVES)
def test_the_changes_lead_from_the_days_as_written_to_the_days_that_hold(told):
    own = [fact for whose, fact in told if whose == "own"]
    everyone = [fact for whose, fact in told if whose == "all"]
    numbers = count(1)
    member = say(JOINED, *own, numbers=numbers)
    about_all = say(*everyone, numbers=numbers)
    days = _days([], say(JOINED))

    for change in due_changes((REPORT,), about_all, member):
        assert days[change.key] == change.before
        days[change.key] = change.after

    assert days == {key: None for key in days} | _days(about_all, member)


def _days(about_all, member):
    """Return the due day of each obligation that is owed, None where it is not."""
    found = {}
    for change in timeline((REPORT,), about_all, member, known_at=LATER):
        if change.kind == Kind.OBLIGATION:
            found[change.key] = None if change.state == "exempt" else change.falls_due
    return found
