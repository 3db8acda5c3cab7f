"""Differences between editions, part by part."""

from pathlib import Path

import pytest

from rulebooks.rules.differences import differences
from rulebooks.rules.edition import Edition
from tests.rulebooks.test_continuity import RENAMED, after
from tests.rulebooks.test_timeline import EDITION

STARTER = (
    Path(__file__).resolve().parents[2] / "rulebooks" / "editions" / "starter.yaml"
).read_text()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param("missing: zero               #", "missing: leave_out #",
                     ["KPI fees-repaid: missing was zero, is leave_out"], id="a policy"),
        pytest.param("policy: 0.2", "policy: 0.25",
                     ["node recruitment: weights.policy was 0.2, is 0.25"], id="a weight"),
        pytest.param("step: 0.1", "step: 0.5",
                     ["node recruitment: rounding.step was 0.1, is 0.5"], id="a rounding"),
        pytest.param("rights: [vote]", "rights: [vote, logo]",
                     ["class partner: rights was vote, is vote, logo"], id="a list of codes"),
        pytest.param("title: Workers keep their papers", "title: Workers hold their papers",
                     ["requirement papers: title was Workers keep their papers, is Workers hold "
                      "their papers; members sign it again"], id="what is signed"),
        pytest.param("answer_days: 30\n        hearing: written\n        decided_by: board\n"
                     "        reasoned: true\n        appeal_to: appeals\n        appeal_days: 30",
                     "answer_days: 21\n        hearing: written\n        decided_by: board\n"
                     "        reasoned: true\n        appeal_to: appeals\n        appeal_days: 30",
                     ["step main.warning: answer_days was 30, is 21"], id="a clock"),
        pytest.param("  - {code: civil-society, name: Civil society, clause: \"2.1\"}\n",
                     "  - {code: civil-society, name: Civil society, clause: \"2.1\"}\n"
                     "  - {code: experts, name: Experts, clause: \"2.1\"}\n",
                     ["chamber experts is new"], id="a new part"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_the_terms_of_the_rulebook(before, after, told):
    assert before in STARTER
    old, new = Edition.load(STARTER), Edition.load(STARTER.replace(before, after, 1))

    assert [str(change) for change in differences(old, new)] == told


def test_what_is_gone_and_what_is_only_moved():
    companies = '  - {code: companies, name: Companies, clause: "2.1"}\n'
    unions = '  - {code: unions, name: Trade unions, clause: "2.1"}\n'
    moved = STARTER.replace(companies + unions, unions + companies)
    cohort = STARTER[STARTER.index("cohort:") : STARTER.index("bands:")]
    without = STARTER.replace(cohort, "")

    assert differences(Edition.load(STARTER), Edition.load(moved)) == []
    changes = differences(Edition.load(STARTER), Edition.load(without))
    assert [str(change) for change in changes] == ["cohort word rank is gone"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            after(("No worker pays", "Nobody pays")),
            ["requirement R1: reworded; signed again", "requirement R2: reworded; signed again",
             "requirement R1: text was No worker pays for the job., is Nobody pays for the job.; "
             "members sign it again"],
            id="reworded",
        ),
        pytest.param(
            after(("No worker pays", "Nobody pays"),
                  ("was: [R1, R2]", "was: [R1, R2], carries_over: [signatures]")),
            ["requirement R1: reworded; signatures go on",
             "requirement R2: reworded; signatures go on",
             "requirement R1: text was No worker pays for the job., is Nobody pays for the job."],
            id="reworded, and signatures go on",
        ),
        pytest.param(
            RENAMED,
            ["requirement R1: reworded; signed again", "requirement R2: reworded; signed again",
             "KPI policy: changed, as fee-policy; the series breaks",
             "obligation annual-return: the same, as report",
             "obligation sign-requirements: the same, as sign"],
            id="renamed",
        ),
    ],
)  # fmt: skip
def test_what_an_edition_declares_comes_first(text, told):
    changes = [str(c) for c in differences(EDITION, Edition.load(text))]

    expected = [change for change in changes if change.startswith(("requirement", "KPI", "obl"))]
    assert expected == told


def test_swapped_codes_are_followed_once():
    swapped = after(
        ("was: [annual-return, sign-requirements]",
         "was: [annual-return, sign-requirements], is: [b, annual-return]"),
        ("code: annual-return", "code: b"), ("obligation: annual-return", "obligation: b"),
        ("code: sign-requirements", "code: annual-return"),
    )  # fmt: skip
    new = Edition.load(swapped)

    told = [str(change) for change in differences(EDITION, new)]
    assert not [change for change in told if change.startswith("obligation") and "was" in change]
