"""State as a pure function of editions and facts: tables of days, and what holds of any facts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebooks.rules import facts as f
from rulebooks.rules.edition import Edition
from rulebooks.rules.timeline import Kind, as_spans, derived_spans, state_on, timeline
from tests.factories import LAMPS, REPLACES_LAMPS

EDITION = Edition.load(LAMPS)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
ADMITTED = date(2022, 6, 1)


def tell(*told, initiative=(), known_at=LATER, editions=(EDITION,), admitted=ADMITTED):
    """Return the timeline of a member admitted on a day, of whom ``told`` is known.

    Each is (day, fact) or (day, key, fact) or a whole Fact.
    """
    facts, ids = [], count(1)
    if admitted:
        told = ((admitted, f.MemberAdmitted("full", "companies")), *told)
    for one in told:
        facts.append(one if isinstance(one, f.Fact) else fact(next(ids), *one))
    return timeline(editions, initiative, facts, known_at=known_at)


def fact(number, day, *rest, imported=False, recorded=None, corrects=None):
    key, what = rest if len(rest) == 2 else ("", *rest)
    return f.Fact(
        id=number,
        what=what,
        key=key,
        about_on=day,
        recorded_at=recorded or datetime(day.year, day.month, day.day, tzinfo=UTC),
        imported=imported,
        corrects=corrects,
    )


def state(changes, kind, key, on):
    change = state_on(changes, kind, key, on=on)
    return change.state if change else None


def score(number, label="Kept by workers"):
    return f.ScorePublished("lamps-2024", {"recruitment": D(number)}, {"papers": label})


RETURN = "annual-return:2025"


@pytest.mark.parametrize(
    ("told", "day", "expected"),
    [
        pytest.param([], date(2026, 1, 14), None, id="nothing is owed before the window opens"),
        pytest.param([], date(2026, 1, 15), "open", id="the window opens"),
        pytest.param([], date(2026, 3, 31), "open", id="the due day is still in time"),
        pytest.param([], date(2026, 4, 1), "overdue", id="the day after"),
        pytest.param([], date(2026, 4, 30), "overdue", id="the last late day"),
        pytest.param([], date(2026, 5, 1), "missed", id="the late window has closed"),
        pytest.param(
            [(date(2026, 3, 31), "2025", f.ReturnFiled())],
            date(2026, 6, 1),
            "met",
            id="filed on the last day",
        ),
        pytest.param(
            [(date(2026, 4, 1), "2025", f.ReturnFiled())],
            date(2026, 4, 1),
            "met_late",
            id="filed a day late",
        ),
        pytest.param(
            [(date(2026, 5, 20), "2025", f.ReturnFiled())],
            date(2026, 5, 19),
            "missed",
            id="filed after all: missed until then",
        ),
        pytest.param(
            [(date(2026, 3, 1), "2025", f.ExtensionGranted(date(2026, 5, 10)))],
            date(2026, 5, 10),
            "open",
            id="an extension moves the due day and the late window",
        ),
        pytest.param(
            [(date(2026, 3, 1), "2025", f.ExtensionGranted(date(2026, 4, 10)))],
            date(2026, 4, 11),
            "overdue",
            id="the late window stays where it was if later",
        ),
        pytest.param(
            [(date(2026, 2, 1), f.MemberLeft())],
            date(2026, 5, 1),
            "open",
            id="nothing falls due after leaving",
        ),
    ],
)
def test_a_return_is_open_then_overdue_then_missed_unless_filed(told, day, expected):
    assert state(tell(*told), Kind.OBLIGATION, RETURN, day) == expected


@pytest.mark.parametrize(
    ("admitted", "owed"),
    [
        pytest.param(date(2025, 1, 15), True, id="twelve months before the window opens"),
        pytest.param(date(2025, 1, 16), False, id="a day less"),
    ],
)
def test_a_newcomer_owes_no_return_for_the_first_period(admitted, owed):
    changes = tell(admitted=admitted)

    assert (state(changes, Kind.OBLIGATION, RETURN, date(2026, 2, 1)) == "open") is owed


def test_a_cancelled_cycle_is_owed_by_nobody():
    cancelled = fact(90, date(2026, 1, 2), "2025", f.CycleCancelled())

    changes = tell(initiative=[cancelled])

    assert state(changes, Kind.OBLIGATION, RETURN, date(2026, 6, 1)) is None


def test_a_signature_counts_only_for_the_text_that_was_signed():
    text = EDITION.requirement("R1").text_sha256
    signed = (date(2023, 2, 1), "R1", f.RequirementSigned("lamps-2024", text))
    other = (date(2023, 2, 1), "R2", f.RequirementSigned("lamps-2024", "0" * 64))

    changes = tell(signed, other)

    assert state(changes, Kind.OBLIGATION, "sign-requirements:R1", date(2023, 6, 1)) == "met"
    assert state(changes, Kind.OBLIGATION, "sign-requirements:R2", date(2023, 6, 1)) == "missed"


def test_a_new_edition_asks_only_for_what_changed():
    second = Edition.load(
        LAMPS.replace("code: lamps-2024", "code: lamps-2026")
        .replace("in_force_from: 2023-01-01", "in_force_from: 2026-01-01")
        .replace("replaces: null", REPLACES_LAMPS)
        .replace("No worker pays for the job.", "No worker ever pays for the job.")
    )
    signed = [
        (date(2023, 2, 1), r.code, f.RequirementSigned("lamps-2024", r.text_sha256))
        for r in EDITION.requirements
    ]

    changes = tell(*signed, editions=(EDITION, second))

    assert state(changes, Kind.OBLIGATION, "sign-requirements:R1", date(2026, 1, 1)) == "open"
    assert state(changes, Kind.OBLIGATION, "sign-requirements:R2", date(2026, 1, 1)) == "met"


@pytest.mark.parametrize(
    ("told", "key", "day", "expected"),
    [
        pytest.param([], "no-return:2025", date(2026, 5, 1), "proposed", id="a missed return"),
        pytest.param([], "no-return:2025", date(2026, 4, 30), None, id="not before it is missed"),
        pytest.param(
            [],
            "no-return:2023",
            date(2024, 5, 1),
            "quiet",
            id="what was due before it is enforced is quiet",
        ),
        pytest.param(
            [(date(2026, 6, 1), "2025", score("49.9"))],
            "weak-year:2025",
            date(2026, 6, 1),
            None,
            id="a rule that only feeds another opens nothing",
        ),
        pytest.param(
            [(date(2026, 6, 1), "2025", score(90, "No - kept by the employer"))],
            "papers-kept:2025",
            date(2026, 6, 1),
            "proposed",
            id="a verdict",
        ),
        pytest.param(
            [
                (date(2025, 6, 1), "2024", score("49.9")),
                (date(2026, 6, 1), "2025", score("49.9")),
            ],
            "two-weak-years:2025",
            date(2026, 6, 1),
            "proposed",
            id="two weak years running",
        ),
        pytest.param(
            [
                (date(2025, 6, 1), "2024", score("49.9")),
                (date(2026, 6, 1), "2025", score("50.0")),
            ],
            "two-weak-years:2025",
            date(2026, 6, 1),
            None,
            id="the bar itself is enough",
        ),
        pytest.param(
            [
                (date(2025, 6, 1), "2024", score("49.9")),
                (date(2027, 6, 1), "2026", score("49.9")),
            ],
            "two-weak-years:2026",
            date(2027, 6, 1),
            None,
            id="a year without a score ends the run",
        ),
        pytest.param(
            [
                (date(2024, 6, 1), "2023", score("49.9")),
                (date(2025, 6, 1), "2024", score("49.9")),
            ],
            "two-weak-years:2024",
            date(2025, 6, 1),
            "quiet",
            id="a run with a quiet year is quiet",
        ),
    ],
)
def test_detectors_hit(told, key, day, expected):
    assert state(tell(*told), Kind.BREACH, key, day) == expected


def test_a_score_that_rests_on_an_imported_return_is_quiet():
    filed = fact(50, date(2026, 3, 1), "2025", f.ReturnFiled(), imported=True)
    bad = fact(51, date(2026, 6, 1), "2025", score(90, "No - kept by the employer"))

    changes = tell(filed, bad)

    assert state(changes, Kind.BREACH, "papers-kept:2025", date(2026, 6, 1)) == "quiet"


def test_a_raised_breach_whose_ground_falls_away_goes_into_review():
    key = "no-return:2025"
    raised = (date(2026, 5, 2), key, f.BreachRaised())
    proven = tell(raised)
    filed = fact(60, date(2026, 3, 30), "2025", f.ReturnFiled(), recorded=LATER)

    assert state(proven, Kind.BREACH, key, date(2026, 5, 2)) == "provisional"
    assert state(tell(raised, filed), Kind.BREACH, key, date(2026, 5, 2)) == "in_review"


def test_what_was_missed_before_a_member_was_imported_is_quiet():
    here_since = datetime(2026, 1, 10, tzinfo=UTC)
    joined = fact(70, ADMITTED, f.MemberAdmitted("full", "companies"),
                  imported=True, recorded=here_since)  # fmt: skip

    changes = tell(joined, admitted=None)

    assert state(changes, Kind.BREACH, "no-return:2024", date(2026, 1, 10)) == "quiet"
    assert state(changes, Kind.BREACH, "no-return:2025", date(2026, 5, 1)) == "proposed"


@pytest.mark.parametrize(
    ("admitted", "expected"),
    [
        pytest.param(date(2024, 11, 1), "quiet", id="due the day before it is enforced"),
        pytest.param(date(2024, 11, 2), "proposed", id="due the first day it is enforced"),
    ],
)
def test_a_signature_due_before_it_is_enforced_is_quiet(admitted, expected):
    unsigned = Edition.load(
        LAMPS.replace("obligation: annual-return}", "obligation: sign-requirements}")
    )

    changes = tell(editions=(unsigned,), admitted=admitted)

    assert state(changes, Kind.BREACH, "no-return:R1", date(2025, 6, 1)) == expected


def test_an_extension_after_a_breach_was_raised_puts_it_into_review_until_the_new_day():
    key = "no-return:2025"
    changes = tell(
        (date(2026, 5, 2), key, f.BreachRaised()),
        (date(2026, 5, 5), "2025", f.ExtensionGranted(date(2026, 6, 10))),
    )

    states = [state(changes, Kind.BREACH, key, date(2026, m, d))
              for m, d in ((5, 1), (5, 2), (6, 10), (6, 11))]  # fmt: skip
    assert states == [None, "in_review", "in_review", "provisional"]


def course(*told, step="suspension"):
    opened = (date(2026, 1, 1), "C1", f.CaseOpened("lamps-2024", step))
    served = (date(2026, 1, 10), "C1", f.NoticeServed())
    decided = (date(2026, 2, 20), "C1", f.DecisionTaken("impose", date(2026, 3, 1)))
    return tell(opened, served, decided, *((day, "C1", what) for day, what in told))


def test_a_suspension_takes_the_vote_at_once_and_the_label_thirty_days_later():
    changes = course()

    assert state(changes, Kind.STANDING, "", date(2026, 2, 28)) == "good"
    assert state(changes, Kind.STANDING, "", date(2026, 3, 1)) == "suspended"
    assert state(changes, Kind.RIGHT, "vote", date(2026, 3, 1)) == "lost"
    assert state(changes, Kind.RIGHT, "label", date(2026, 3, 31)) == "held"
    assert state(changes, Kind.RIGHT, "label", date(2026, 4, 1)) == "lost"


def test_an_appeal_rests_the_measure_until_it_is_decided():
    changes = course(
        (date(2026, 3, 10), f.AppealFiled()), (date(2026, 5, 1), f.AppealDecided("upheld"))
    )

    standing = [state(changes, Kind.STANDING, "", date(2026, m, d)) for m, d in
                ((3, 9), (3, 10), (4, 30), (5, 1))]  # fmt: skip
    assert standing == ["suspended", "good", "good", "suspended"]
    assert state(changes, Kind.CASE, "C1", date(2026, 4, 1)) == "appealed"
    assert state(changes, Kind.CASE, "C1", date(2026, 5, 1)) == "final"


def test_each_standing_names_the_fact_that_brought_it_about():
    changes = course(
        (date(2026, 3, 10), f.AppealFiled()),
        (date(2026, 5, 1), f.AppealDecided("upheld")),
        (date(2026, 6, 1), f.MeasureLifted()),
    )

    grounds = [c.ground for c in changes if c.kind == Kind.STANDING]
    assert grounds == ["member.admitted", "decision.taken", "appeal.filed", "decision.taken",
                       "measure.lifted"]  # fmt: skip


def test_a_second_measure_takes_over_as_the_ground_when_the_first_is_lifted():
    second = (
        (date(2026, 1, 1), "C2", f.CaseOpened("lamps-2024", "suspension")),
        (date(2026, 3, 20), "C2", f.DecisionTaken("impose", date(2026, 4, 1))),
    )
    facts = [
        (date(2026, 1, 1), "C1", f.CaseOpened("lamps-2024", "suspension")),
        (date(2026, 2, 20), "C1", f.DecisionTaken("impose", date(2026, 3, 1))),
        (date(2026, 6, 1), "C1", f.MeasureLifted()),
        *second,
    ]

    standing = state_on(tell(*facts), Kind.STANDING, "", on=date(2026, 6, 1))

    assert (standing.state, standing.on) == ("suspended", date(2026, 6, 1))
    assert standing.facts == (6,)


@pytest.mark.parametrize("end", [f.AppealDecided("set_aside"), f.MeasureLifted()])
def test_a_measure_set_aside_or_lifted_gives_every_right_back(end):
    changes = course((date(2026, 3, 10), f.AppealFiled()), (date(2026, 6, 1), end))

    assert state(changes, Kind.STANDING, "", date(2026, 6, 1)) == "good"
    assert state(changes, Kind.RIGHT, "vote", date(2026, 6, 1)) == "held"


def test_the_answer_clock_runs_from_the_recorded_service():
    changes = tell(
        (date(2026, 1, 1), "C1", f.CaseOpened("lamps-2024", "warning")),
        (date(2026, 1, 10), "C1", f.NoticeServed()),
    )

    clock = state_on(changes, Kind.CLOCK, "answer:C1", on=date(2026, 2, 9))
    assert (clock.state, clock.because) == ("running", "2026-01-10 + 30 days = 2026-02-09")
    assert state(changes, Kind.CLOCK, "answer:C1", date(2026, 2, 10)) == "lapsed"
    assert state(changes, Kind.CASE, "C1", date(2026, 2, 10)) == "unanswered"


def test_known_on_leaves_out_what_was_recorded_later():
    filed = fact(9, date(2026, 3, 30), "2025", f.ReturnFiled(),
                 recorded=datetime(2026, 7, 1, tzinfo=UTC))  # fmt: skip

    as_known_in_june = tell(filed, known_at=datetime(2026, 6, 1, tzinfo=UTC))

    assert state(as_known_in_june, Kind.OBLIGATION, RETURN, date(2026, 6, 1)) == "missed"
    assert state(tell(filed), Kind.OBLIGATION, RETURN, date(2026, 6, 1)) == "met"


def test_a_correction_takes_the_place_of_what_it_corrects():
    wrong = fact(7, date(2026, 3, 30), "2025", f.ReturnFiled())
    right = fact(8, date(2026, 3, 30), "2025", f.FactRetracted(), corrects=7, recorded=LATER)

    assert state(tell(wrong, right), Kind.OBLIGATION, RETURN, date(2026, 6, 1)) == "missed"


DAYS = st.dates(date(2022, 7, 1), date(2027, 12, 31))
CASE_FACTS = st.one_of(
    st.just(f.NoticeServed()),
    st.just(f.AnswerReceived()),
    st.builds(f.DecisionTaken, st.sampled_from(["impose", "dismiss"]), DAYS),
    st.just(f.AppealFiled()),
    st.builds(f.AppealDecided, st.sampled_from(["upheld", "set_aside"])),
    st.just(f.MeasureLifted()),
    st.builds(f.CaseOpened, st.just("lamps-2024"), st.sampled_from(["warning", "suspension"])),
)
PERIOD_FACTS = st.one_of(
    st.just(f.ReturnFiled()),
    st.builds(f.ExtensionGranted, DAYS),
    st.builds(score, st.sampled_from(["10.0", "50.0", "90.0"])),
)
STORIES = st.lists(
    st.one_of(
        st.tuples(DAYS, st.sampled_from(["C1", "C2"]), CASE_FACTS),
        st.tuples(DAYS, st.sampled_from(["2024", "2025"]), PERIOD_FACTS),
    ),
    max_size=12,
)


@given(STORIES)
def test_any_facts_give_spans_that_follow_one_another_without_gap_or_overlap(story):
    for span in as_spans(tell(*story)):
        assert span.until is None or span.until > span.change.on


@given(STORIES)
def test_spans_derived_at_once_are_those_of_the_timeline(story):
    facts = [fact(1, ADMITTED, f.MemberAdmitted("full", "companies"))]
    facts += [fact(number, *one) for number, one in enumerate(story, start=2)]

    assert derived_spans((EDITION,), (), facts, known_at=LATER) == as_spans(tell(*story))


@given(STORIES)
def test_any_facts_give_the_same_timeline_whatever_order_they_are_told_in(story):
    facts = [fact(i, *one) for i, one in enumerate(story, start=2)]

    assert tell(*facts) == tell(*reversed(facts))


@given(STORIES, DAYS)
def test_what_was_known_on_a_day_does_not_change_with_what_is_recorded_later(story, day):
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    early = [fact(i, *one, recorded=moment) for i, one in enumerate(story, start=2)]
    late = fact(99, date(2026, 1, 20), "2025", f.ReturnFiled(), recorded=moment + timedelta(days=1))

    assert tell(*early, known_at=moment) == tell(*early, late, known_at=moment)
