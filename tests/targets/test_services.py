from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.selectors import system_user
from ledger.models import Entry
from members import services as members
from members.models import Fact, Span
from rulebooks.rules import facts
from targets import selectors, services
from targets.models import Extension, Period
from tests.factories import LAMPS, REPLACES_LAMPS, make_edition, make_member, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def periods(edition, work_due):
    work_due()
    return {period.code: period for period in Period.objects.all()}


def opened():
    return Entry.objects.filter(event="targets.periods.opened")


def test_an_adopted_edition_lays_out_its_periods(periods, edition):
    assert sorted(periods) == ["2023", "2024", "2025", "2026"]
    assert periods["2025"].edition == edition
    assert periods["2025"].due_on == date(2026, 3, 31)
    assert opened().get().data["periods"] == ["2023", "2024", "2025", "2026"]


def test_open_periods_twice_changes_and_records_nothing(periods, edition, today):
    assert services.open_periods(edition=edition, by=system_user(), on=today) == []
    assert opened().count() == 1


NEXT = (
    LAMPS.replace("code: lamps-2024", "code: lamps-2026")
    .replace("in_force_from: 2023-01-01", "in_force_from: 2026-06-01")
    .replace("replaces: null", REPLACES_LAMPS)
    .replace("due_on: 2027-03-31", "due_on: 2027-04-15")
)


def test_a_new_edition_governs_only_windows_that_open_under_it(periods, edition, people, work_due):
    new = make_edition(NEXT, by=people.sam)
    work_due()

    governed = dict(Period.objects.values_list("code", "edition__code"))
    assert governed == {c: edition.code for c in ("2023", "2024", "2025")} | {"2026": new.code}
    assert Period.objects.get(code="2026").due_on == date(2027, 4, 15)
    assert opened().order_by("pk").last().data["periods"] == ["2026"]


def test_a_window_that_opened_before_members_were_notified_stays_with_the_edition_before(
    periods, edition, people, work_due
):
    new = make_edition(NEXT, by=people.sam)
    told = {"edition_id": new.pk, "served_on": date(2027, 2, 1), "by": people.sam}
    with pytest.raises(members.CannotNotify, match="yet to come"):
        members.notify_edition(**told, on=date(2027, 1, 31))
    members.notify_edition(**told, on=date(2027, 2, 1))
    work_due()

    assert Period.objects.get(code="2026").edition == edition
    assert Period.objects.get(code="2026").due_on == date(2027, 3, 31)
    with pytest.raises(members.CannotNotify, match="was served on 2027-02-01 already"):
        members.notify_edition(**told, on=date(2027, 2, 2))


def test_a_period_that_no_edition_has_any_more_is_withdrawn(periods, people, work_due):
    make_edition(NEXT.replace('code: "2026"', 'code: "2026-27"'), by=people.sam)
    work_due()

    assert not Period.objects.filter(code="2026").exists()
    assert opened().order_by("pk").last().data["withdrawn"] == ["2026"]


def test_a_withdrawn_period_stays_while_an_extension_rests_on_it(
    periods, people, member, today, work_due
):
    extend(member, periods["2026"], date(2027, 4, 20), people.sam, today)
    make_edition(NEXT.replace('code: "2026"', 'code: "2026-27"'), by=people.sam)
    work_due()

    assert Period.objects.filter(code="2026").exists()


def test_only_the_platform_lays_out_periods(edition, people, today):
    with pytest.raises(PermissionDenied):
        services.open_periods(edition=edition, by=people.ada, on=today)


def extend(member, period, until, by, on, reason="Flood at the site"):
    return services.grant_extension(
        member=member, period=period, until_on=until, reason=reason, by=by, on=on
    )


def test_an_extension_moves_the_obligation(periods, member, people, today):
    extension = extend(member, periods["2025"], date(2026, 5, 15), people.sam, today)

    window = selectors.window(member, periods["2025"])
    assert (window.due_on, window.late_until) == (date(2026, 5, 15), date(2026, 5, 15))
    overdue = Span.objects.get(member=member, key="annual-return:2025", state="missed")
    assert overdue.from_on == date(2026, 5, 16)
    entry = Entry.objects.get(event="targets.extension.granted")
    assert entry.data == {"member": member.code, "period": "2025", "until_on": "2026-05-15"}
    assert entry.subject == f"targets.Extension:{extension.pk}"
    assert Fact.objects.get(entry=entry).key == "2025"


@pytest.mark.parametrize(
    ("until", "on", "reason", "why"),
    [
        (date(2026, 5, 1), date(2026, 4, 1), "Flood", "the deadline passed on 31 Mar 2026"),
        (date(2026, 3, 31), date(2026, 3, 2), "Flood", "must lie after 31 Mar 2026"),
        (date(2026, 5, 1), date(2026, 3, 2), "  ", "gives its reason"),
    ],
)
def test_an_extension_is_refused_with_its_reason(periods, member, people, until, on, reason, why):
    with pytest.raises(services.CannotExtend, match=why):
        extend(member, periods["2025"], until, people.sam, on, reason)

    assert not Extension.objects.exists()
    assert not Entry.objects.filter(event="targets.extension.granted").exists()


def test_an_extension_is_granted_on_the_due_day_and_once(periods, member, people):
    due = periods["2025"].due_on
    extend(member, periods["2025"], date(2026, 5, 1), people.sam, due)

    with pytest.raises(services.CannotExtend, match="already, until 1 May 2026"):
        extend(member, periods["2025"], date(2026, 6, 1), people.sam, due)


def test_a_class_that_owes_no_return_needs_no_extension(periods, people, today):
    partner = make_member(member_class="partner", chamber="unions")

    with pytest.raises(services.CannotExtend, match="owes none"):
        extend(partner, periods["2025"], date(2026, 5, 1), people.sam, today)


@pytest.mark.parametrize("who", ["ada", "sid", "ann", "bea", "cam", "sys"])
def test_only_the_secretariat_grants_extensions(periods, member, people, today, who):
    with pytest.raises(PermissionDenied):
        extend(member, periods["2025"], date(2026, 5, 1), getattr(people, who), today)


# Selectors


def test_obligations_say_what_presses_first(periods, member, today, django_assert_num_queries):
    with django_assert_num_queries(2):  # spans, editions
        duties = selectors.obligations(member, on=today)

    assert [(d.key, d.state) for d in duties] == [
        ("annual-return:2025", "open"),
        ("annual-return:2024", "missed"),
        ("annual-return:2023", "missed"),
        ("sign-requirements:R1", "missed"),
        ("sign-requirements:R2", "missed"),
        ("annual-return:2026", "ahead"),
    ]
    open_one = duties[0]
    assert (open_one.title, open_one.about) == ("File the annual return", "Year 2025")
    assert open_one.course.words == "Due on 31 Mar 2026"
    assert duties[1].course.due_on == date(2025, 3, 31)  # not the end of the late window
    assert (
        open_one.how
        == "Due on 31 Mar 2026, clause 4.2 of Rulebook 2024 of the Fair Lamps Initiative"
    )


def test_a_signature_says_how_its_day_was_computed(periods, member, today):
    duty = next(d for d in selectors.obligations(member, on=today) if d.about_code == "R2")

    assert duty.how.startswith("1 Jan 2023 + 60 days, clause 3.3")


def test_filing_counts_members_by_where_their_return_stands(
    periods, member, people, today, django_assert_num_queries
):
    state(member, facts.ReturnFiled(), date(2026, 2, 1), key="2025")
    make_member("Late Ltd")
    make_member("Union", member_class="partner", chamber="unions")

    with django_assert_num_queries(2):  # roles, counts
        found = selectors.filing(periods["2025"], user=people.sam, on=today)
    assert (found.owed, found.filed, found.late) == (3, 1, 0)
    after = selectors.filing(periods["2025"], user=people.sam, on=date(2026, 4, 2))
    assert (after.filed, after.late) == (1, 2)


def test_filing_counts_only_members_that_one_may_see(periods, member, people, today):
    found = selectors.filing(periods["2025"], user=people.eve, on=today)

    assert found.owed == 1


def test_a_long_list_is_read_in_slices(periods, people, today):
    members = sorted(make_member().pk for _ in range(5))
    rows = selectors.filing_rows(periods["2025"], user=people.sam, on=today)

    first = selectors.slice_after(rows, after=None, key="member_id", size=3)
    second = selectors.slice_after(rows, after=first.next, key="member_id", size=3)

    assert [r.member_id for r in (*first.rows, *second.rows)] == members
    assert (first.begun, second.begun, second.next) == (False, True, None)


@pytest.mark.parametrize(
    ("on", "error"),
    [
        (date(2026, 1, 14), selectors.NotYetOpen),
        (date(2026, 5, 1), selectors.WindowClosed),
    ],
)
def test_a_return_is_filed_within_its_window(periods, member, on, error):
    with pytest.raises(error):
        selectors.open_window(member, periods["2025"], on=on)


def test_no_return_is_filed_by_a_class_that_owes_none(periods, people, today):
    partner = make_member(member_class="partner", chamber="unions")

    with pytest.raises(selectors.NothingOwed, match="class Partner file no return for Year 2025"):
        selectors.open_window(partner, periods["2025"], on=today)


def test_no_return_is_filed_for_a_cancelled_period(periods, member, people, today):
    members.cancel_cycle(period="2025", by=people.sam, on=today)

    with pytest.raises(selectors.PeriodCancelled):
        selectors.open_window(member, periods["2025"], on=today)
