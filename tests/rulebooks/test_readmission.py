"""A membership that ends and begins again, and the conditions on which one was admitted."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rulebooks.rules import facts
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact
from rulebooks.rules.timeline import Kind, state_on, timeline

LAMPS = (Path(__file__).parents[1] / "editions" / "lamps-2024.yaml").read_text()
KNOWN = datetime(2030, 1, 1, tzinfo=UTC)
ADMITTED = facts.MemberAdmitted("full", "companies")


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition.load(LAMPS)


def told(edition, *said):
    rows = [
        Fact(number, what, key, date.fromisoformat(on), datetime(2022, 1, 1, tzinfo=UTC))
        for number, (what, on, key) in enumerate(said, start=1)
    ]
    return timeline([edition], [], rows, known_at=KNOWN)


def state(changes, kind, key, on):
    found = state_on(changes, kind, key, on=date.fromisoformat(on))
    return found and found.state


@pytest.fixture(scope="module")
def anew(edition):
    return told(
        edition,
        (ADMITTED, "2022-06-01", ""),
        (facts.MemberLeft(), "2024-02-01", ""),
        (ADMITTED, "2025-09-01", ""),
    )


@pytest.mark.parametrize(
    ("on", "standing", "vote"),
    [
        ("2024-01-31", "good", "held"),
        ("2024-02-01", "left", "lost"),
        ("2025-08-31", "left", "lost"),
        ("2025-09-01", "good", "held"),
    ],
)
def test_whoever_is_admitted_anew_stands_and_votes_again(anew, on, standing, vote):
    assert state(anew, Kind.STANDING, "", on) == standing
    assert state(anew, Kind.RIGHT, "vote", on) == vote


def test_nothing_falls_due_in_between_and_duties_begin_anew(anew):
    duties = {(c.key, c.on.isoformat(), c.state) for c in anew if c.kind is Kind.OBLIGATION}
    keys = {key for key, _, _ in duties}

    assert not any("2024-02-01" <= on < "2025-09-01" for _, on, _ in duties)
    assert "annual-return:2024" not in keys  # its window opened while it was gone
    assert "annual-return:2025" not in keys  # a newcomer again when that window opens
    assert "annual-return:2026" in keys


def test_a_condition_is_open_then_overdue_then_met_late(edition):
    changes = told(
        edition,
        (ADMITTED, "2025-09-01", ""),
        (facts.ConditionSet(date(2025, 12, 31), "2.6"), "2025-09-01", "A00001-1"),
        (facts.ConditionSettled("met"), "2026-02-01", "A00001-1"),
    )
    key = "condition:A00001-1"

    assert [
        state(changes, Kind.OBLIGATION, key, on)
        for on in ("2025-08-31", "2025-12-31", "2026-01-01", "2026-02-01")
    ] == [None, "open", "overdue", "met_late"]


@pytest.mark.parametrize(("outcome", "becomes"), [("met", "met"), ("unmet", "missed")])
def test_a_condition_is_settled_as_it_was_found(edition, outcome, becomes):
    changes = told(
        edition,
        (ADMITTED, "2025-09-01", ""),
        (facts.ConditionSet(date(2025, 12, 31), "2.6"), "2025-09-01", "A00001-1"),
        (facts.ConditionSettled(outcome), "2025-10-01", "A00001-1"),
    )
    said = [c for c in changes if c.key == "condition:A00001-1"]

    assert [(c.state, c.on) for c in said] == [
        ("open", date(2025, 9, 1)),
        (becomes, date(2025, 10, 1)),
    ]
    assert {c.due_on for c in said} == {date(2025, 12, 31)}
