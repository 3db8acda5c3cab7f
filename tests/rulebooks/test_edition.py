"""Editions: the starter holds; each mistake is told once, at its place, with a way out."""

from pathlib import Path

import pytest

from rulebooks.rules.document import Invalid, read
from rulebooks.rules.edition import Edition

EDITIONS = Path(__file__).resolve().parents[2] / "rulebooks" / "editions"
STARTER = (EDITIONS / "starter.yaml").read_text()


def line_of(text, start):
    return next(n for n, line in enumerate(text.splitlines(), 1) if start in line)


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_edition_holds(path):
    assert Edition.load(path.read_bytes()).code


def test_the_starter_gives_no_warning():
    assert Edition.load(STARTER).warnings() == []


MISTAKES = [
    ("a class without chamber", "chambers: [companies]", "chambers: []",
     "classes[0].chambers: must have at least 1 item"),
    ("an unknown chamber", "chambers: [companies]", "chambers: [company]",
     "classes[0].chambers[0]: 'company' is no chamber; allowed: companies, unions, civil-society"),
    ("an unknown right", "rights: [vote, logo]", "rights: [vote, veto]",
     "classes[0].rights[1]: 'veto' is no right; allowed: vote, logo"),
    ("a requirement nobody is subject to", '    clause: "3.1"\n    applies_to: [producer]',
     '    clause: "3.1"\n    applies_to: []', "requirements[0].applies_to: must"),
    ("a code twice", "code: papers\n", "code: no-fees\n",
     "requirements[1].code: 'no-fees' is taken; a code names one thing"),
    ("a node called like a KPI", "code: papers-verdict\n", "code: policy\n",
     "scoring.nodes[1].code: 'policy' is taken; a code names one thing"),
    ("a window that closes before it opens", "due_on: 2026-03-31", "due_on: 2026-01-14",
     "periods[0]: due_on may not lie before opens_on"),
    ("no day of the calendar", "due_on: 2026-03-31", "due_on: 2026-02-30",
     "periods[0].due_on: write a day of the calendar as YYYY-MM-DD"),
    ("a return for an unknown period", "periods: all", 'periods: ["2024"]',
     "obligations[0].periods[0]: '2024' is no period; allowed: 2025"),
    ("a KPI of an unknown requirement", "requirement: papers\n", "requirement: paper\n",
     "kpis[3].requirement: 'paper' is no requirement; allowed: no-fees, papers, null"),
    ("a KPI without direction",
     "    direction: lower\n    missing: knock_out", "    missing: knock_out",
     "kpis[3]: required and not there: direction"),
    ("steps against the direction", "direction: lower\n    missing: leave_out",
     "direction: higher\n    missing: leave_out",
     "kpis[2].direction: direction higher needs from and no upto in each step"),
    ("a target that is no improvement", "goal: {year: 2028, value: 100}",
     "goal: {year: 2028, value: 30}", "targets[0].goal.value: 30 is no improvement on 40"),
    ("a target before its baseline", "goal: {year: 2028, value: 100}",
     "goal: {year: 2024, value: 100}",
     "targets[0].goal.year: must lie after the baseline year 2024"),
    ("a target for an unknown KPI", "kpi: fees-repaid\n", "kpi: fees\n",
     "targets[0].kpi: 'fees' is no KPI; allowed: fees-repaid"),
    ("a node that reads nothing known", "policy: 0.2,", "polcy: 0.2,",
     "scoring.nodes[0].weights.polcy: 'polcy' is no KPI or node; allowed: fees-repaid, policy"),
    ("a node that reads itself", "policy: 0.2,", "recruitment: 0.2,",
     "scoring.nodes[0].weights.recruitment: 'recruitment' does not stand before recruitment"),
    ("a node that reads a later one", "policy: 0.2,", "papers-verdict: 0.2,",
     "scoring.nodes[0].weights.papers-verdict: 'papers-verdict' does not stand before recruitment"),
    ("a weight that is no number", "policy: 0.2,", "policy: heavy,",
     "scoring.nodes[0].weights.policy: must be a number such as 3 or 0.25"),
    ("a weight in quotes", "policy: 0.2,", "policy: '0.2',",
     "scoring.nodes[0].weights.policy: must be a number such as 3 or 0.25"),
    ("a weight below 0", "policy: 0.2,", "policy: -0.2,",
     "scoring.nodes[0].weights.policy: must be greater than 0, not -0.2"),
    ("a weight of 0", "policy: 0.2,", "policy: 0,",
     "scoring.nodes[0].weights.policy: must be greater than 0, not 0"),
    ("a condition on an unknown KPI",
     '{kpi: papers-kept, is: ["no"]}', '{kpi: paper, is: ["no"]}',
     "scoring.nodes[1].cases[0].when.kpi: 'paper' is not a KPI"),
    ("a label off the scale", "is: [\"no\"]", "is: [never]",
     "scoring.nodes[1].cases[0].when.is[0]: 'never' is not on the scale; allowed: yes, no"),
    ("a total that is no node", "total: recruitment", "total: recruiting",
     "scoring.total: 'recruiting' is no node with a number; allowed: recruitment"),
    ("a total without rounding", "      rounding: {mode: half_up, step: 0.1}\n", "",
     "scoring.total: the number of recruitment is published, so the node needs a rounding"),
    ("a verdict without label", "verdict: papers-verdict", "verdict: recruitment",
     "scoring.verdict: 'recruitment' is no node with a label; allowed: papers-verdict"),
    ("a rounding step of 0", "step: 0.1}", "step: 0}",
     "scoring.nodes[0].rounding.step: must be greater than 0, not 0"),
    ("a rank from the wrong end", "highest_first: true", "highest_first: false",
     "cohort[0].highest_first: recruitment is better when higher"),
    ("a rank that a band reads", "  of: recruitment\n  bands:", "  of: rank\n  bands:",
     "bands.of: 'rank' is a cohort word: nothing with consequences reads it"),
    ("bands with a hole", "from: 75, status", "from: 80, status",
     "bands.bands[2].from: improving and leading leave a hole: 75 is in neither"),
    ("bands that overlap", "from: 75, status", "from: 70, status",
     "bands.bands[2].from: improving and leading overlap"),
    ("a lowest band that is closed", "label: Failing, below", "label: Failing, from: 0, below",
     "bands.bands[0].from: the lowest is open: leave its lower end out"),
    ("a highest band that is closed", "from: 75, status", "from: 75, below: 100, status",
     "bands.bands[2].below: the highest is open: leave its upper end out"),
    ("a knock-out without band", "  knocked_out: failing\n", "",
     "bands: knocked_out is required: name the band of who is knocked out"),
    ("a breach of no obligation", "obligation: annual-return}", "obligation: anual-return}",
     "breaches[0].detector.obligation: 'anual-return' is no obligation; allowed: annual-return"),
    ("a bar on a label", "node: recruitment, bar: 50", "node: papers-verdict, bar: 50",
     "breaches[1].detector.node: 'papers-verdict' is no node with a number"),
    ("a rule that counts itself", "of: weak-year, times", "of: two-weak-years, times",
     "breaches[2].detector.of: 'two-weak-years' is no breach rule before this one"),
    ("a ladder step that leads nowhere", "next: suspension", "next: suspended",
     "ladders[0].steps[0].next: 'suspended' is no step; allowed: warning, suspension, exclusion"),
    ("a ladder that turns in a circle", "next: null", "next: warning",
     "ladders[0].steps[2].next: 'warning' does not stand after exclusion; a ladder leads on"),
    ("a ladder that takes no known right",
     "{right: logo, after: {days: 30}}", "{right: badge, after: {days: 30}}",
     "ladders[0].steps[1].rights_lost[1].right: 'badge' is no right; allowed: vote, logo"),
    ("a clock that runs backwards", "correction_days: 14         #", "correction_days: -1 #",
     "breaches[0].correction_days: must be greater than or equal to 0, not -1"),
    ("an unknown publicity", "standing: public,", "standing: all,",
     "publicity.standing: must be 'public' or 'members', not 'all'"),
    ("an unknown field", "initiative: Fair", "initative: Fair",
     "initative: 'initative' is not known here; did you mean 'initiative'?"),
    ("an unknown word", "op: weighted_mean", "op: weighted_median",
     "scoring.nodes[0].op: 'weighted_median' is not known; allowed: 'sum', 'mean_of_applicable'"),
    ("no time zone", "time_zone: Europe/Berlin", "time_zone: Berlin",
     "time_zone: 'Berlin' is no time zone; write one such as Europe/Berlin or UTC"),
    ("an edition that replaces itself", "replaces: null", "replaces: fair-kettles-2025",
     "replaces: an edition cannot replace itself"),
    ("a format of the future", "format: 1", "format: 2", "format: must be 1, not 2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [pytest.param(*mistake[1:], id=mistake[0]) for mistake in MISTAKES],
)
def test_a_mistake_is_told_at_its_place(before, after, told):
    assert before in STARTER
    text = STARTER.replace(before, after)
    first_changed = next(
        n
        for n, (a, b) in enumerate(zip(STARTER.splitlines(), text.splitlines(), strict=False), 1)
        if a != b
    )

    with pytest.raises(Invalid) as refused:
        Edition.load(text)

    problems = refused.value.problems
    found = [p for p in problems if f"{p.path}: {p.message}".startswith(told)]
    assert found, [str(problem) for problem in problems]
    assert len(problems) <= 3
    assert abs(found[0].line - first_changed) <= 20


@pytest.mark.parametrize(
    ("scale", "direction"),
    [
        pytest.param("{kind: labels, points: {few: 1, many: 9}}", "lower", id="penalty points"),
        pytest.param("{kind: labels, points: {yes: 1, no: -1}}", "higher", id="negative points"),
        pytest.param("{kind: number, min: -5, max: 5, decimals: 0}", "higher", id="below zero"),
    ],
)
def test_silence_is_never_rewarded(scale, direction):
    text = STARTER.replace(
        "scale: {kind: yes_no}       # direction lower: no is the better answer, worth 1\n"
        "    direction: lower\n    missing: knock_out",
        f"scale: {scale}\n    direction: {direction}\n    missing: zero",
    )

    with pytest.raises(Invalid, match=r"kpis\[3\].missing: zero would reward silence"):
        Edition.load(text)


def test_inputs_that_are_better_in_different_ways_are_not_put_together():
    text = STARTER.replace(
        "scale: {kind: labels, points: {none: 0, written: 50, written and public: 100}}\n"
        "    direction: higher\n    missing: zero",
        "scale: {kind: number, min: 0, max: 9, decimals: 0}\n"
        "    direction: lower\n    missing: leave_out",
    )

    with pytest.raises(
        Invalid, match=r"weights.policy: policy is better lower, fees-repaid higher"
    ):
        Edition.load(text)


def test_warnings_stand_at_their_place():
    text = STARTER.replace("days-to-repay: 0.3}", "}").replace(
        "scorecard: member", "scorecard: public"
    )
    document = read(text)

    warnings = [str(document.place(fault)) for fault in document.into(Edition).warnings()]

    days = line_of(text, "code: days-to-repay")
    node = line_of(text, "code: recruitment")
    assert warnings == [
        f"{days}:5: kpis[2]: no node reads days-to-repay: it is asked, never scored",
        f"{node}:7: scoring.nodes[0]: recruitment is public and rests on one confidential KPI, "
        "fees-repaid: it gives the answer away",
    ]


def test_editions_that_say_the_same_are_normalized_alike():
    respelt = STARTER.replace("bar: 50", "bar:    50").replace('clause: "1"', "clause: '1'")

    assert respelt != STARTER
    assert Edition.load(respelt).normalized() == Edition.load(STARTER).normalized()
    assert Edition.load(STARTER.replace("bar: 50}", "bar: 51}")).normalized() != (
        Edition.load(STARTER).normalized()
    )


def test_look_ups():
    edition = Edition.load(STARTER)

    assert edition.kpi("policy").unit == "points"
    assert [r.code for r in edition.requirements_of("partner")] == ["papers"]
    assert [o.code for o in edition.obligations_of("producer")] == [
        "annual-return",
        "sign-requirements",
    ]
    with pytest.raises(KeyError, match="nowhere"):
        edition.node("nowhere")
