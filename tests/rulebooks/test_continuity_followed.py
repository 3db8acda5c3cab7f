"""What follows a new edition's table: signatures, and counters of breaches."""

from datetime import date

import pytest

from rulebooks.rules import facts as f
from rulebooks.rules.continuity import called_now, numbers_compare
from rulebooks.rules.edition import Edition
from rulebooks.rules.timeline import Kind, state_on
from tests.factories import LAMPS
from tests.rulebooks.test_continuity import NEXT, after, told
from tests.rulebooks.test_timeline import EDITION, score, state, tell


def signing(*declared):
    """Return how R1, signed under LAMPS, stands under an edition that words it otherwise."""
    text = after(
        ("No worker pays", "Nobody pays"),
        ('  - {as: reworded, what: requirement, was: [R1, R2], clause: "10"}\n',
         "".join(f"  - {{{line}, clause: x}}\n" for line in declared)),
    )  # fmt: skip
    signed = [
        (date(2023, 2, 1), r.code, f.RequirementSigned("lamps-2024", r.text_sha256))
        for r in EDITION.requirements
    ]
    changes = tell(*signed, editions=(EDITION, Edition.load(text)))
    return state(changes, Kind.OBLIGATION, "sign-requirements:R1", date(2025, 6, 1))


@pytest.mark.parametrize(
    ("declared", "stands"),
    [
        ("as: reworded, what: requirement, was: [R1, R2]", "open"),
        ("as: reworded, what: requirement, was: [R1, R2], carries_over: [signatures]", "met"),
        ("as: changed, what: requirement, was: [R1, R2]", "open"),
    ],
)
def test_a_signature_follows_the_table(declared, stands):
    assert signing(declared) == stands


def test_the_same_requirement_under_another_code_is_not_signed_again():
    text = after(
        ("as: reworded, what: requirement, was: [R1, R2]",
         "as: same, what: requirement, was: [R1, R2], is: [R1a, R2]"),
        ("code: R1,", "code: R1a,"), ("requirement: R1\n", "requirement: R1a\n"),
    )  # fmt: skip
    assert told(text) == []
    signed = (date(2023, 2, 1), "R1",
              f.RequirementSigned("lamps-2024", EDITION.requirement("R1").text_sha256))  # fmt: skip
    changes = tell(signed, editions=(EDITION, Edition.load(text)))

    key = "sign-requirements:R1a"
    assert state(changes, Kind.OBLIGATION, key, date(2025, 6, 1)) == "met"


TWICE = """  - code: no-return
    title: No return
    detector: {kind: missed_obligation, obligation: annual-return}
    correction_days: 14
    opens_case: false
    clause: "7.1"
  - code: two-missing
    title: Two years without a return
    detector: {kind: consecutive, of: no-return, times: 2}
    correction_days: 14
    clause: "7.1"
"""
ONCE = LAMPS[LAMPS.index("  - code: no-return\n") : LAMPS.index("  - code: weak-year\n")]


@pytest.mark.parametrize(
    ("declared", "fires"),
    [
        pytest.param("as: same, what: obligation, was: [annual-return], is: [report]",
                     True, id="the same under another code"),
        pytest.param("as: changed, what: obligation, was: [annual-return], is: [report]",
                     False, id="another one in its place"),
        pytest.param("as: changed, what: obligation, was: [annual-return], is: [report], "
                     "carries_over: [counters]", True, id="another one, counters go on"),
    ],
)  # fmt: skip
def test_a_counter_follows_the_obligation_through_its_names(declared, fires):
    old = LAMPS.replace(ONCE, TWICE)
    text = after(
        (ONCE, TWICE.replace("annual-return", "report").replace("no-return", "no-report")),
        ("code: annual-return", "code: report"),
        ("  - {as: same, what: obligation, was: [annual-return, sign-requirements]",
         f"  - {{{declared}, clause: x}}\n"
         "  - {as: same, what: obligation, was: [sign-requirements]"),
    )  # fmt: skip
    filed = (date(2024, 3, 1), "2023", f.ReturnFiled())
    changes = tell(filed, editions=(Edition.load(old), Edition.load(text)))

    fired = [c.on for c in changes if c.key.startswith("two-missing:2025")]
    assert bool(fired) is fires


@pytest.mark.parametrize(
    ("declared", "key", "granted", "holds"),
    [
        pytest.param("as: same", "annual-return", "2025-01-01", True, id="it goes on"),
        pytest.param("as: changed", "annual-return", "2025-01-01", False, id="it ends"),
        pytest.param("as: changed, carries_over: [waivers]", "annual-return", "2025-01-01", True,
                     id="it is declared to go on"),
        pytest.param("as: changed", "report", "2025-07-01", True, id="granted under the new one"),
        pytest.param("as: same", "annual-return", "2025-07-01", False, id="no longer called so"),
    ],
)  # fmt: skip
def test_a_waiver_follows_the_obligation_through_its_names(declared, key, granted, holds):
    text = after(
        ("obligation: annual-return", "obligation: report"),
        ("code: annual-return", "code: report"),
        ("  - {as: same, what: obligation, was: [annual-return, sign-requirements]",
         f"  - {{{declared}, what: obligation, was: [annual-return], is: [report], clause: x}}\n"
         "  - {as: same, what: obligation, was: [sign-requirements]"),
    )  # fmt: skip
    waiver = f.ExemptionGranted(date(2026, 12, 31), "Board", "4.9")
    changes = tell(
        (date.fromisoformat(granted), key, waiver), editions=(EDITION, Edition.load(text))
    )

    found = state(changes, Kind.OBLIGATION, "report:2025", date(2026, 3, 1))
    assert (found == "exempt") is holds


def test_scores_are_counted_by_their_rule_as_before():
    changes = tell(
        (date(2025, 6, 1), "2024", score("49.9")),
        (date(2026, 6, 1), "2025", score("49.9")),
        editions=(EDITION, Edition.load(NEXT)),
    )

    assert state(changes, Kind.BREACH, "two-weak-years:2025", date(2026, 6, 1)) == "proposed"


@pytest.mark.parametrize(
    ("changes", "compare"),
    [
        pytest.param([], True, id="nothing changed"),
        pytest.param([("policy: 0.2,", "policy: 0.3,")], False, id="another weight"),
        pytest.param([("divide_by: weights", "divide_by: one")], False, id="another division"),
        pytest.param([("title: Recruitment\n", "title: Hiring\n")], True, id="another title"),
        pytest.param([("step: 0.1", "step: 1")], False, id="another rounding"),
        pytest.param(
            [("    was: [fees-repaid, policy, days-to-repay, papers-kept, open-claims]",
              "    was: [fees-repaid, policy, days-to-repay, papers-kept, open-claims]\n"
              "    is: [fees-repaid, fee-policy, days-to-repay, papers-kept, open-claims]"),
             ("code: policy", "code: fee-policy"), ("policy: 0.2", "fee-policy: 0.2")],
            True, id="a KPI under another name",
        ),
        pytest.param(
            [("as: same\n    what: kpi", "as: changed\n    what: kpi")], False,
            id="a KPI whose series breaks",
        ),
    ],
)  # fmt: skip
def test_a_series_of_scores_breaks_where_what_it_measures_does(changes, compare):
    new = Edition.load(after(*changes))

    assert numbers_compare((EDITION, new), "recruitment", before=EDITION, after=new) is compare


LATER = after(
    ("in_force_from: 2025-06-01", "in_force_from: 2026-05-15"),
    ("correction_days: 14", "correction_days: 30"),
    ("bar: 50", "bar: 40"),
)


def test_conduct_is_judged_by_the_edition_in_force_when_it_happened():
    editions = (EDITION, Edition.load(LATER))
    raised = (date(2026, 6, 1), "no-return:2025", f.BreachRaised())
    changes = tell(raised, (date(2026, 6, 1), "2024", score("45")), editions=editions)

    clock = state_on(changes, Kind.CLOCK, "correction:no-return:2025", on=date(2026, 6, 1))
    assert (clock.edition, clock.because) == (
        "lamps-2024",
        "raised 2026-06-01 + 14 days = 2026-06-15",
    )


def test_a_breach_whose_hit_is_gone_keeps_the_rule_of_its_period():
    editions = (EDITION, Edition.load(LATER))
    raised = (date(2026, 6, 1), "no-return:2025", f.BreachRaised())
    filed = (date(2026, 3, 1), "2025", f.ReturnFiled())
    changes = tell(raised, filed, editions=editions)

    found = state_on(changes, Kind.BREACH, "no-return:2025", on=date(2026, 6, 1))
    assert (found.state, found.edition) == ("in_review", "lamps-2024")


def test_procedure_is_that_of_the_edition_the_case_began_under():
    text = LATER.replace("answer_days: 30", "answer_days: 20")
    editions = (EDITION, Edition.load(text))
    case = [
        (date(2026, 5, 10), "C0001", f.CaseOpened("lamps-2024", "warning")),
        (date(2026, 5, 20), "C0001", f.NoticeServed()),
    ]
    changes = tell(*case, editions=editions)

    clock = state_on(changes, Kind.CLOCK, "answer:C0001", on=date(2026, 5, 20))
    assert clock.edition == "lamps-2024"
    assert state(changes, Kind.CLOCK, "answer:C0001", date(2026, 6, 19)) == "running"


def test_a_rule_is_followed_under_its_new_name():
    old = Edition.load(LAMPS)
    new = Edition.load(
        after(
            ("code: no-return", "code: nothing-filed"),
            ("code: annual-return", "code: report"),
            ("obligation: annual-return", "obligation: report"),
            ("was: [annual-return, sign-requirements]",
             "was: [annual-return, sign-requirements], is: [report, sign-requirements]"),
        )
    )  # fmt: skip
    called = {r.code: called_now((old, new), r, under=old, now=new) for r in old.breaches}

    assert called["no-return"] == "nothing-filed"
    assert called["weak-year"] == "weak-year"
