"""Class and chamber over time: what is owed, signed and held follows from the day of a change."""

from datetime import date

import pytest

from rulebooks.rules import facts as f
from rulebooks.rules.edition import Edition
from rulebooks.rules.timeline import Kind, state_on, timeline
from tests.rulebooks.time.editions import ACOP, BARE, LATER, course, obligations, owed, periods, say

REQUIREMENTS = """requirements:
  - {code: R1, title: One, text: Do one., clause: "3.1", applies_to: [full]}
  - {code: R2, title: Two, text: Do two., clause: "3.2"}
  - {code: R3, title: Three, text: Do three., clause: "3.3", applies_to: [guest]}
"""
RIGHTS = """rights:
  - {code: vote, name: Vote, clause: "2"}
  - {code: label, name: Use the label, clause: "2"}
"""
CLASSES = (
    BARE.replace("CODE", "places")
    .replace("IN_FORCE", "2000-01-01")
    .replace("rights: []", "rights: [vote, label]", 1)
    .replace("rights: []", "rights: [label]", 1)
)
OWED = obligations(
    owed("return", "report", periods="[acop]", applies_to="[full]"),
    owed("signature", "sign", within="{days: 60}"),
    owed("certificate", "certify", due="{after: {years: 2}, counted_from: join}",
         applies_to="[full]"),
    owed("deed", "plan", due="{after: {months: 6}, counted_from: join}", applies_to="[guest]"),
)  # fmt: skip
EDITION = Edition.load("\n".join([CLASSES, RIGHTS, REQUIREMENTS, periods(ACOP), OWED]))
ANOTHER = f.WithdrawalNotified(date(2023, 8, 1))
FULL, SMALL = f.MemberAdmitted("full", "companies"), f.MemberAdmitted("guest", "companies")
TO_SMALL, TO_FULL = f.ClassChanged("guest", "companies"), f.ClassChanged("full", "unions")


def tell(*told, known_at=LATER):
    return timeline([EDITION], [], say(*told), known_at=known_at)


def states(changes, day, kind=Kind.OBLIGATION):
    """Return the state of each thing of a kind on a day."""
    keys = {c.key for c in changes if c.kind == kind}
    found = {key: state_on(changes, kind, key, on=day) for key in sorted(keys)}
    return {key: change.state for key, change in found.items() if change}


def place(changes, day):
    return states(changes, day, Kind.CLASS).get(""), states(changes, day, Kind.CHAMBER).get("")


def test_class_and_chamber_are_those_of_the_day():
    changes = tell(("2020-01-01", SMALL), ("2022-05-01", TO_FULL))

    assert place(changes, date(2019, 12, 31)) == (None, None)
    assert place(changes, date(2022, 4, 30)) == ("guest", "companies")
    assert place(changes, date(2022, 5, 1)) == ("full", "unions")


def test_a_class_change_is_not_known_before_it_was_recorded():
    told = say(("2020-01-01", SMALL), ("2022-05-01", TO_FULL))
    before = told[1].recorded_at.replace(year=2021)

    known = timeline([EDITION], [], told, known_at=before)

    assert place(known, date(2023, 1, 1)) == ("guest", "companies")


def test_a_window_that_opened_before_the_change_stays_owed_and_a_later_one_is_not():
    changes = tell(("2020-01-01", FULL), ("2023-03-02", TO_SMALL))

    on_the_day = tell(("2020-01-01", FULL), ("2023-03-01", TO_SMALL))

    assert course(changes, "report:acop.2022") == [
        ("open", "2023-03-01"),
        ("overdue", "2023-06-06"),
        ("missed", "2023-07-01"),
    ]
    assert course(changes, "report:acop.2023") == []
    assert course(on_the_day, "report:acop.2022") == []


def test_the_texts_of_the_new_class_are_to_be_signed_from_the_day_of_the_change():
    changes = tell(("2020-01-01", FULL), ("2023-03-01", TO_SMALL))

    assert "sign:R3" not in states(changes, date(2023, 2, 28))
    assert states(changes, date(2023, 3, 1))["sign:R3"] == "open"
    assert states(changes, date(2023, 4, 30))["sign:R3"] == "open"
    assert states(changes, date(2023, 5, 1))["sign:R3"] == "missed"


def test_an_unsigned_text_of_the_old_class_is_no_longer_owed():
    changes = tell(("2020-01-01", FULL), ("2020-02-01", TO_SMALL))

    assert states(changes, date(2020, 1, 31))["sign:R1"] == "open"
    assert states(changes, date(2030, 1, 1))["sign:R1"] == "removed"


def test_a_text_of_both_classes_is_owed_on_with_the_same_days():
    changes = tell(("2020-01-01", FULL), ("2020-02-01", TO_SMALL))

    days = [(c.on, c.state) for c in changes if c.key == "sign:R2"]
    assert days == [
        (date(2020, 1, 1), "open"),
        (date(2020, 3, 2), "missed"),
    ]


def test_what_is_owed_once_by_a_class_is_counted_from_coming_into_it():
    changes = tell(("2020-01-01", SMALL), ("2022-05-01", TO_FULL))

    assert "certify:once" not in states(changes, date(2022, 4, 30))
    assert states(changes, date(2024, 5, 1))["certify:once"] == "open"
    assert states(changes, date(2024, 5, 2))["certify:once"] == "missed"


def test_what_was_owed_once_by_the_old_class_falls_away_unless_it_was_done():
    changes = tell(("2020-01-01", SMALL), ("2020-03-01", TO_FULL))
    done = tell(
        ("2020-01-01", SMALL), ("2020-02-01", "plan", f.DeedDone()), ("2020-03-01", TO_FULL)
    )

    assert states(changes, date(2020, 3, 1))["plan:once"] == "removed"
    assert states(done, date(2020, 3, 1))["plan:once"] == "met"


def test_rights_change_with_the_class_on_its_day():
    changes = tell(("2020-01-01", FULL), ("2022-05-01", TO_SMALL), ("2023-05-01", TO_FULL))

    rights = [
        states(changes, date(y, m, 1), Kind.RIGHT) for y, m in [(2022, 4), (2022, 5), (2023, 5)]
    ]
    assert rights == [
        {"label": "held", "vote": "held"},
        {"label": "held", "vote": "lost"},
        {"label": "held", "vote": "held"},
    ]


@pytest.mark.parametrize(
    ("told", "day", "standing"),
    [
        pytest.param([], date(2023, 6, 30), "good", id="the last day is still one of membership"),
        pytest.param([], date(2023, 7, 1), "left", id="the day after it is not"),
        pytest.param(
            [("2023-06-30", f.WithdrawalRevoked())],
            date(2023, 7, 1),
            "good",
            id="taken back on the last day",
        ),
        pytest.param(
            [("2023-07-01", f.WithdrawalRevoked())],
            date(2023, 7, 1),
            "left",
            id="taken back a day too late",
        ),
        pytest.param(
            [("2023-02-01", f.WithdrawalRevoked()), ("2023-03-01", ANOTHER)],
            date(2023, 7, 1),
            "good",
            id="taken back and given again with another day",
        ),
        pytest.param(
            [("2024-01-01", FULL)], date(2024, 1, 1), "good", id="admitted again"
        ),
    ],
)  # fmt: skip
def test_notice_ends_the_membership_after_its_last_day_unless_taken_back(told, day, standing):
    notice = ("2023-01-01", f.WithdrawalNotified(date(2023, 6, 30)))
    changes = tell(("2020-01-01", FULL), notice, *told)

    assert states(changes, day, Kind.STANDING) == {"": standing}


def test_who_is_admitted_again_owes_from_then_on_and_nothing_of_the_time_between():
    changes = tell(("2018-01-01", FULL), ("2020-06-01", f.MemberLeft()), ("2024-06-01", SMALL))

    begun = {c.key: c.on for c in changes if c.kind == Kind.OBLIGATION and c.state == "open"}
    assert not [key for key, on in begun.items() if date(2020, 6, 1) <= on < date(2024, 6, 1)]
    assert begun["sign:R3"] == date(2024, 6, 1)
    assert place(changes, date(2024, 6, 1)) == ("guest", "companies")


def test_an_admission_of_who_is_a_member_already_begins_nothing_anew():
    """As when years of history are imported beside what was recorded later."""
    once = tell(("2018-01-01", FULL))
    twice = tell(("2018-01-01", FULL), ("2024-06-01", FULL))

    def duties(changes):
        return [(c.key, c.on, c.state) for c in changes if c.kind == Kind.OBLIGATION]

    assert duties(twice) == duties(once)


@pytest.mark.parametrize(
    ("obligations", "state"), [("follow", "missed"), ("end", "removed")]
)  # fmt: skip
def test_what_a_merged_member_owed_goes_on_or_falls_away_as_was_said(obligations, state):
    merged = ("2020-02-01", "M2", f.MemberMerged(obligations))
    changes = tell(("2020-01-01", FULL), merged)

    assert states(changes, date(2020, 6, 1))["sign:R1"] == state
    assert states(changes, date(2020, 6, 1), Kind.STANDING) == {"": "left"}


@pytest.mark.parametrize(("signatures", "met"), [("follow", "met"), ("stay", "missed")])
def test_what_the_other_had_signed_counts_from_the_merger_on_if_that_was_said(signatures, met):
    signed = f.RequirementSigned(EDITION.code, EDITION.requirement("R1").text_sha256)
    other = say(("2020-01-01", FULL), ("2020-01-02", "R1", signed))
    absorbed = f.MemberAbsorbed(signatures=signatures, cases="stay")
    own = say(("2020-01-01", FULL), ("2020-02-01", "M2", absorbed))

    changes = timeline([EDITION], [], own, known_at=LATER, predecessors={"M2": other})

    assert states(changes, date(2020, 1, 31))["sign:R1"] == "open"
    assert states(changes, date(2020, 6, 1))["sign:R1"] == met
