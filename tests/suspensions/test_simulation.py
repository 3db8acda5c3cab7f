"""Simulation, by the rules alone: what a draft would have changed, when, and by which clause."""

from datetime import UTC, date, datetime
from decimal import Decimal as D
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.rules import scoring
from kpis.rules.scoring import MemberInputs
from rulebooks.rules import facts as f
from rulebooks.rules.answers import Answer, State
from rulebooks.rules.edition import Edition
from suspensions.rules.simulation.rescoring import published
from suspensions.rules.simulation.simulating import Aspect, Days, Known, Scored, Way, simulate
from tests.factories import LAMPS

EDITION = Edition.load(LAMPS)
SPAN = Days(date(2025, 1, 1), date(2026, 12, 31))


def draft(*changes) -> Edition:
    """Return lamps with text replaced, as a draft of another code."""
    text = LAMPS.replace("code: lamps-2024", "code: lamps-2027", 1)
    for said, instead in changes:
        assert said in text
        text = text.replace(said, instead, 1)
    return Edition.load(text)


def answers(repaid="50", policy="written", kept="no") -> dict[str, Answer]:
    return {
        "fees-repaid": Answer(State.ANSWERED, numerator=D(repaid), denominator=D(100)),
        "policy": Answer(State.ANSWERED, labels=(policy,)),
        "days-to-repay": Answer(State.ANSWERED, number=D(60)),
        "papers-kept": Answer(State.ANSWERED, labels=(kept,)),
    }


def member(code="M0001", told=(), given=None, admitted=date(2022, 6, 1)) -> Known:
    """Return a member with facts (day, key, fact), and with answers by period, published in May."""
    said = [(admitted, "", f.MemberAdmitted("full", "companies")), *told]
    scored = []
    for period, one in (given or {}).items():
        inputs = MemberInputs(code, one)
        [card] = scoring.score(EDITION, [inputs])
        scored.append(Scored(period, inputs, card))
        said.append((date(int(period) + 1, 3, 1), period, f.ReturnFiled()))
        said.append((date(int(period) + 1, 5, 20), period, published(card)))
    ids = count(1)
    facts = tuple(
        f.Fact(next(ids), what, key, on, datetime(on.year, on.month, on.day, tzinfo=UTC))
        for on, key, what in said
    )
    return Known(code, "full", "", "companies", code, facts, tuple(scored))


def simulated(new: Edition, *members: Known, days=SPAN, editions=(EDITION,)):
    [batch] = simulate(editions, new, (), [members], days)
    return batch.outcomes


RAISED = draft(
    ("bar: 50", "bar: 60"),
    ("opens_case: false", "opens_case: true"),
    ('clause: "7.2"', 'clause: "7.2a"'),
)


def test_a_raised_bar_proposes_who_was_above_the_old_one():
    """50 paid back, a written policy, 60 days: 0.5 × 50 + 0.2 × 50 + 0.3 × 60 = 53."""
    [outcome] = simulated(RAISED, member(given={"2024": answers()}))

    [shift] = outcome.shifts
    assert (shift.what, shift.key, shift.on) == ("breach", "weak-year:2024", date(2025, 5, 20))
    assert (shift.before, shift.after, shift.way) == ("none", "proposed", Way.WORSE)
    assert shift.clause == "7.2a"
    assert shift.because == "recruitment is 53.0, the bar is 60"
    assert outcome.way(Aspect.BREACHES) == Way.WORSE
    assert outcome.way(Aspect.SCORE) == Way.UNCHANGED


@pytest.mark.parametrize(
    ("told", "given"),
    [
        pytest.param((), {"2024": answers(repaid="90")}, id="above both bars"),
        pytest.param((), {"2023": answers()}, id="before the days"),
    ],
)
def test_whom_a_raised_bar_does_not_touch(told, given):
    [outcome] = simulated(RAISED, member(told=told, given=given))

    assert outcome.shifts == ()


def test_another_weight_scores_stored_answers_again():
    heavier = draft(("policy: 0.2, days-to-repay: 0.3", "policy: 0.4, days-to-repay: 0.1"))

    [outcome] = simulated(heavier, member(given={"2024": answers(repaid="60")}))

    [shift] = outcome.shifts
    assert (shift.what, shift.before, shift.after) == ("total", "58.0", "56.0")
    assert (shift.way, shift.clause) == (Way.WORSE, "6.1")


def test_another_band_is_better_or_worse_by_its_status():
    lower = draft(("below: 75, status", "below: 53, status"), ("from: 75", "from: 53"))

    [outcome] = simulated(lower, member(given={"2024": answers()}))

    [shift] = outcome.shifts
    assert (shift.what, shift.before, shift.after) == ("band", "improving", "leading")
    assert shift.way == Way.BETTER


def test_what_nobody_was_asked_cannot_be_known_and_lowers_nobody():
    asks_more = draft(
        (
            "kpis:\n",
            "kpis:\n  - {code: housing, title: Housing, unit: points, missing: zero,"
            " scale: {kind: yes_no}, direction: higher, confidentiality: public, clause: '5.9'}\n",
        ),
        ("weights: {fees-repaid: 0.5,", "weights: {housing: 9, fees-repaid: 0.5,"),
    )
    one = member(given={"2024": answers()})

    [batch] = simulate((EDITION,), asks_more, (), [[one]], SPAN)

    assert batch.outcomes[0].shifts == ()
    assert batch.rescored.unknowable == {"housing": frozenset({"2024"})}


def test_an_answer_that_is_not_on_the_new_scale_is_counted():
    other = draft(("none: 0, written: 50, written and public: 100", "no: 0, yes: 100"))
    one = member(given={"2024": answers()})

    [batch] = simulate((EDITION,), other, (), [[one]], SPAN)

    assert batch.rescored.unfit == {"policy": 1}


DECIDED = (
    (date(2025, 6, 1), "C1", f.CaseOpened("lamps-2024", "suspension")),
    (date(2025, 6, 2), "C1", f.NoticeServed()),
    (date(2025, 8, 1), "C1", f.DecisionTaken("impose", date(2025, 9, 1))),
)


def test_the_same_decisions_are_taken_under_the_step_of_the_same_code():
    harder = draft(("{right: label, after: {days: 30}}", "{right: label}"))

    [outcome] = simulated(harder, member(told=DECIDED))

    [shift] = outcome.shifts
    assert (shift.what, shift.key, shift.on) == ("right", "label", date(2025, 9, 1))
    assert (shift.before, shift.after, shift.until) == ("held", "lost", date(2025, 10, 2))
    assert (shift.way, shift.clause) == (Way.WORSE, "8.2")


def test_a_case_opened_before_the_days_stays_under_its_own_edition():
    harder = draft(("{right: label, after: {days: 30}}", "{right: label}"))

    [outcome] = simulated(
        harder, member(told=DECIDED), days=Days(date(2025, 7, 1), date(2025, 12, 31))
    )

    assert outcome.shifts == ()


def test_a_shorter_late_window_brings_the_miss_forward():
    shorter = draft(("late_until: 2025-04-30", "late_until: 2025-03-31"))

    [outcome] = simulated(shorter, member())

    missed = next(shift for shift in outcome.shifts if shift.what == "obligation")
    assert (missed.key, missed.on, missed.until) == (
        "annual-return:2024",
        date(2025, 4, 1),
        date(2025, 5, 1),
    )
    assert (missed.before, missed.after, missed.way) == ("overdue", "missed", Way.WORSE)


def test_an_obligation_that_goes_on_under_another_code_is_the_same():
    renamed = LAMPS.replace("code: lamps-2024", "code: lamps-2027", 1)
    renamed = renamed.replace("code: annual-return", "code: yearly-return")
    renamed = renamed.replace("obligation: annual-return", "obligation: yearly-return")
    renamed = renamed.replace("replaces: null", "replaces: lamps-2024")
    renamed += """
continuity:
  - {as: same, what: obligation, was: [annual-return], is: [yearly-return], clause: "10"}
  - {as: same, what: obligation, was: [sign-requirements], clause: "10"}
  - {as: same, what: requirement, was: [R1, R2], clause: "10"}
  - {as: same, what: kpi, was: [fees-repaid, policy, days-to-repay], clause: "10"}
  - {as: same, what: kpi, was: [papers-kept, open-claims], clause: "10"}
  - {as: same, what: target, was: [all-fees-repaid], clause: "10"}
"""

    [outcome] = simulated(Edition.load(renamed), member())

    assert outcome.shifts == ()


# Nobody changes under what is in force


@st.composite
def members(draw):
    """A member with a return, a score, a signature, a case, a departure; each of them or not."""
    days = st.dates(date(2022, 1, 1), date(2027, 6, 30))
    told = []
    if draw(st.booleans()):
        told.append((draw(days), "R1", f.RequirementSigned("lamps-2024", signed("R1"))))
    if draw(st.booleans()):
        told.append((draw(days), "2024", f.ExtensionGranted(draw(days))))
    if draw(st.booleans()):
        opened = draw(st.dates(date(2023, 2, 1), date(2026, 6, 1)))
        step = draw(st.sampled_from(["warning", "suspension", "exclusion"]))
        told.append((opened, "C1", f.CaseOpened("lamps-2024", step)))
        told.append((opened, "C1", f.NoticeServed()))
        told.append((draw(days), "C1", f.DecisionTaken("impose", draw(days))))
        if draw(st.booleans()):
            told.append((draw(days), "C1", f.AppealFiled()))
    if draw(st.booleans()):
        told.append((draw(days), "no-return:2024", f.BreachRaised()))
    if draw(st.booleans()):
        told.append((draw(days), "", f.MemberLeft()))
    given = {
        period: answers(
            str(draw(st.integers(0, 100))),
            draw(st.sampled_from(["none", "written"])),
            draw(st.sampled_from(["yes", "no"])),
        )
        for period in draw(st.sets(st.sampled_from(["2023", "2024", "2025"])))
    }
    return member(told=told, given=given, admitted=draw(days))


def signed(code: str) -> str:
    return EDITION.requirement(code).text_sha256


@settings(max_examples=200, deadline=None)
@given(
    members(),
    st.dates(date(2022, 6, 1), date(2026, 6, 1)),
    st.integers(0, 1200),
    st.sampled_from(["lamps-2024", "lamps-2027"]),
)
def test_the_edition_in_force_as_a_draft_changes_nobody(one, first, length, code):
    same = Edition.load(LAMPS.replace("code: lamps-2024", f"code: {code}", 1))
    last = date.fromordinal(first.toordinal() + length)

    [outcome] = simulated(same, one, days=Days(first, last))

    assert outcome.shifts == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(members(), min_size=2, max_size=6), st.integers(1, 5))
def test_how_members_are_batched_does_not_matter(found, size):
    coded = [
        Known(f"M{place}", one.member_class, "", one.chamber, "", one.facts, one.scored)
        for place, one in enumerate(found)
    ]
    batches = [coded[start : start + size] for start in range(0, len(coded), size)]

    whole = simulated(RAISED, *coded)
    parts = [o for b in simulate((EDITION,), RAISED, (), batches, SPAN) for o in b.outcomes]

    assert list(whole) == parts
