"""What gives more time, or frees: by kind, for one member or for all, each on record."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from ledger.models import Entry
from members.models import Fact, Span
from targets import selectors, services
from targets.models import Circular, Extension, Period
from tests.factories import LAMPS, make_edition, make_member

pytestmark = pytest.mark.django_db

GRACE = """
extensions:
  - {code: grace, name: Grace letter, term: {days: 90}, not_consecutive: true,
     approver: secretariat, label: On a grace letter, applies_to: [annual-return], clause: "4.5"}
  - {code: adjust, name: Adjustment, term: {months: 11}, at_most: 1, only_before_deadline: false,
     approver: secretariat, clause: "4.6"}
announced:
  - {code: window, periods: all, days: [due_on, late_until], by: secretariat, ahead: {days: 20},
     otherwise: as_written, clause: "4.7"}
"""
WITH_WORDS = LAMPS.replace("\nkpis:", f"{GRACE}\nkpis:")
DUTIES = """
  - {code: certify, title: Be certified, what: certificate, due: {after: {years: 2},
     counted_from: join}, late: {months: 6}, enforced_from: 2025-01-01, clause: "4.8"}
  - {code: fees, title: Pay the fee, what: fee, within: {days: 30}, enforced_from: 2025-01-01,
     clause: "4.9"}
"""


@pytest.fixture
def edition(people):
    return make_edition(
        WITH_WORDS.replace("\nextensions:", f"{DUTIES}\nextensions:"), by=people.sam
    )


@pytest.fixture
def periods(edition, work_due):
    work_due()
    return {period.code: period for period in Period.objects.all()}


def extend(member, period, kind, by, on, until_on=None):
    return services.grant_extension(
        member=member, period=period, until_on=until_on, reason="Flood", by=by, on=on, kind=kind
    )


def test_an_extension_is_as_long_as_its_kind_and_shows_its_label(periods, member, people, today):
    extension = extend(member, periods["2025"], "grace", people.sam, today)

    assert extension.until_on == date(2026, 6, 29)
    spans = Span.objects.filter(member=member, key="annual-return:2025").order_by("from_on")
    assert list(spans.values_list("state", "from_on")) == [
        ("open", date(2026, 1, 15)),
        ("extended", date(2026, 4, 1)),
        ("missed", date(2026, 6, 30)),
    ]
    duty = next(
        d for d in selectors.obligations(member, on=date(2026, 5, 1)) if d.state == "extended"
    )
    assert duty.course.words == "On a grace letter, due on 29 Jun 2026"
    assert Entry.objects.get(event="targets.extension.granted").data["kind"] == "grace"


@pytest.mark.parametrize(
    ("kind", "until_on", "on", "why"),
    [
        ("", None, date(2026, 3, 2), "choose a kind"),
        ("holiday", None, date(2026, 3, 2), "choose a kind .* Grace letter, Adjustment"),
        ("grace", date(2026, 6, 30), date(2026, 3, 2), "by 29 Jun 2026, which is 90 days later"),
        ("grace", date(2026, 3, 31), date(2026, 3, 2), "ends after 31 Mar 2026"),
        ("grace", None, date(2026, 4, 1), "the deadline passed on 31 Mar 2026"),
    ],
)
def test_an_extension_is_held_to_its_kind(periods, member, people, kind, until_on, on, why):
    with pytest.raises(services.CannotExtend, match=why):
        extend(member, periods["2025"], kind, people.sam, on, until_on)

    assert not Extension.objects.exists()


def test_a_kind_that_says_so_is_granted_after_the_deadline(periods, member, people):
    assert extend(member, periods["2025"], "adjust", people.sam, date(2026, 4, 10)).pk


def test_a_grace_letter_is_not_had_twice_running_and_an_adjustment_once(periods, member, people):
    extend(member, periods["2024"], "grace", people.sam, date(2025, 3, 1))
    with pytest.raises(services.CannotExtend, match="twice running"):
        extend(member, periods["2025"], "grace", people.sam, date(2026, 3, 2))

    extend(member, periods["2025"], "adjust", people.sam, date(2026, 3, 2))
    with pytest.raises(services.CannotExtend, match="to be had once, and was had 1 times"):
        extend(member, periods["2026"], "adjust", people.sam, date(2026, 3, 2))
    assert extend(member, periods["2026"], "grace", people.sam, date(2027, 3, 2)).pk


def test_days_are_announced_on_record_and_hold_for_all(periods, member, people, today, work_due):
    days = {"due_on": date(2026, 4, 15), "late_until": date(2026, 5, 15)}
    services.announce_period(
        period=periods["2025"], days=days, reason="The form came late", by=people.sam, on=today
    )
    work_due()

    period = Period.objects.get(code="2025")
    assert (period.due_on, period.late_until) == (date(2026, 4, 15), date(2026, 5, 15))
    overdue = Span.objects.get(member=member, key="annual-return:2025", state="overdue")
    assert overdue.from_on == date(2026, 4, 16)
    assert Entry.objects.get(event="targets.period.announced").data == {
        "period": "2025", "due_on": "2026-04-15", "late_until": "2026-05-15",
    }  # fmt: skip
    assert Circular.objects.get().reason == "The form came late"


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ({}, "at least one day"),
        ({"opens_on": date(2026, 4, 1)}, "opens_on of Year 2025 is not announced"),
        ({"due_on": date(2026, 3, 20)}, "20 days ahead, by 28 Feb 2026"),
        ({"due_on": date(2026, 5, 20)}, "closes in that order"),
    ],
)
def test_days_are_not_announced_too_late_or_out_of_order(periods, people, today, days, why):
    with pytest.raises(services.CannotTell, match=why):
        services.announce_period(
            period=periods["2025"], days=days, reason="Why", by=people.sam, on=today
        )

    assert not Circular.objects.exists()


def test_a_moratorium_rests_all_until_it_is_ended(periods, member, people, work_due):
    services.declare_moratorium(reason="Court order", by=people.sam, on=date(2026, 3, 2))
    work_due()
    key = {"member": member, "key": "annual-return:2025"}
    assert Span.objects.filter(**key).order_by("from_on").last().state == "moratorium"
    assert selectors.open_window(member, periods["2025"], on=date(2026, 9, 1))
    with pytest.raises(services.CannotTell, match="runs already"):
        services.declare_moratorium(reason="Again", by=people.sam, on=date(2026, 3, 3))

    services.end_moratorium(reason="Lifted", by=people.sam, on=date(2026, 4, 1))
    work_due()
    assert Span.objects.get(**key, state="overdue").from_on == date(2026, 5, 1)
    with pytest.raises(services.CannotTell, match="no moratorium"):
        services.end_moratorium(reason="Again", by=people.sam, on=date(2026, 4, 2))


def test_an_outage_moves_what_fell_due_in_it(periods, member, people, work_due):
    services.record_outage(
        from_on=date(2026, 3, 30), until_on=date(2026, 4, 6), reason="Server down",
        by=people.sam, on=date(2026, 4, 7),
    )  # fmt: skip
    work_due()

    window = selectors.window(member, periods["2025"])
    assert (window.due_on, window.late_until) == (date(2026, 4, 6), date(2026, 4, 30))


def test_a_cancelled_period_is_told_to_all_and_once(periods, people, today, work_due):
    services.cancel_period(period=periods["2025"], reason="New system", by=people.sam, on=today)
    work_due()

    assert not Span.objects.filter(key="annual-return:2025").exists()
    with pytest.raises(services.CannotTell, match="cancelled already"):
        services.cancel_period(period=periods["2025"], reason="Again", by=people.sam, on=today)


def test_an_exemption_frees_one_member_and_says_by_what(periods, member, people, today):
    other = make_member()
    services.grant_exemption(
        member=member, obligation="annual-return", until_on=date(2026, 12, 31), approver="Board",
        clause="8.2", reason="War", by=people.sam, on=today,
    )  # fmt: skip

    exempt = Span.objects.get(member=member, key="annual-return:2025", state="exempt")
    assert (exempt.from_on, exempt.clause) == (today, "8.2")
    assert not Span.objects.filter(member=other, state="exempt").exists()


def test_a_certificate_and_a_fee_are_recorded(periods, member, people, today):
    say = {"member": member, "by": people.sam, "on": today}
    certified = services.Record("certified", "certify", day=date(2026, 12, 31))
    services.record_duty(record=certified, about_on=date(2026, 2, 1), **say)
    invoiced = services.Record("invoiced", "I-1", obligation="fees")
    services.record_duty(record=invoiced, about_on=date(2026, 2, 1), **say)

    states = {s.key: s.state for s in Span.objects.filter(member=member).order_by("from_on")}
    assert states["certify:renewal-2026-12-31"] == "missed"
    assert Span.objects.get(member=member, key="fees:I-1", state="missed").from_on == date(
        2026, 3, 4
    )
    with pytest.raises(services.CannotRecord, match="recorded already"):
        services.record_duty(record=certified, about_on=date(2026, 2, 1), **say)
    with pytest.raises(services.CannotRecord, match="lies ahead"):
        services.record_duty(record=certified, about_on=date(2026, 5, 1), **say)
    assert Fact.objects.filter(member=member, kind="certificate.granted").count() == 1


def test_only_the_secretariat_gives_more_time_or_tells_all(periods, member, people, today):
    acts = [
        lambda by: extend(member, periods["2025"], "grace", by, today),
        lambda by: services.declare_moratorium(reason="x", by=by, on=today),
        lambda by: services.record_outage(
            from_on=today, until_on=today, reason="x", by=by, on=today
        ),
        lambda by: services.announce_period(
            period=periods["2025"], days={}, reason="x", by=by, on=today
        ),
        lambda by: services.record_duty(
            member=member, record=services.Record("done", "x"), about_on=today, by=by, on=today
        ),
    ]
    for act in acts:
        for name in ("ada", "eve", "bea", "ann", "noor"):
            with pytest.raises(PermissionDenied):
                act(getattr(people, name))
