"""What follows from falling short: ladders that count, that wait, that stand still; by scenario."""

from datetime import UTC, date, datetime
from itertools import count, permutations
from pathlib import Path

import pytest

from rulebooks.rules import facts as f
from rulebooks.rules.edition import Edition
from rulebooks.rules.timeline import Kind, state_on, timeline
from tests.rulebooks.time.editions import make, obligations, owed, periods

EDITIONS = Path(__file__).resolve().parents[1] / "editions"
LATER = datetime(2040, 1, 1, tzinfo=UTC)


def edition(name):
    return Edition.load((EDITIONS / f"{name}.yaml").read_text())


PALM, WOOL, SAVERS, TOWNS, QUARRIES, MILLS = map(
    edition,
    ("palm-grove-2022", "wool-2024", "savers-2020", "open-towns-2014", "quarries-2018",
     "safe-mills-2018"),
)  # fmt: skip


def day(text):
    return date.fromisoformat(text)


def facts(told, start=1):
    """Return facts: each is (day, fact) or (day, key, fact)."""
    return [
        f.Fact(id=number, what=one[-1], key=one[1] if len(one) == 3 else "", about_on=day(one[0]),
               recorded_at=datetime(2012, 1, 1, tzinfo=UTC))
        for number, one in zip(count(start), told, strict=False)
    ]  # fmt: skip


def tell(rules, *told, joined="2015-06-01", member_class=None, initiative=()):
    admitted = f.MemberAdmitted(member_class or rules.classes[0].code, "companies")
    return timeline(
        [rules], facts(initiative, 900), facts([(joined, admitted), *told]), known_at=LATER
    )


def states(changes, kind, key=""):
    """Return each state with its first day, in words."""
    return [f"{c.state} {c.on}" for c in changes if (c.kind, c.key) == (kind, key)]


def standing(changes, *days):
    found = [state_on(changes, Kind.STANDING, "", on=day(text)) for text in days]
    return [change.state for change in found]


ANNOUNCED = (
    ("2023-01-15", "2022", f.PeriodAnnounced(sanctions_on=date(2023, 7, 12))),
    ("2024-01-15", "2023", f.PeriodAnnounced(sanctions_on=date(2024, 7, 3))),
    ("2025-01-15", "2024", f.PeriodAnnounced(sanctions_on=date(2025, 7, 2))),
)


def test_misses_running_lead_from_warning_to_suspension_to_termination():
    changes = tell(PALM, initiative=ANNOUNCED, member_class="ordinary")

    assert states(changes, Kind.STANDING) == [
        "good 2015-06-01",
        "warned 2023-07-12",
        "suspended 2024-07-03",
        "excluded 2025-07-02",
    ]
    assert states(changes, Kind.RIGHT, "vote")[1] == "lost 2024-07-03"
    certificate = [c for c in changes if (c.kind, c.key) == (Kind.RIGHT, "certificate")]
    assert [c.state for c in certificate if c.on <= day("2024-08-02")][-1] == "held"
    assert next(c.on for c in certificate if c.state == "lost") == day("2024-08-03")


def test_a_late_return_clears_and_the_count_begins_anew():
    changes = tell(
        PALM, ("2024-06-10", "2023", f.ReturnFiled()), initiative=ANNOUNCED, member_class="ordinary"
    )

    assert states(changes, Kind.STANDING) == [
        "good 2015-06-01",
        "warned 2023-07-12",
        "good 2024-06-10",
        "warned 2025-07-02",
    ]


def test_between_the_due_day_and_the_final_list_a_member_stands_on_the_provisional_one():
    late = tell(PALM, ("2023-06-10", "2022", f.ReturnFiled()), member_class="ordinary")
    never = tell(PALM, member_class="ordinary")

    assert states(late, Kind.BREACH, "no-report:2022") == [
        "provisional_list 2023-06-01",
        "closed 2023-06-10",
    ]
    assert states(never, Kind.BREACH, "no-report:2022") == [
        "provisional_list 2023-06-01",
        "proposed 2023-07-01",
    ]


def test_a_newcomer_is_exempt_in_the_first_cycle():
    changes = tell(PALM, joined="2023-06-01", initiative=ANNOUNCED, member_class="ordinary")

    assert standing(changes, "2024-07-03", "2025-07-01", "2025-07-02") == ["good", "good", "warned"]


def test_a_cancelled_cycle_neither_counts_nor_ends_the_count():
    cancelled = ("2024-01-20", "2023", f.CycleCancelled())
    changes = tell(PALM, initiative=(*ANNOUNCED, cancelled), member_class="ordinary")

    assert states(changes, Kind.STANDING)[1:] == ["warned 2023-07-12", "suspended 2025-07-02"]


CONDUCT = ("2024-01-15", "conduct:c1", f.JudgementRecorded("contrary"))
CLAIM = ("2024-03-01", "claim:c1", f.JudgementRecorded("misleading"))
INVOICE = ("2024-01-01", "F1", f.FeeInvoiced("fee", due_on=date(2024, 1, 31)))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([CONDUCT],
                     ["warned 2024-01-15", "suspended 2024-04-15", "excluded 2024-07-15"],
                     id="conduct: three months, then three more"),
        pytest.param([CLAIM], ["warned 2024-03-01", "suspended 2024-03-31", "excluded 2024-05-30"],
                     id="a claim: thirty days, then sixty"),
        pytest.param([INVOICE], ["warned 2024-04-30", "excluded 2024-07-30"],
                     id="a fee: the month's end, counted on from the warning; never suspended"),
        pytest.param([CLAIM, ("2024-03-30", "claim:c1", f.JudgementRecorded("retracted"))],
                     ["warned 2024-03-01", "good 2024-03-30"],
                     id="a claim retracted on the day before: no suspension"),
        pytest.param([CLAIM, ("2024-03-31", "claim:c1", f.JudgementRecorded("retracted"))],
                     ["warned 2024-03-01", "good 2024-03-31"],
                     id="the last day of the term is still the member's"),
        pytest.param([CLAIM, ("2024-03-20", "claim:c1", f.BreachCured())],
                     ["warned 2024-03-01", "good 2024-03-20"],
                     id="an officer records the cure"),
        pytest.param([INVOICE, ("2024-04-01", "F1", f.FeePaid())], [],
                     id="a fee paid before the warning"),
        pytest.param([INVOICE, ("2024-06-01", "F1", f.FeePaid())],
                     ["warned 2024-04-30", "good 2024-06-01"], id="a fee paid after the warning"),
        pytest.param([CONDUCT, ("2024-02-15", "conduct", f.ClockPaused("court_order")),
                      ("2024-03-16", "conduct", f.ClockResumed())],
                     ["warned 2024-01-15", "suspended 2024-05-15", "excluded 2024-08-15"],
                     id="thirty days under a court order are added"),
        pytest.param([CONDUCT, ("2024-02-15", "conduct", f.ClockPaused("court_order"))],
                     ["warned 2024-01-15"], id="a clock that stands still leads nowhere"),
        pytest.param([CONDUCT,
                      ("2024-02-15", "conduct", f.ClockExtended("cure", day("2024-09-30")))],
                     ["warned 2024-01-15", "suspended 2024-09-30", "excluded 2024-12-30"],
                     id="extended by decision; the next step counts from what happened"),
    ],
)  # fmt: skip
def test_each_requirement_has_a_ladder_of_its_own(told, expected):
    assert states(tell(WOOL, *told), Kind.STANDING)[1:] == expected


def test_wrongly_anchored_to_the_due_day_the_expulsion_comes_a_day_later():
    text = (EDITIONS / "wool-2024.yaml").read_text()
    head, _, tail = text.partition("code: fee-expulsion")
    wrong = Edition.load(
        head + "code: fee-expulsion" + tail.replace("{after: {months: 3}}",
                                                    "{after: {months: 6}, anchor: due}")
    )  # fmt: skip

    assert states(tell(wrong, INVOICE), Kind.STANDING)[-1] == "excluded 2024-07-31"


def test_two_ladders_are_climbed_apart_and_the_gravest_step_is_the_standing():
    changes = tell(WOOL, CONDUCT, CLAIM)

    assert standing(changes, "2024-03-30", "2024-03-31", "2024-05-30") == [
        "warned", "suspended", "excluded"
    ]  # fmt: skip
    assert states(changes, Kind.STEP, "conduct:conduct-suspension") == [
        "held 2024-04-15",
        "over 2024-07-15",
    ]


def case(code, step, rules, opened, effective, *breaches, follows=None):
    """The facts of a case from its opening to a measure in force."""
    what = f.CaseOpened(rules.code, step, breaches, follows)
    decided = f.DecisionTaken("impose", day(effective))
    return [(opened, code, what), (opened, code, f.NoticeServed()), (effective, code, decided)]


ENGAGED = [
    ("2021-05-01", "minimum:2021", f.JudgementRecorded("not met")),
    *case("C1", "engagement", SAVERS, "2021-05-10", "2021-06-15", "minimum:2021"),
]


@pytest.mark.parametrize(
    ("cancelled", "proposed_on"),
    [
        pytest.param((), "2023-04-01", id="after two cycles"),
        pytest.param((("2022-01-02", "2022", f.CycleCancelled()),), "2024-04-01",
                     id="a cancelled cycle is not one of them"),
    ],
)  # fmt: skip
def test_engagement_lasts_two_cycles_then_the_board_is_asked(cancelled, proposed_on):
    changes = tell(SAVERS, *ENGAGED, initiative=cancelled)

    assert states(changes, Kind.STEP, "minimum:delisting") == [f"proposed {proposed_on}"]
    assert standing(changes, "2021-06-14", "2021-06-15", "2030-01-01") == [
        "good", "warned", "warned"
    ]  # fmt: skip


def test_who_meets_the_requirement_leaves_the_list_and_the_case_is_closed():
    met = ("2022-05-01", "minimum:2021", f.JudgementRecorded("met"))
    changes = tell(SAVERS, *ENGAGED, met)

    assert states(changes, Kind.STANDING)[1:] == ["warned 2021-06-15", "good 2022-05-01"]
    assert states(changes, Kind.CASE, "C1")[-1] == "cured 2022-05-01"
    assert states(changes, Kind.STEP, "minimum:delisting") == []


def test_a_case_that_takes_up_the_proposal_ends_it():
    second = case("C2", "delisting", SAVERS, "2023-04-20", "2023-06-01", "minimum:2021",
                  follows="C1")  # fmt: skip
    changes = tell(SAVERS, *ENGAGED, *second)

    assert states(changes, Kind.STEP, "minimum:delisting") == [
        "proposed 2023-04-01",
        "over 2023-04-20",
        "held 2023-06-01",
    ]
    assert states(changes, Kind.STANDING)[-1] == "excluded 2023-06-01"


FILED_2016 = ("2016-05-01", "2016", f.ReturnFiled())


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([FILED_2016], ["held 2015-11-02"],
                     id="complying in the next cycle does not end the review"),
        pytest.param([FILED_2016, ("2016-02-01", "2015", f.ReturnFiled())],
                     ["held 2015-11-02", "over 2016-02-01"],
                     id="curing the second failure does"),
        pytest.param([FILED_2016, ("2016-02-01", "2014", f.ReturnFiled())], ["held 2015-11-02"],
                     id="curing the first does not"),
        pytest.param([("2015-06-01", "2015", f.ReturnFiled())], ["held 2017-11-02"],
                     id="one failure alone leads to none"),
    ],
)  # fmt: skip
def test_a_review_ends_with_the_cure_of_the_failure_that_triggered_it(told, expected):
    changes = tell(TOWNS, *told, joined="2012-01-01")

    assert states(changes, Kind.STEP, "review:review")[: len(expected)] == expected


def test_twelve_months_inactive_and_the_place_is_lost():
    inactive = case("C1", "inactive", TOWNS, "2018-10-01", "2018-12-06", "twice:2015")
    changes = tell(TOWNS, *inactive, joined="2012-01-01")

    assert standing(changes, "2018-12-05", "2018-12-06", "2019-12-05", "2019-12-06") == [
        "warned", "suspended", "suspended", "excluded"
    ]  # fmt: skip


SUSPENDED = case("C1", "suspension", QUARRIES, "2019-01-05", "2019-02-01", "no-data:data")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([], ["suspended 2019-02-01", "excluded 2020-02-02"],
                     id="a year is not yet more than a year"),
        pytest.param([("2019-06-10", "C1", f.MeasureLifted())],
                     ["suspended 2019-02-01", "good 2019-06-10"], id="lifted before"),
        pytest.param([("2019-03-01", "C1", f.AppealFiled()),
                      ("2019-05-30", "C1", f.AppealDecided("upheld"))],
                     ["suspended 2019-02-01", "excluded 2020-05-02"],
                     id="the ninety days of an appeal are added"),
        pytest.param([("2019-03-01", "C1", f.AppealFiled()),
                      ("2019-05-30", "C1", f.AppealDecided("set_aside"))],
                     ["suspended 2019-02-01", "good 2019-05-30"], id="set aside"),
        pytest.param([("2019-06-10", "C1", f.MeasureLifted(probation_until=day("2019-12-31")))],
                     ["suspended 2019-02-01", "probation 2019-06-10", "good 2020-01-01"],
                     id="lifted on probation"),
        pytest.param([("2022-05-01", f.MemberAdmitted("member", "companies"))],
                     ["suspended 2019-02-01", "excluded 2020-02-02", "good 2022-05-01"],
                     id="a full new admission"),
    ],
)  # fmt: skip
def test_suspended_for_more_than_a_year_is_delisted(told, expected):
    assert states(tell(QUARRIES, *SUSPENDED, *told), Kind.STANDING)[1:] == expected


def test_what_is_published_waits_until_it_is_final_and_a_listing_is_hidden():
    changes = tell(QUARRIES, *SUSPENDED)

    assert states(changes, Kind.PUBLISHED, "standing") == [
        "good 2015-06-01",
        "suspended 2019-03-04",
        "excluded 2020-02-02",
    ]
    assert states(changes, Kind.PUBLISHED, "listing")[-1] == "hidden 2020-02-02"


def test_nothing_is_published_of_a_measure_under_appeal():
    filed = ("2019-02-20", "C1", f.AppealFiled())

    assert states(tell(QUARRIES, *SUSPENDED, filed), Kind.PUBLISHED, "standing")[:1] == [
        "good 2015-06-01"
    ]
    heard = ("2019-04-20", "C1", f.AppealDecided("upheld"))
    assert states(tell(QUARRIES, *SUSPENDED, filed, heard), Kind.PUBLISHED, "standing")[1] == (
        "suspended 2019-04-20"
    )


BEHIND = ("2018-01-10", "remediation:m1", f.JudgementRecorded("behind schedule"))


def test_stages_follow_one_another_as_proposals():
    one = case("C1", "stage-1", MILLS, "2018-01-12", "2018-02-01", "behind:m1")
    two = case("C2", "stage-2", MILLS, "2018-08-05", "2018-11-01", "behind:m1", follows="C1")
    changes = tell(MILLS, BEHIND, *one, *two)

    assert states(changes, Kind.STEP, "stages:stage-2") == [
        "proposed 2018-08-01",
        "over 2018-08-05",
        "held 2018-11-01",
    ]
    assert states(changes, Kind.STEP, "stages:stage-3") == ["proposed 2018-12-01"]


def test_a_grave_case_enters_at_a_later_stage():
    changes = tell(
        MILLS, BEHIND, *case("C1", "stage-2", MILLS, "2018-01-12", "2018-11-01", "behind:m1")
    )

    assert states(changes, Kind.STEP, "stages:stage-3") == ["proposed 2018-12-01"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([], ["proposed 2018-03-09"], id="open after seven days"),
        pytest.param([("2018-03-08", "P1", f.FindingClosed())], [], id="closed on the seventh"),
        pytest.param([("2018-03-12", "P1", f.FindingClosed())],
                     ["proposed 2018-03-09", "closed 2018-03-12"], id="closed later"),
    ],
)  # fmt: skip
def test_a_priority_finding_has_its_days(told, expected):
    found = ("2018-03-01", "P1", f.FindingRecorded("priority"))

    assert states(tell(MILLS, found, *told), Kind.BREACH, "finding:P1") == expected


@pytest.mark.parametrize("rules", [WOOL, SAVERS, QUARRIES], ids=lambda e: e.code)
def test_the_order_in_which_facts_are_given_changes_nothing(rules):
    stories = {
        WOOL.code: [CONDUCT, CLAIM, INVOICE, ("2024-02-15", "conduct", f.ClockPaused("agreement"))],
        SAVERS.code: ENGAGED,
        QUARRIES.code: [*SUSPENDED, ("2019-03-01", "C1", f.AppealFiled())],
    }
    told = facts(
        [("2015-06-01", f.MemberAdmitted("member", "companies")), *stories[rules.code]]
    )  # fmt: skip
    first = timeline([rules], (), told, known_at=LATER)

    for order in list(permutations(told))[::7]:
        assert timeline([rules], (), order, known_at=LATER) == first


def test_an_edition_that_was_read_twice_is_the_same_edition():
    """What is worked out once for all members may come from the other reading."""
    first, again = edition("palm-grove-2022"), edition("palm-grove-2022")

    one, other = (
        tell(rules, initiative=ANNOUNCED, member_class="ordinary") for rules in (first, again)
    )

    assert one == other
    assert "suspended 2024-07-03" in states(other, Kind.STANDING)


def test_counted_from_the_due_day_an_extension_counts():
    text = (EDITIONS / "wool-2024.yaml").read_text()
    assert "anchor: due" in text
    extended = ("2024-01-20", "fee:F1", f.ExtensionGranted(date(2024, 2, 29)))

    changes = tell(Edition.load(text), INVOICE, extended)

    assert states(changes, Kind.STANDING)[1:] == ["warned 2024-05-29", "excluded 2024-08-29"]


YEARS_AND_PLANS = make(
    periods(
        "{kind: calendar_year, code: year, name: Year, first: 2018, last: 2022, opens: {on: 01-15},"
        ' due: {on: 03-31}, clause: "3"}',
        "{kind: multi_year, code: plan, name: Plan, years: 2, first: 2018, last: 2021, opens:"
        ' {after: {days: 1}}, due: {after: {months: 2}}, clause: "3"}',
    ),
    obligations(
        owed("return", "report", periods="[year]", enforced_from="ENFORCED"),
        owed("return", "plan", periods="[plan]"),
    ).replace("ENFORCED", "2019-06-01"),
    """breaches:
  - code: no-report
    title: No report
    detector: {kind: missed_obligation, obligation: report}
    correction_days: 0
    opens_case: false
    clause: "5"
  - code: twice
    title: Twice running
    detector: {kind: consecutive, of: no-report, times: 2}
    correction_days: 0
    clause: "5"
""",
)


def test_each_calendar_counts_by_itself_and_misses_not_yet_enforced_excuse_no_later_ones():
    plans = (("2020-02-01", "plan.2018-2019", f.ReturnFiled()),)
    changes = tell(YEARS_AND_PLANS, *plans, joined="2017-01-01")

    twice = [(c.key, c.state) for c in changes if c.kind == Kind.BREACH]

    assert twice == [("twice:year.2019", "quiet"), ("twice:year.2020", "proposed")]


PUT_TO_THE_OFFICE = Edition.load(
    (EDITIONS / "wool-2024.yaml")
    .read_text()
    .replace(
        "        when: {after: {months: 3}, anchor: due}\n        acts: automatic\n",
        "        when: {after: {months: 3}, anchor: due}\n",
    )
    .replace(
        "    breaches: [fee-late]\n", "    breaches: [fee-late]\n    pauses: [cancelled_cycle]\n"
    )
)
SECOND = ("2024-02-01", "F2", f.FeeInvoiced("fee", due_on=date(2024, 3, 2)))
TAKEN_UP = case("C1", "fee-warning", PUT_TO_THE_OFFICE, "2024-05-02", "2024-06-01", "fee-late:F1")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([INVOICE], ["proposed 2024-04-30"], id="on the last day of the shorter month"),
        pytest.param([INVOICE, ("2024-04-30", "F1", f.FeePaid())], [],
                     id="what is paid on that day is not proposed"),
        pytest.param([INVOICE, ("2024-05-20", "F1", f.FeePaid())],
                     ["proposed 2024-04-30", "over 2024-05-20"], id="nor once it is paid"),
        pytest.param([INVOICE, ("2024-03-01", "fee-late:F1", f.BreachDismissed())], [],
                     id="what an officer dismissed is not proposed"),
        pytest.param([INVOICE, ("2024-03-01", "fees", f.ClockPaused("court_order")),
                      ("2024-03-11", "fees", f.ClockResumed())],
                     ["proposed 2024-05-10"], id="ten days under a court order are added"),
        pytest.param([INVOICE, ("2024-03-01", "fees", f.ClockPaused("court_order"))], [],
                     id="while the time stands still nothing is"),
        pytest.param([INVOICE, *TAKEN_UP],
                     ["proposed 2024-04-30", "over 2024-05-02", "held 2024-06-01",
                      "over 2024-09-01"], id="until a case takes it up"),
        pytest.param([INVOICE, *case("C1", "fee-warning", PUT_TO_THE_OFFICE, "2024-04-30",
                                     "2024-04-30", "fee-late:F1")],
                     ["held 2024-04-30", "over 2024-07-30"], id="a case on the very day"),
        pytest.param([INVOICE, SECOND], ["proposed 2024-04-30"],
                     id="a second fee is no second proposal"),
        pytest.param([INVOICE, SECOND, ("2024-07-01", "F1", f.FeePaid())],
                     ["proposed 2024-04-30"],
                     id="but keeps it up when the first is paid"),
        pytest.param([INVOICE, SECOND, ("2024-05-10", "F1", f.FeePaid())],
                     ["proposed 2024-04-30", "over 2024-05-10", "proposed 2024-06-02"],
                     id="or is one of its own, on its own day"),
        pytest.param([INVOICE, SECOND, *TAKEN_UP], ["proposed 2024-04-30", "over 2024-05-02",
                                                    "held 2024-06-01", "over 2024-09-01"],
                     id="while a case of the ladder goes on, nothing more is proposed"),
        pytest.param([INVOICE, SECOND, *TAKEN_UP[:1],
                      ("2024-06-10", "C1", f.DecisionTaken("dismiss", day("2024-06-10")))],
                     ["proposed 2024-04-30", "over 2024-05-02", "proposed 2024-06-10"],
                     id="when the case is dismissed, the second fee still stands"),
    ],
)  # fmt: skip
def test_a_first_step_that_waits_is_proposed_on_its_day(told, expected):
    changes = tell(PUT_TO_THE_OFFICE, *told)

    assert states(changes, Kind.STEP, "fees:fee-warning") == expected


def test_a_first_step_that_is_only_proposed_holds_nothing():
    changes = tell(PUT_TO_THE_OFFICE, INVOICE)

    assert states(changes, Kind.STANDING) == ["good 2015-06-01"]
    assert states(changes, Kind.STEP, "fees:fee-expulsion") == []


def test_no_first_step_is_proposed_for_what_was_due_before_it_is_enforced():
    early = ("2022-10-01", "F0", f.FeeInvoiced("fee", due_on=date(2022, 10, 31)))

    assert states(tell(PUT_TO_THE_OFFICE, early), Kind.STEP, "fees:fee-warning") == []
