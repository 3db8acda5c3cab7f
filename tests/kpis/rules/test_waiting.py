"""Editions that ask how a return came in: told of many at once as of each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.rules import frames
from kpis.rules.gathering import NOT_JUDGED, WAITS, gather, not_applicable
from kpis.rules.scoring import Answer, MemberInputs, State
from rulebooks.rules.answers import MISSING, STATED
from rulebooks.rules.attributes import SUBMISSIONS
from rulebooks.rules.indicators import Kpi
from tests.kpis.rules.editions import CLAUSE, NUMBER, half_up, kpi, make_edition, node
from tests.kpis.rules.test_frames import OF_VALUES, assert_same, digits, given_by

CAME_IN = {"kind": "submission", "code": "came-in", "title": "Return", **CLAUSE}
ASKED = [
    kpi("asked", NUMBER, not_applicable="allowed"),
    kpi("approved", NUMBER, not_applicable="needs_approval"),
    kpi("refused", NUMBER, not_applicable="refused"),
    *(
        kpi(f"judged-{may}", {"kind": "judgement", "by": "auditor", "points": {"a": 1}},
            not_applicable=may)
        for may in ("allowed", "needs_approval", "refused")
    ),
    kpi("at-sites", NUMBER, per_site={"roll_up": "sum", "most_sites": 3, **CLAUSE}),
]  # fmt: skip
SAID = st.sampled_from([None, *STATED])
OUTCOMES = st.sampled_from(
    [None, "verified", "adjusted", "unsupported", "approved", "refused", "judged"]
)


def judged(kpi: Kpi, said: State, outcome: str | None) -> Answer:
    """Return an answer as the latest word on it leaves it."""
    given = Answer(State.ANSWERED, D(1)) if kpi.is_asked else Answer(State.ANSWERED, labels=("a",))
    if outcome in ("adjusted", "judged"):
        return given
    if outcome == "unsupported":
        return MISSING
    if said is State.NOT_APPLICABLE:
        approved = {"approved": True, "refused": False}.get(outcome)
        return not_applicable(kpi, approved=approved)
    return given if said is State.ANSWERED else Answer(said)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whose_return_waits_for_a_word_is_told_of_all_at_once_as_of_one(data):
    asked = data.draw(st.lists(st.sampled_from(ASKED), min_size=1, unique_by=lambda k: k["code"]))
    how = node("n", "first_match", otherwise="no", cases=[
        {"when": {"member": "came-in", "is": ["under_verification"]}, "then": "yes"}
    ])  # fmt: skip
    reads = node("r", "first_match", otherwise="no", cases=[
        {"when": {"kpi": one["code"], "state": ["missing"]}, "then": "yes"} for one in asked
    ])  # fmt: skip
    edition = make_edition(kpis=asked, nodes=[how, reads], verdict="n", attributes=[CAME_IN])
    assert frames.suits(edition)
    values, words, answers = [], [], []
    for row in range(data.draw(st.integers(1, 5))):
        answers.append({})
        for one in edition.kpis:
            if (said := data.draw(SAID)) is None:
                continue
            given = (D(1), None) if one.is_asked else (None, '["a"]')
            number, labels = given if said is State.ANSWERED else (None, None)
            values.append((row, one.code, said.value, digits(number), None, None, labels, None))
            if outcome := data.draw(OUTCOMES):
                number, labels = given
                words.append((row, one.code, outcome, digits(number), None, None, labels, None))
            answers[row][one.code] = judged(one, said, outcome)
    held = frames.Laid(
        members=[f"M{row}" for row in range(len(answers))],
        values=pl.DataFrame(values, OF_VALUES, orient="row"),
        words=pl.DataFrame(words, frames.OF_WORDS, orient="row"),
    )

    found = frames.waiting(edition.kpis, held)

    gathered = [gather(edition, one, period="2025", ends_on=date(2025, 12, 31)) for one in answers]
    remarks = [{answer.read_with.remark for answer in one.values()} for one in gathered]
    assert found == [bool(said & {WAITS, NOT_JUDGED}) for said in remarks]


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_editions_that_ask_how_a_return_came_in_give_the_same_bytes(data):
    states = st.sampled_from([None, *SUBMISSIONS])
    asked = st.sets(st.sampled_from(SUBMISSIONS), min_size=1).map(sorted)
    cases = [
        {"when": {"member": "came-in", "is": data.draw(asked)}, "then": f"case {n}"}
        for n in range(data.draw(st.integers(1, 3)))
    ]
    how = node("how", "first_match", otherwise="none of these", cases=cases)
    total = node("n", "mean_of_applicable", of=["a"], rounding=half_up("0.1"))
    late = {
        "code": "late", "title": "Late", "when": {"member": "came-in", "is": ["late", "missing"]},
        "result": "not_scored", **CLAUSE,
    }  # fmt: skip
    edition = make_edition(
        kpis=[kpi("a", NUMBER)],
        nodes=[how, total],
        total="n",
        verdict="how",
        attributes=[CAME_IN],
        knock_outs=[late],
    )
    assert frames.suits(edition)
    members = [
        MemberInputs(
            f"M{n}",
            given_by(data.draw, edition.kpis),
            {} if (state := data.draw(states)) is None else {"came-in": state},
        )
        for n in range(data.draw(st.integers(1, 6)))
    ]

    assert_same(edition, members)
