from datetime import date
from itertools import product

import pytest

from governance.rules import Decided, Outcome
from rulebooks.rules.edition import Edition
from suspensions.rules import decisions
from suspensions.rules.procedure import (
    Action,
    BreachAction,
    BreachStage,
    IllegalAction,
    Stage,
    allowed,
    next_breach_stage,
    next_stage,
)
from tests.factories import LAMPS

EDITION = Edition.load(LAMPS)
LADDER = EDITION.ladder("main")

# Stage by stage: what may be done, and where it leads. All else is refused.
ALLOWED = {
    "opened": {"SERVE_NOTICE": "notified"},
    "notified": {"RECEIVE_ANSWER": "answered"},
    "answered": {
        "HOLD_HEARING": "heard", "IMPOSE": "imposed", "DISMISS": "dismissed", "APPLY": "imposed",
    },
    "unanswered": {
        "RECEIVE_ANSWER": "answered", "HOLD_HEARING": "heard", "IMPOSE": "imposed",
        "DISMISS": "dismissed", "APPLY": "imposed",
    },
    "heard": {"IMPOSE": "imposed", "DISMISS": "dismissed", "APPLY": "imposed"},
    "imposed": {"FILE_APPEAL": "appealed", "LIFT": "lifted"},
    "dismissed": {},
    "appealed": {"UPHOLD": "final", "SET_ASIDE": "set_aside"},
    "final": {"LIFT": "lifted"},
    "set_aside": {},
    "lifted": {},
    "cured": {},
}  # fmt: skip


@pytest.mark.parametrize(("stage", "action"), list(product(Stage, Action)), ids=str)
def test_every_act_at_every_stage(stage, action):
    leads_to = ALLOWED[stage].get(action.name)
    if leads_to:
        assert next_stage("C0001", stage, action) == leads_to
        assert action in allowed(stage)
    else:
        with pytest.raises(IllegalAction, match="C0001"):
            next_stage("C0001", stage, action)
        assert action not in allowed(stage)


BREACHES = {
    "provisional": {"CONTEST": "provisional", "CONFIRM": "confirmed", "DISMISS": "dismissed"},
    "in_review": {"CONTEST": "in_review", "DISMISS": "dismissed"},
    "confirmed": {"CURE": "cured"},
    "dismissed": {},
    "cured": {},
}


@pytest.mark.parametrize(("stage", "action"), list(product(BreachStage, BreachAction)), ids=str)
def test_every_act_about_a_breach_in_every_state(stage, action):
    leads_to = BREACHES[stage].get(action.name)
    if leads_to:
        assert next_breach_stage("rule:2025", stage, action) == leads_to
    else:
        with pytest.raises(IllegalAction, match="rule:2025"):
            next_breach_stage("rule:2025", stage, action)


def test_a_refusal_says_what_where_and_what_is_allowed():
    with pytest.raises(IllegalAction) as refused:
        next_stage("C0007", "opened", Action.IMPOSE)

    assert str(refused.value) == (
        "cannot impose the measure in C0007: it is opened; allowed now: serve the notice"
    )


def test_nothing_can_be_done_in_a_case_before_it_is_open():
    with pytest.raises(IllegalAction, match="not open on that day"):
        next_stage("C0001", None, Action.SERVE_NOTICE)
    with pytest.raises(IllegalAction, match="has not been put to the member"):
        next_breach_stage("rule:2025", None, BreachAction.CONFIRM)


@pytest.mark.parametrize(
    ("in_force", "step"),
    [
        pytest.param([], "warning", id="the first step"),
        pytest.param(["warning"], "suspension", id="the next after the one in force"),
        pytest.param(["suspension", "warning"], "exclusion", id="the next after the gravest"),
        pytest.param(["of-an-older-ladder"], "warning", id="a step this ladder does not have"),
    ],
)
def test_the_step_that_a_case_aims_at(in_force, step):
    assert decisions.step_for(LADDER, in_force).code == step


def test_no_step_is_left():
    with pytest.raises(IllegalAction, match="exclusion is in force, the last step"):
        decisions.step_for(LADDER, ["exclusion"])


ONE = LADDER.model_copy(update={"breaches": ("no-return",)})
OTHER = LADDER.model_copy(update={"code": "other", "breaches": ("weak-year",)})
TWO_LADDERS = EDITION.model_copy(update={"ladders": (ONE, OTHER)})


def test_the_breaches_of_a_case_lead_to_one_ladder():
    assert decisions.ladder_for(TWO_LADDERS, ["no-return"]) is ONE
    assert decisions.ladder_for(TWO_LADDERS, ["weak-year"]) is OTHER


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        pytest.param(["papers-kept"], "papers-kept: no ladder of lamps-2024", id="to none"),
        pytest.param(["no-return", "weak-year"], "main and other", id="to several"),
        pytest.param(["no-return", "papers-kept"], "no ladder", id="one of them to none"),
    ],
)
def test_breaches_that_lead_to_no_one_ladder_open_no_case(rules, says):
    with pytest.raises(IllegalAction, match=says):
        decisions.ladder_for(TWO_LADDERS, rules)


GOOD = {
    "member": "M0001",
    "body": "board",
    "matter": "C0001",
    "outcome": Outcome.IMPOSE,
    "taken_on": date(2026, 6, 20),
}


@pytest.mark.parametrize(
    ("change", "stage", "says"),
    [
        pytest.param({}, "answered", None, id="good"),
        pytest.param({"taken_on": date(2026, 6, 25)}, "answered", None, id="on the day itself"),
        pytest.param({"matter": "C0002"}, "answered", "taken in C0002", id="another case"),
        pytest.param({"member": "M0002"}, "answered", "about M0002", id="another member"),
        pytest.param({"body": "panel"}, "answered", "for board to decide", id="another body"),
        pytest.param({"outcome": Outcome.LIFT}, "answered", "impose or dismiss", id="not asked"),
        pytest.param({}, "notified", "awaits no decision", id="not asked at that stage"),
        pytest.param({}, None, "not open", id="no such case that day"),
        pytest.param({"taken_on": date(2026, 6, 19)}, "answered", "first day was", id="too early"),
        pytest.param({"taken_on": date(2026, 6, 26)}, "answered", "after 2026-06-25", id="later"),
        pytest.param({"outcome": Outcome.UPHELD}, "appealed", "board decided", id="own cause"),
    ],
)
def test_which_decision_counts(change, stage, says):
    def ask():
        return decisions.require_decides(
            Decided(**GOOD | change),
            case="C0001",
            member="M0001",
            stage=stage,
            awaited_from=date(2026, 6, 20),
            decided_by="board",
            on=date(2026, 6, 25),
        )

    if says is None:
        assert ask() == Action.IMPOSE
    else:
        with pytest.raises(IllegalAction, match=says):
            ask()


def test_a_measure_holds_from_the_day_of_the_act_at_the_earliest():
    decisions.require_not_before(date(2026, 6, 25), date(2026, 6, 25), "C0001")
    with pytest.raises(IllegalAction):
        decisions.require_not_before(date(2026, 6, 24), date(2026, 6, 25), "C0001")
