"""Things that outlive editions: what a new edition must declare, and what follows from it."""

from pathlib import Path

import pytest

from rulebooks.rules.continuity import Place, continuity, continuity_faults
from rulebooks.rules.document import Invalid, read
from rulebooks.rules.edition import Edition
from tests.factories import LAMPS, REPLACES_LAMPS
from tests.rulebooks.test_timeline import EDITION

ROOT = Path(__file__).resolve().parents[2]
NEXT = (
    LAMPS.replace("code: lamps-2024", "code: lamps-2026")
    .replace("in_force_from: 2023-01-01", "in_force_from: 2025-06-01")
    .replace("replaces: null\n", REPLACES_LAMPS)
)


def after(*changes, of=NEXT):
    for before, then in changes:
        assert before in of, before
        of = of.replace(before, then)
    return of


def told(text):
    """Return what is wrong with an edition that replaces LAMPS, as ``path: message``."""
    try:
        parsed = read(text)
        problems = [parsed.place(x) for x in continuity_faults(EDITION, parsed.into(Edition))]
    except Invalid as error:
        problems = error.problems
    return [f"{problem.path}: {problem.message}" for problem in problems]


SAME_KPIS = "[fees-repaid, policy, days-to-repay, papers-kept, open-claims]"
KPIS = f'  - as: same\n    what: kpi\n    was: {SAME_KPIS}\n    clause: "10"\n'
TARGETS = '  - {as: same, what: target, was: [all-fees-repaid], clause: "10"}\n'


def kpis(*lines):
    return (KPIS, "".join(f"  - {{{line}, clause: x}}\n" for line in lines))


REST = "as: same, what: kpi, was: [fees-repaid, days-to-repay, papers-kept, open-claims]"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([], [], id="all is declared, and true"),
        pytest.param(
            [("No worker pays", "Nobody pays")], [], id="a reworded requirement, declared so"
        ),
        pytest.param(
            [("title: Policy on recruitment fees", "title: A policy on recruitment fees")],
            ["continuity[1].was[1]: KPI policy: title differs; declare it as reworded"],
            id="reworded, declared as the same",
        ),
        pytest.param(
            [("written and public: 100", "written and public: 90")],
            ["continuity[1].was[1]: KPI policy: scale differs; declare it as changed"],
            id="another scale, declared as the same",
        ),
        pytest.param(
            [kpis(REST, "as: reworded, what: kpi, was: [policy]"), ("public: 100", "public: 90")],
            ["continuity[2].was[0]: KPI policy: scale differs; declare it as changed"],
            id="another scale, declared as reworded",
        ),
        pytest.param(
            [kpis(REST, "as: changed, what: kpi, was: [policy]"), ("public: 100", "public: 90")],
            [],
            id="another scale, declared as changed",
        ),
        pytest.param(
            [("within: {days: 60}", "within: {days: 30}")],
            [
                "continuity[2].was[1]: obligation sign-requirements: within differs; "
                "declare it as changed"
            ],
            id="another deadline",
        ),
        pytest.param(
            [("goal: {year: 2028, value: 100}", "goal: {year: 2030, value: 100}")],
            ["continuity[3].was[0]: target all-fees-repaid: goal differs; declare it as changed"],
            id="a goal put off",
        ),
        pytest.param(
            [('- {code: R1, title: No fees, text: No worker pays for the job., clause: "3.1"',
              '- {code: R1, title: No fees, text: No worker pays for the job., clause: "4.1"'),
             ("as: reworded, what: requirement", "as: same, what: requirement")],
            ["continuity[0].was[0]: requirement R1: clause differs; declare it as reworded"],
            id="the clause is part of what is signed",
        ),
        pytest.param(
            [('confidentiality: public\n    evidence: optional\n    clause: "5.2"',
              'confidentiality: aggregate\n    evidence: none\n    clause: "5.9"')],
            [],
            id="who sees it and where it stands do not make it another KPI",
        ),
        pytest.param(
            [kpis(REST)],
            ["continuity: nothing is declared of KPI policy; declare what it was, or that it is "
             "new"],
            id="a thing of this edition is left open",
        ),
        pytest.param(
            [kpis(REST, "as: new, what: kpi, is: [policy]")],
            ["continuity: nothing is declared of KPI policy of lamps-2024; declare what became of "
             "it",
             "continuity[2].is[0]: 'policy' named another KPI in lamps-2024; declare it as "
             "changed, or choose a new code"],
            id="an old code for a new thing",
        ),
        pytest.param(
            [kpis(REST, "as: same, what: kpi, was: [polcy], is: [policy]")],
            ["continuity: nothing is declared of KPI policy of lamps-2024; declare what became of "
             "it",
             "continuity[2].was[0]: 'polcy' is no KPI of lamps-2024; allowed: fees-repaid, policy, "
             "days-to-repay, papers-kept, open-claims"],
            id="a code that the edition before did not have",
        ),
        pytest.param(
            [kpis(REST, "as: same, what: kpi, was: [policy], is: [policies]")],
            ["continuity: nothing is declared of KPI policy; declare what it was, or that it is "
             "new",
             "continuity[2].is[0]: 'policies' is no KPI of lamps-2026; allowed: fees-repaid, "
             "policy, days-to-repay, papers-kept, open-claims"],
            id="a code that this edition does not have",
        ),
        pytest.param(
            [kpis(REST, "as: same, what: kpi, was: [policy, policy]")],
            ["continuity[2].was[1]: KPI 'policy' is declared twice; declare it once"],
            id="twice in one declaration",
        ),
        pytest.param(
            [kpis(REST, "as: same, what: kpi, was: [policy]",
                  "as: ended, what: kpi, was: [policy]")],
            ["continuity[3].was[0]: KPI 'policy' is declared twice; declare it once"],
            id="the same and ended",
        ),
        pytest.param(
            [("replaces: lamps-2024", "replaces: lamps-2020")],
            ["replaces: names lamps-2020, and is compared with lamps-2024"],
            id="another edition than the one it is compared with",
        ),
        pytest.param(
            [("replaces: lamps-2024", "replaces: null")],
            ["continuity: replaces is null, so nothing goes on: leave it out"],
            id="nothing before",
        ),
        pytest.param(
            [("replaces: lamps-2024", "corrects: lamps-2020\nreplaces: lamps-2024")],
            ["corrects: an edition corrects the one that it replaces: write lamps-2024, or null"],
            id="a correction of an edition that is not replaced",
        ),
    ],
)  # fmt: skip
def test_the_check_refuses_to_guess(changes, expected):
    assert sorted(told(after(*changes))) == expected


def test_the_shipped_pair_tells_what_became_of_each_of_its_elements():
    before, new = (
        Edition.load((ROOT / f"rulebooks/editions/knowthechain-ict-{year}.yaml").read_text())
        for year in (2018, 2020)
    )
    followed = continuity((before, new))
    goes_on = [not followed.series_breaks(k.code, before=before.code, after=new.code)
               for k in new.kpis]  # fmt: skip

    assert continuity_faults(before, new) == []
    assert (sum(goes_on), len(goes_on)) == (32, 65)
    assert followed.code_in(before.code, Place(new.code, "kpi", "5.3-1")) == "5.4-1"


def test_an_edition_that_replaces_another_declares_everything():
    text = LAMPS.replace("replaces: null", "replaces: lamps-2020")

    assert told(text) == [
        f"replaces: nothing is declared of {things}; declare what it was, or that it is new"
        for things in (
            "KPIs fees-repaid, policy, days-to-repay, papers-kept, open-claims",
            "obligations annual-return, sign-requirements",
            "requirements R1, R2",
            "target all-fees-repaid",
        )
    ]


RENAMED = after(
    kpis(REST, "as: changed, what: kpi, was: [policy], is: [fee-policy]"),
    ("code: policy", "code: fee-policy"),
    ("policy: 0.2", "fee-policy: 0.2"),
    (
        "[annual-return, sign-requirements]",
        "[annual-return, sign-requirements], is: [report, sign]",
    ),
    ("code: annual-return", "code: report"),
    ("obligation: annual-return", "obligation: report"),
    ("code: sign-requirements", "code: sign"),
)
THIRD = (
    RENAMED.replace("code: lamps-2026", "code: lamps-2027")
    .replace("in_force_from: 2025-06-01", "in_force_from: 2026-06-01")
    .replace("replaces: lamps-2024", "replaces: lamps-2026")
    .replace("was: [policy], is: [fee-policy]", "was: [fee-policy]")
    .replace("as: changed", "as: same")
    .replace("was: [annual-return, sign-requirements], is: [report, sign]", "was: [report, sign]")
)


def lineage(*texts):
    return continuity((EDITION, *map(Edition.load, texts)))


def test_what_is_the_same_is_followed_through_all_editions():
    followed = lineage(RENAMED, THIRD)
    last = Place("lamps-2027", "obligation", "report")

    assert followed.code_in("lamps-2024", last) == "annual-return"
    assert [place.code for place in followed.known_as(last)] == [
        "annual-return",
        "report",
        "report",
    ]
    assert followed.successor(Place("lamps-2024", "kpi", "policy")) == ("fee-policy",)
    assert not followed.series_breaks("fees-repaid", before="lamps-2024", after="lamps-2027")
    assert followed.series_breaks("fee-policy", before="lamps-2024", after="lamps-2027")
    assert not followed.series_breaks("fee-policy", before="lamps-2026", after="lamps-2027")


@pytest.mark.parametrize(
    ("declared", "tie", "goes_on"),
    [
        ("as: same, what: kpi, was: [policy], is: [policy]", "thing", True),
        ("as: same, what: kpi, was: [policy]", "waivers", True),
        ("as: reworded, what: kpi, was: [policy]", "counters", True),
        ("as: reworded, what: kpi, was: [policy]", "signatures", False),
        ("as: changed, what: kpi, was: [policy]", "thing", False),
        ("as: changed, what: kpi, was: [policy]", "counters", False),
        ("as: changed, what: kpi, was: [policy], carries_over: [counters]", "counters", True),
        ("as: changed, what: kpi, was: [policy], carries_over: [counters]", "thing", False),
        ("as: changed, what: kpi, was: [policy], carries_over: [counters]", "waivers", False),
    ],
)
def test_each_declaration_says_what_goes_on(declared, tie, goes_on):
    followed = lineage(after(kpis(REST, declared)))
    old, new = (Place(code, "kpi", "policy") for code in ("lamps-2024", "lamps-2026"))

    assert followed.same_thing(old, new, tie=tie) is goes_on


def test_a_split_and_a_merger_break_the_series():
    days = "  - code: days-to-repay\n"
    extra = LAMPS[LAMPS.index("  - code: policy\n") : LAMPS.index(days)]
    split = after(
        kpis(REST, "as: split, what: kpi, was: [policy], is: [policy, practice]"),
        (
            "  - code: days-to-repay\n",
            extra.replace("policy", "practice") + "  - code: days-to-repay\n",
        ),
    )
    merged = after(
        ("code: lamps-2026", "code: lamps-2027"),
        ("replaces: lamps-2024", "replaces: lamps-2026"),
        ("in_force_from: 2025-06-01", "in_force_from: 2026-06-01"),
        kpis(REST, "as: merged, what: kpi, was: [policy, practice], is: [policy]"),
    )
    followed = lineage(split, merged)

    assert told(split) == []
    assert continuity_faults(Edition.load(split), Edition.load(merged)) == []
    assert followed.successor(Place("lamps-2024", "kpi", "policy")) == ("policy", "practice")
    assert followed.successor(Place("lamps-2026", "kpi", "practice")) == ("policy",)
    assert followed.series_breaks("policy", before="lamps-2024", after="lamps-2026")
    assert followed.series_breaks("policy", before="lamps-2026", after="lamps-2027")
