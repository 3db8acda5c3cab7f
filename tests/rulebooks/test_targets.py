"""Mission and targets of an edition: what is refused, at its place, and what covers what."""

from decimal import Decimal as D
from fractions import Fraction as F
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reports.rules.charts import Mark, Tier, course, tiers
from rulebooks.rules.continuity import continuity_faults
from rulebooks.rules.coverage import coverage
from rulebooks.rules.differences import differences
from rulebooks.rules.document import Invalid, read
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading import targets as words
from rulebooks.rules.reading.paragraphs import sections
from rulebooks.rules.targets import Goal, Mean, OfParts, ShareReaching, Sum, Totals

EDITIONS = Path(__file__).resolve().parents[2] / "rulebooks" / "editions"
SHIPPED = sorted(EDITIONS.glob("*.yaml"))
STARTER = (EDITIONS / "starter.yaml").read_text()
GOAL = "    goal: {year: 2028, value: 100}\n"
WAY = "    trajectory: straight_line\n"
KPI = "    kpi: fees-repaid\n"
THEORY = """  scope: {text: Own sites., clause: "1.1"}
  theory_of_change:
    steps:
      - {stage: input, text: Time of buyers., clause: "1.3"}
      - {stage: outcome, text: Fees are paid back., shown_by: [fees-repaid], clause: "1.3"}
    assumptions:
      - {if: Recruiters are checked, then: Fees are found, shown_by: [all-fees-repaid], clause: "1"}
  clause: "1"
"""
OWN = """member_targets:
  - code: own-days
    title: Faster repayment
    kpis: [days-to-repay]
    floor: {change: {percent: 30}, at_most_years: 6, latest_due_on: 2030-12-31, clause: "1.5"}
    approved_by: {role: secretariat}
    recalculation: {reasons: [structural_change, error], above_percent: 5, clause: "1.6"}
    clause: "1.4"
targets:
"""


def changed(*changes):
    text = STARTER
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def told(text):
    with pytest.raises(Invalid) as refused:
        Edition.load(text)
    return [f"{p.path}: {p.message}" for p in refused.value.problems]


MISTAKES = [
    ("milestones out of order in time",
     [(GOAL, GOAL + "    milestones: [{year: 2026, value: 60}, {year: 2025, value: 70}]\n")],
     "targets[0].milestones[1].year: must lie after the year before 2026"),
    ("a milestone off the direction",
     [(GOAL, GOAL + "    milestones: [{year: 2026, value: 30}]\n")],
     "targets[0].milestones[0].value: 30 is no improvement on 40: it is better when higher"),
    ("a change in percent of nothing",
     [("value: 40}", "value: 0}"), (GOAL, "    goal: {year: 2028, percent: 50}\n")],
     "targets[0].goal.percent: the baseline is 0, and a change in percent of nothing is nothing;"
     " say value"),
    ("a goal reached at its baseline", [(GOAL, "    goal: {year: 2028, value: 40}\n")],
     "targets[0].goal.value: 40 is no improvement on 40: nothing is promised; it is reached at its"
     " baseline already"),
    ("a goal passed at its baseline", [(GOAL, "    goal: {year: 2028, percent: -10}\n")],
     "targets[0].goal.percent: 36.00 is no improvement on 40: it is better when higher; it is"
     " reached at its baseline already"),
    ("due before the baseline", [(GOAL, "    goal: {year: 2023, value: 100}\n")],
     "targets[0].goal.year: must lie after the baseline year 2024"),
    ("due in another year than the goal's", [(GOAL, GOAL + "    due_on: 2027-06-30\n")],
     "targets[0].due_on: must lie in the goal's year, 2028"),
    ("another unit", [(KPI, KPI + "    unit: days\n")],
     "targets[0].unit: 'days' is another unit: fees-repaid is measured in percent"),
    ("another direction", [(KPI, KPI + "    direction: lower\n")],
     "targets[0].direction: of this it is better when higher"),
    ("two indicators", [(KPI, KPI + "    node: recruitment\n")],
     "targets[0].node: kpi is said too; one indicator measures a target"),
    ("a node without a number",
     [(KPI, "    node: papers-verdict\n    unit: points\n    direction: higher\n")],
     "targets[0].node: 'papers-verdict' is no node with a number; allowed: recruitment"),
    ("a node without its unit", [(KPI, "    node: recruitment\n    direction: higher\n")],
     "targets[0].unit: say the unit: no KPI says it"),
    ("a goal said twice", [(GOAL, "    goal: {year: 2028, value: 100, percent: 3}\n")],
     "targets[0].goal: say one of value, percent, percentage_points"),
    ("ratios added", [(KPI, KPI + "    aggregate: {kind: sum}\n")],
     "targets[0].aggregate.kind: ratios are not added; allowed: of_parts, mean, share_reaching"),
    ("each alone, and together",
     [(KPI, KPI + "    aggregate: {kind: mean}\n    reached_by: each_member\n")],
     "targets[0].aggregate: each member reaches it by itself; nothing is taken together"),
    ("milestones without any", [(WAY, "    trajectory: milestones\n")],
     "targets[0].milestones: trajectory milestones needs at least one"),
    ("an unknown requirement", [(KPI, KPI + "    serves: [fees]\n")],
     "targets[0].serves[0]: 'fees' is no requirement; allowed: no-fees, papers"),
    ("an unknown owner", [(KPI, KPI + "    owner: {body: boards}\n")],
     "targets[0].owner.body: 'boards' is no body; allowed: board, appeals"),
    ("two owners", [(KPI, KPI + "    owner: {body: board, role: Chair}\n")],
     "targets[0].owner: name one of body, role, member"),
    ("steps out of order",
     [('  clause: "1"\n', THEORY.replace("stage: input", "stage: impact"))],
     "mission.theory_of_change: steps stand in the order input, activity, outcome, impact"),
    ("nothing shows it", [('  clause: "1"\n', THEORY.replace("[fees-repaid]", "[fees]"))],
     "mission.theory_of_change.steps[1].shown_by[0]: 'fees' is no KPI, node or target; allowed: "
     "fees-repaid, policy"),
    ("own targets without numbers", [("targets:\n", OWN.replace("days-to-repay", "policy"))],
     "member_targets[0].kpis[0]: needs a KPI on a scale of numbers with direction higher or lower"),
    ("percentage points of days",
     [("targets:\n", OWN.replace("{percent: 30}", "{percentage_points: 30}"))],
     "member_targets[0].floor.change.percentage_points: days-to-repay is measured in days, no"
     " percentage; say percent"),
    ("nobody to approve", [("targets:\n", OWN.replace("{role: secretariat}", "{body: jury}"))],
     "member_targets[0].approved_by.body: 'jury' is no body; allowed: board, appeals"),
    ("own lines that nobody can set",
     [("scale: {kind: yes_no}       # direction lower: no is the better answer, worth 1",
       "scale: {kind: trajectory, min: 0, max: 9, decimals: 0, own: own-days, "
       "baseline: {year: 2020, value: 9}, goal: {year: 2030, value: 1}}"),
      ("targets:\n", OWN)],
     "kpis[3].scale.own: 'own-days' is no member target on this KPI; allowed: none is defined"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "message"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES]
)
def test_a_mistake_is_told_at_its_place(changes, message):
    assert any(one.startswith(message) for one in told(changed(*changes))), told(changed(*changes))


def test_a_whole_mission_and_own_targets_hold_without_a_warning():
    edition = Edition.load(changed(('  clause: "1"\n', THEORY), ("targets:\n", OWN)))

    assert edition.warnings() == []
    read = [p.title for s in sections(edition) if s.key == "mission" for p in s.paragraphs]
    assert read[0] == edition.mission.statement
    assert len(read) == 5
    assert words.floor(edition.own_target("own-days")) == (
        "at least 30 % better than its baseline, within 6 years, by 31 Dec 2030"
    )


@pytest.mark.parametrize(
    ("goal", "reaches"),
    [
        pytest.param({"value": D(7)}, D(7), id="a value"),
        pytest.param({"percent": D(-42)}, D("23.2"), id="a change in percent of the baseline"),
        pytest.param({"percentage_points": D("2.5")}, D("42.5"), id="a change of a percentage"),
    ],
)
def test_a_goal_is_counted_from_the_baseline_exactly(goal, reaches):
    assert Goal(year=2030, **goal).counted_from(D(40)) == reaches


def test_steps_stand_still_until_a_milestone():
    text = changed(
        (GOAL, GOAL + "    milestones: [{year: 2026, value: 60}]\n"),
        (WAY, "    trajectory: steps\n"),
    )
    target = Edition.load(text).target("all-fees-repaid")

    due = [target.due_by(year) for year in (2023, 2025, 2026, 2027, 2028, 2040)]
    assert due == [40, 40, 60, 60, 100, 100]


@pytest.mark.parametrize(
    ("aggregate", "gives"),
    [
        pytest.param(Sum(kind="sum"), F(90), id="added"),
        pytest.param(Mean(kind="mean"), F(30), id="each counts once"),
        pytest.param(OfParts(kind="of_parts"), F(250, 3), id="by parts"),
        pytest.param(ShareReaching(kind="share_reaching", reach=D(80)), F(200, 3), id="reaching"),
    ],
)
def test_answers_are_taken_together_exactly(aggregate, gives):
    of = Totals(3, F(90), F(5), F(6), F(100), reaching=2)

    assert aggregate.exact(of) == gives
    assert aggregate.exact(Totals(0)) is None


# What covers what

HOLES = {
    "better-cotton-resolution": [
        "requirement conduct: no KPI or evidence can show it",
        "requirement claims: no KPI or evidence can show it",
        "requirement fees: no KPI or evidence can show it",
    ]
}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_edition_says_what_covers_what(path):
    edition = Edition.load(path.read_bytes())
    found = coverage(edition)

    known = {(one.sort.removeprefix("own "), one.code) for one in found.all}
    assert all(("requirement", code) in known for one in found.all for code in one.serves)
    assert all(("kpi", code) in known for one in found.all for code in one.shown_by)
    assert len(found.kpis) == len(edition.kpis)
    assert len(found.requirements) == len(edition.requirements)
    holes = [f"{one.sort} {one.code}: {one.hole}" for one in found.holes]
    assert holes == HOLES.get(path.stem, [])


def test_an_edition_with_holes_warns_of_each_at_its_place():
    text = changed(
        (KPI, "    unit: percent\n    direction: higher\n"),
        ("    requirement: papers\n", ""),
        ('kpi: papers-kept, is: ["no"]', "kpi: policy, is: [none]"),
        ('kpi: papers-kept, is: ["yes"]', "kpi: policy, is: [written]"),
    )
    document = read(text)

    warnings = [str(document.place(fault)) for fault in document.into(Edition).warnings()]

    lines = text.splitlines()
    at = [1 + next(n for n, line in enumerate(lines) if f"- code: {code}" in line)
          for code in ("all-fees-repaid", "papers", "papers-kept")]  # fmt: skip
    assert warnings[-3:] == [
        f"{at[0]}:5: targets[0]: target all-fees-repaid: no KPI measures it",
        f"{at[1]}:5: requirements[1]: requirement papers: no KPI or evidence can show it",
        f"{at[2]}:5: kpis[3]: KPI papers-kept: it serves no requirement, no target and no score",
    ]


def test_evidence_without_a_kpi_covers_a_requirement():
    text = changed(
        ("    requirement: papers\n", ""),
        ("text: Passports", "evidence: Letters of workers.\n    text: Passports"),
    )

    assert coverage(Edition.load(text)).holes == ()


def test_a_target_of_a_node_rests_on_the_kpis_under_it():
    text = changed((KPI, "    node: recruitment\n    unit: points\n    direction: higher\n"))
    (target,) = coverage(Edition.load(text)).targets

    assert target.shown_by == ("fees-repaid", "policy", "days-to-repay")
    assert target.serves == ("no-fees",)


# From edition to edition


def test_a_changed_floor_is_a_difference_and_a_new_owner_breaks_no_series():
    before = Edition.load(changed(("targets:\n", OWN)))
    text = changed(
        ("targets:\n", OWN.replace("{percent: 30}", "{percent: 20}")),
        (KPI, KPI + "    owner: {role: Chair}\n"),
    )
    text = text.replace("code: fair-kettles-2025", "code: fair-kettles-2026", 1)
    text = text.replace("replaces: null ", """replaces: fair-kettles-2025
continuity:
  - {as: same, what: requirement, was: [no-fees, papers], clause: "10"}
  - {as: same, what: kpi, was: [fees-repaid, policy, days-to-repay, papers-kept], clause: "10"}
  - {as: same, what: obligation, was: [annual-return, sign-requirements], clause: "10"}
  - {as: same, what: target, was: [all-fees-repaid], clause: "10"}
""", 1)  # fmt: skip
    after = Edition.load(text)

    assert continuity_faults(before, after) == []
    told = [str(one) for one in differences(before, after)]
    assert "member target own-days: floor.change.percent was 30, is 20" in told


# As pictures


def test_a_hole_is_drawn_with_its_own_shape_and_words_and_everything_is_escaped():
    hole = Tier("requirement", "a < b", hole="no KPI or evidence can show it")
    drawn = tiers(
        [Tier("mission", "Go", below=(hole,))], title="1 hole", description="What covers what"
    )

    svg = ElementTree.fromstring(drawn)
    assert [one.text for one in svg][:2] == ["1 hole", "What covers what"]
    assert drawn.count("<polygon") == 1
    assert "Hole: no KPI or evidence can" in drawn
    assert "a &lt; b" in drawn


def test_a_course_draws_the_way_what_was_measured_and_the_way_before():
    way = [Mark(2024, D(40), "baseline"), Mark(2028, D(100), "goal")]
    drawn = course(way, [Mark(2025, D(50)), Mark(2026, D(55))], title="Behind", description="d",
                   earlier=[Mark(2024, D(30)), Mark(2028, D(100))])  # fmt: skip

    ElementTree.fromstring(drawn)
    assert drawn.count("stroke-dasharray") == 2
    assert drawn.count("<circle") == 2
    assert "goal 100" in drawn
