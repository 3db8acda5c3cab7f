"""The floor of due process: no step takes a right without it, or it says what it leaves out."""

from pathlib import Path

import pytest

from rulebooks.rules.document import Invalid
from rulebooks.rules.edition import Edition

STARTER = (
    Path(__file__).resolve().parents[2] / "rulebooks" / "editions" / "starter.yaml"
).read_text()
SUSPENSION = STARTER[
    STARTER.index("      - code: suspension") : STARTER.index("      - code: exclusion")
]


def changed(*changes):
    """Return the starter with another suspension."""
    step = SUSPENSION
    for before, after in changes:
        assert before in step
        step = step.replace(before, after)
    return STARTER.replace(SUSPENSION, step)


def refused(text):
    with pytest.raises(Invalid) as caught:
        Edition.load(text)
    return caught.value.problems


STEP_LINE = STARTER[: STARTER.index("      - code: suspension")].count("\n") + 1
LACKING = {
    "reasons": [("serves: [reasons, evidence]", "serves: [evidence]")],
    "evidence": [("serves: [reasons, evidence]", "serves: [reasons]")],
    "answer": [("answer_days: 30", "answer_days: 14")],
    "hearing": [("        hearing: written\n", "")],
    "body": [
        ("        standing: suspended\n", "        standing: suspended\n        acts: automatic\n")
    ],
    "reasoned_decision": [("reasoned: true", "reasoned: false")],
    "appeal": [("        appeal_to: appeals\n", "")],
    "publication": [("published: once_final", "published: once_decided")],
}


@pytest.mark.parametrize(("element", "changes"), LACKING.items(), ids=list(LACKING))
def test_a_step_that_takes_rights_needs_each_element(element, changes):
    [problem] = refused(changed(*changes))

    assert problem.message.startswith(
        f"suspension takes rights away without {element.replace('_', ' ')}: say "
    )
    assert f"departs: {{from: [{element}]" in problem.message
    assert STEP_LINE <= problem.line <= STEP_LINE + SUSPENSION.count("\n")


@pytest.mark.parametrize(("element", "changes"), LACKING.items(), ids=list(LACKING))
def test_a_departure_says_what_is_left_out(element, changes):
    departs = f'departs: {{from: [{element}], because: Time is short., clause: "8"}}'
    edition = Edition.load(
        changed(*changes, ("        next:", f"        {departs}\n        next:"))
    )

    assert edition.step("suspension").departs.from_ == (element,)
    assert len(edition.step("suspension").departures) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param(
            [("        next:", '        departs: {from: [hearing], because: x, clause: "8"}\n'
              "        next:")],
            "suspension has hearing", id="a departure from what is there"),
        pytest.param(
            [("answer_days: 30", "answer_days: 0"),
             ("        next:", '        departs: {from: [hearing], because: x, clause: "8"}\n'
              "        next:")],
            "without answer", id="a departure from something else"),
        pytest.param([("appeal_to: appeals", "appeal_to: board")],
                     "without appeal", id="an appeal to the body that decided"),
        pytest.param([("appeal_days: 30", "appeal_days: 0")],
                     "without appeal", id="an appeal without time for it"),
        pytest.param([("rights_lost: [{right: vote}, {right: logo, after: {days: 30}}]",
                       "rights_lost: []"), ("        hearing: written\n", "")],
                     "without hearing", id="a suspension that names no right is one all the same"),
    ],
)  # fmt: skip
def test_what_falls_short_of_the_floor_is_refused(changes, says):
    assert any(says in problem.message for problem in refused(changed(*changes)))


def test_a_named_court_does_instead_of_an_appeal():
    text = changed(
        ("        appeal_to: appeals\n", ""),
        ("        next:", "        court_remedy: {court: Local Court, within: {months: 1}}\n"
         "        next:"),
    )  # fmt: skip

    assert Edition.load(text).step("suspension").lacks() == ()


def test_a_warning_owes_less_but_nothing_happens_unserved():
    warning = STARTER.replace("        hearing: written\n", "", 1)
    assert Edition.load(warning).step("warning").hearing is None

    silent = STARTER.replace(
        "        standing: warned\n        serves: [reasons, evidence]\n",
        "        standing: warned\n        acts: automatic\n",
    )
    problems = refused(silent)
    assert {p.message.split(":")[0] for p in problems} == {
        "warning holds from its day alone without reasons",
        "warning holds from its day alone without evidence",
        "warning holds from its day alone, so no act is recorded from which a letter or a plan "
        "could follow; let it be served",
    }


COUNTS = (
    "        standing: warned\n",
    "        standing: warned\n        when: {consecutive: 1}\n",
)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param(*COUNTS, "suspension says no count", id="a step that a count leaves out"),
        pytest.param("start: warning", "serious_cases: [expulsion]\n    start: warning",
                     "'expulsion' is no step", id="serious cases at no step"),
        pytest.param("        standing: warned\n",
                     "        standing: warned\n        when: {after: {days: 3}, cycles: 2}\n",
                     "say exactly one of", id="two triggers"),
        pytest.param("        standing: warned\n",
                     "        standing: warned\n        when: {cycles: 2, anchor: due}\n",
                     "anchor: due belongs to", id="an anchor of nothing"),
        pytest.param("{kind: consecutive, of: weak-year, times: 2}",
                     "{kind: consecutive, of: [weak-year, weak-year], times: 2}",
                     "stands twice", id="a rule counted twice"),
        pytest.param("{kind: consecutive, of: weak-year, times: 2}",
                     "{kind: within_window, of: weak-year, times: 3, periods: 2}",
                     "do not fit", id="a window too small"),
        pytest.param("{kind: consecutive, of: weak-year, times: 2}",
                     "{kind: within_window, of: weak-year, times: 2}",
                     "either within", id="a window of no size"),
        pytest.param("{kind: below_bar, node: recruitment, bar: 50}",
                     "{kind: threshold, node: recruitment, fires: above, bar: 50}",
                     "would fire on the best", id="a bar that fires on the best"),
        pytest.param("{kind: below_bar, node: recruitment, bar: 50}",
                     "{kind: knocked_out, grounds: [nothing]}",
                     "'nothing' is no ground", id="a ground that nobody has"),
        pytest.param("obligation: annual-return}",
                     "obligation: annual-return, fires: due_passed, provisional_list: true}",
                     "nothing lies between", id="a provisional list for no time"),
    ],
)  # fmt: skip
def test_a_ladder_or_detector_that_makes_no_sense_is_refused(before, after, says):
    assert before in STARTER

    assert any(says in problem.message for problem in refused(STARTER.replace(before, after, 1)))
