"""What is read of tables by COPY is what is read object by object: the same bytes are stored."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.models import SiteValue, Verification
from kpis.rules import frames, stored
from members.models import Affiliation, Organisation, Site
from rulebooks.rules.facts import ExtensionGranted, ReturnFiled, ReturnFoundIncomplete
from tests.factories import LAMPS, make_edition, make_organisation, moment, state
from tests.kpis.filings import GOOD, WEAK, file_return, file_returns, many_members, period_of
from tests.kpis.more_kpis import MORE as MORE_ANSWERS
from tests.kpis.more_kpis import with_more

pytestmark = pytest.mark.django_db

MORE = """
assurance:
  levels:
    - {code: declared, title: Declared, earned_by: filing, clause: "7.1"}
    - {code: known, title: Known, earned_by: second_party, clause: "7.1"}
    - {code: verified, title: Verified, earned_by: audit, clause: "7.1"}
  discounts: [{below: verified, times: 0.8, kpis: [fees-repaid], clause: "7.2"}]

kpis:
  - code: site-fees
    title: Fees repaid, all sites
    unit: "%"
    scale: {kind: ratio, numerator: Repaid, denominator: Found, max: 1000, times: 100}
    direction: higher
    missing: leave_out
    per_site: {roll_up: parts, most_sites: 5, clause: "5.7"}
    confidentiality: public
    clause: "5.6"
  - code: site-hours
    title: Hours, all sites
    unit: hours
    scale: {kind: number, min: 0, max: 168, decimals: 1}
    direction: lower
    missing: leave_out
    per_site: {roll_up: mean_of_applicable, most_sites: 5, clause: "5.7"}
    confidentiality: public
    clause: "5.6"
"""
PUBLIC = "    confidentiality: public\n    evidence: optional\n"
NODE = '    - {code: at-sites, title: Sites, op: sum, of: [site-fees], clause: "6.9"}\n'


@pytest.fixture
def period(people):
    return period_of_all_kinds(people)


def period_of_all_kinds(people):
    """Return one of LAMPS with levels of assurance, an approval, and KPIs that sites answer."""
    text = LAMPS.replace(PUBLIC, f"    not_applicable: needs_approval\n{PUBLIC}", 1)
    text = text.replace("\nkpis:\n", MORE, 1).replace("  nodes:\n", f"  nodes:\n{NODE}", 1)
    edition = make_edition(text, by=people.sam)
    assert frames.suits(edition.document)
    return period_of(edition)


def say(of_return, kpi, outcome, by, today, **fields) -> None:
    value = of_return.values_reported.get(kpi=kpi)
    Verification.objects.create(
        member=of_return.member,
        value=value,
        outcome=outcome,
        reason="Seen.",
        marked_at=moment(today),
        marked_by=by,
        **fields,
    )


def answer_at(of_return, **sites) -> None:
    """Let sites answer: a number of hours, a share of fees, or nothing."""
    for code, (fees, hours) in sites.items():
        place = Site.objects.create(member=of_return.member, code=code)
        given = {"member": of_return.member, "of_return": of_return, "site": place}
        share = {"numerator": D(fees), "denominator": D(7)} if fees is not None else {}
        state = "answered" if share else "unknown"
        SiteValue.objects.create(kpi="site-fees", state=state, **share, **given)
        if hours is not None:
            SiteValue.objects.create(kpi="site-hours", state="answered", number=hours, **given)


def run_of(period, today):
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    run.refresh_from_db()
    return run


def assert_stored_as_by_hand(run) -> None:
    rows = list(run.cards.order_by("member"))
    found = selectors.scored_inputs([card.member_id for card in rows], period=run.period)
    given = [found[card.member_id][1] for card in rows]
    wanted = stored.score(run.edition.document, run.edition.sha256, given)
    for card, one in zip(rows, wanted, strict=True):
        assert card.of_return_id == found[card.member_id][0].of_return
        for name in ("card", "inputs", "digest", "fingerprint", "total", "band", "verdict"):
            assert getattr(card, name) == getattr(one, name), (card.member_id, name)


def test_every_kind_of_answer_is_read_as_it_is_by_hand(period, today):
    answers = [
        GOOD,
        WEAK,
        {},
        GOOD | {"policy": None, "open-claims": 100000, "fees-repaid": ("0.01", "0.03")},
        GOOD | {"days-to-repay": 9999},
        GOOD | {"nobody-asked": 1},
        GOOD | {"papers-kept": 'said in\nmany "words", and \\ more, ünusual'},
        GOOD | {"open-claims": D("999999999999999999999999.999999999999")},
    ]
    filed = file_returns(many_members(len(answers) + 3)[: len(answers)], period, answers)
    answer_at(filed[0], b=(3, "12.5"), a=(1, 40), c=(None, None))
    answer_at(filed[1], a=(5, 999))
    answer_at(filed[2], **{f"s{n}": (n, n) for n in range(6)})

    owed = selectors.answers_asked([one.member_id for one in filed], period.edition.document)
    assert owed == [
        own + 2 * sites for own, sites in zip([5] * 8, [3, 1, 6] + [0] * 5, strict=True)
    ]

    run = run_of(period, today)

    assert run.cards.count() == len(answers) + 3
    assert run.cards.with_problems().count() == 6
    assert_stored_as_by_hand(run)


def test_every_word_on_a_value_is_read_as_it_is_by_hand(period, people, today):
    initiative = make_organisation("The initiative", sort=Organisation.Sort.INITIATIVE)
    Affiliation.objects.create(user=people.sam, organisation=initiative)
    members = many_members(4)
    file_returns(members, period, [GOOD] * 4)
    newest = file_return(members[0], period, WEAK, version=2)
    four = D(4)
    say(newest, "fees-repaid", "adjusted", people.ann, today, numerator=D(3), denominator=four)
    say(newest, "policy", "verified", people.ann, today)
    say(newest, "policy", "unsupported", people.ann, today)
    say(newest, "days-to-repay", "verified", people.sam, today)
    for member, outcome in zip(members[1:3], ("approved", "refused"), strict=True):
        filed = member.returns.get()
        say(filed, "fees-repaid", "verified", people.ann, today)
        say(filed, "papers-kept", outcome, people.sam, today)

    run = run_of(period, today)

    assert_stored_as_by_hand(run)
    assert "known" in run.cards.get(member=members[0]).inputs


@pytest.mark.parametrize("outcome", [None, "approved", "refused"])
def test_what_does_not_apply_is_read_as_it_is_by_hand(period, people, today, outcome):
    [member] = many_members(1)
    filed = file_return(member, period, {key: GOOD[key] for key in GOOD if key != "policy"})
    filed.values_reported.create(member=member, kpi="policy", state="not_applicable")
    if outcome:
        say(filed, "policy", outcome, people.sam, today)

    run = run_of(period, today)

    assert_stored_as_by_hand(run)
    [card] = run.cards.all()
    assert ('"policy":{"state":"not_applicable"}' in card.inputs) is (outcome == "approved")


def test_what_is_read_with_more_is_read_as_it_is_by_hand(people, today):
    edition = make_edition(with_more(), by=people.sam)
    assert frames.suits(edition.document)
    read_with_more = [kpi.code for kpi in edition.document.kpis if frames.needs_answers(kpi)]
    assert read_with_more == ["certified", "spent", "trained"]
    before, period = (period_of(edition, code) for code in ("2023", "2024"))
    members = many_members(4)
    in_euro = MORE_ANSWERS | {"spent": (9, "EUR")}  # no rate of 2023 is known
    file_returns(members[:3], before, [GOOD | in_euro, GOOD | MORE_ANSWERS, in_euro])
    services.publish_run(run_id=run_of(before, today).pk, by=people.sam, on=today)
    later = [MORE_ANSWERS | {"trained": 5000}, GOOD | {"certified": ("1", "9")}, {}]
    file_returns(members[1:], period, [GOOD | one for one in later])

    run = run_of(period, today)

    assert_stored_as_by_hand(run)
    assert run.cards.with_problems().count() == 1
    assert run.cards.filter(card__contains="carried forward from 2023").count() == 2


HOW_IT_CAME_IN = {
    "on time": "on_time",
    "late": "late",
    "late, and in its own time": "on_time",
    "late, and after its own time": "late",
    "filed twice": "on_time",
    "incomplete": "incomplete",
    "not filed": "missing",
    "not judged": "under_verification",
    "judged": "on_time",
    "judged, then unsupported": "under_verification",
    "said not to apply": "under_verification",
    "said not to apply, approved": "on_time",
    "said not to apply, refused": "on_time",
    "filed with nothing in it": "under_verification",
}


LATE = timedelta(weeks=1)


def came_in(how: str, member, period, by, today) -> None:
    """File a return of a member, so that it came in as said."""
    if how == "not filed":
        return
    told_on(how, member, period.code, period.due_on)
    given = GOOD | MORE_ANSWERS | {"effort": "improving"}
    left_out = "effort" if how == "not judged" else "audit" if how.startswith("said") else ""
    given.pop(left_out, None)
    filed = file_return(member, period, {} if how == "filed with nothing in it" else given)
    if left_out == "audit":
        filed.values_reported.create(member=member, kpi="audit", state="not_applicable")
    words = {"approved": ("audit", {}), "refused": ("audit", {}), "unsupported": ("effort", {})}
    if how.startswith("judged"):
        say(filed, "effort", "judged", by, today, labels=["improving"])
    if last := words.get(how.split()[-1]):
        say(filed, last[0], how.split()[-1], by, today)


def told_on(how: str, member, code: str, due: date) -> None:
    """State when a return was filed, and what moved its day or was found of it."""
    if how.startswith("late") or how == "filed twice":
        state(member, ReturnFiled(), due + LATE, key=code)
    if not how.startswith("late"):
        state(member, ReturnFiled(), due, key=code)
    if how == "incomplete":
        state(member, ReturnFoundIncomplete(), due, key=code)
    own = {"late, and in its own time": due + LATE, "late, and after its own time": due + LATE / 7}
    if how in own:
        state(member, ExtensionGranted(own[how]), due, key=code)


def test_how_a_return_came_in_is_read_as_it_is_by_hand(people, today):
    edition = make_edition(with_more(), by=people.sam)
    assert frames.suits(edition.document)
    period = period_of(edition)
    members = many_members(len(HOW_IT_CAME_IN))
    for member, how in zip(members, HOW_IT_CAME_IN, strict=True):
        came_in(how, member, period, people.sam, today)

    run = run_of(period, today)

    assert_stored_as_by_hand(run)
    found = {
        how: stored.read(run.cards.get(member=member).inputs).attributes["came-in"]
        for member, how in zip(members, HOW_IT_CAME_IN, strict=True)
    }
    assert found == HOW_IT_CAME_IN


def test_many_late_returns_take_as_many_queries_as_one(people, today):
    period = period_of(make_edition(with_more(), by=people.sam))
    members = many_members(12)
    for member in members:
        came_in("late", member, period, people.sam, today)
    counts = []
    for asked in (members[:1], members):
        with CaptureQueriesContext(connection) as queries:
            selectors.laid_out([member.pk for member in asked], period=period)
        counts.append(len(queries))

    assert counts[0] == counts[1]
