"""Periods on days of members' own: rows when a window opens, filing, pages without a calendar."""

import re
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.selectors import system_user
from kpis import selectors as returns
from ledger.models import Entry
from members.models import Span
from targets import selectors, services
from targets.models import Period
from tests.factories import LAMPS, make_edition, make_mandate, make_member

pytestmark = pytest.mark.django_db

ROLLING = """periods:
  - {kind: rolling, code: cop, name: Annual report, counted_from: last_return, every: {years: 1},
     opens: {months: 3}, until: 2035-12-31, clause: "4.1"}

obligations:"""
OWN = re.sub(r"periods:\n.*?\nobligations:", ROLLING, LAMPS, flags=re.S)
OWN = OWN.replace("    newcomer: {exempt: {months: 12}, tested_on: window_opens}\n", "")
NONE = re.sub(r"periods:\n.*?\nobligations:", "obligations:", LAMPS, flags=re.S)
PAGES = ("/", "/periods/", "/periods/circulars/", "/returns/", "/runs/", "/rulebook/lamps-2024/")


@pytest.fixture
def edition(people):
    return make_edition(OWN, by=people.sam)


@pytest.fixture
def filer(edition, people, work_due):
    member = make_member("Cop & Co", admitted_on=date(2025, 4, 10))
    make_mandate(member, people.ada)
    work_due()
    return member


def open_rows(on):
    return services.open_own_periods(on=on, by=system_user())


def test_a_row_is_laid_out_when_the_window_opens_and_shared(filer, work_due):
    twin = make_member("Twin", admitted_on=date(2025, 4, 10))

    assert open_rows(date(2026, 1, 9)) == []
    assert [period.code for period in open_rows(date(2026, 1, 10))] == ["cop.2026-04-10"]
    assert open_rows(date(2026, 1, 10)) == []

    period = Period.objects.get()
    assert (period.rule, period.is_own, period.due_on) == ("cop", True, date(2026, 4, 10))
    assert period.name == "Annual report due 10 Apr 2026"
    assert Entry.objects.get(event="targets.periods.opened").data["periods"] == ["cop.2026-04-10"]
    for member in (filer, twin):
        assert selectors.open_window(member, period, on=date(2026, 2, 1)).due_on == period.due_on


def test_nobody_files_for_the_days_of_another(filer):
    other = make_member("Other", admitted_on=date(2025, 7, 1))
    open_rows(date(2026, 1, 10))

    with pytest.raises(selectors.CannotFile, match="has days of its own"):
        selectors.open_window(other, Period.objects.get(), on=date(2026, 2, 1))


def test_the_own_period_is_offered_to_those_it_is_due_to(filer, people):
    other = make_member("Other", admitted_on=date(2025, 7, 1))
    make_mandate(other, people.ada)
    open_rows(date(2026, 1, 10))

    offered = returns.to_file(people.ada, on=date(2026, 2, 1))

    assert [(one.member, one.period.code) for one in offered] == [(filer, "cop.2026-04-10")]


def test_an_adopted_edition_withdraws_no_period_of_ones_own(filer, edition, today):
    open_rows(date(2026, 1, 10))

    services.open_periods(edition=edition, by=system_user(), on=today)

    assert Period.objects.filter(code="cop.2026-04-10").exists()


def test_only_the_platform_lays_out_periods_of_ones_own(filer, people, today):
    with pytest.raises(PermissionDenied):
        services.open_own_periods(on=today, by=people.ada)


@pytest.mark.parametrize("text", [OWN, NONE], ids=["only rolling periods", "no periods"])
def test_no_page_needs_a_calendar(client, people, work_due, text, today):
    make_edition(text, by=people.sam)
    member = make_member("Eve Ltd")
    make_mandate(member, people.ada)
    work_due()
    open_rows(today)
    for user in (people.sam, people.ada):
        client.force_login(user)
        for page in (*PAGES, f"/members/{member.code}/", f"/members/{member.code}/obligations/"):
            assert client.get(page).status_code in {200, 403}, page


def test_the_page_of_periods_counts_those_of_members_own(client, people, filer):
    client.force_login(people.sam)

    answer = client.get("/periods/").content.decode()

    assert "On days of members" in answer
    assert "Annual report" in answer
    assert "31 Dec 2035" in answer


def test_the_obligations_page_says_due_on_a_day_and_why(client, people, filer):
    client.force_login(people.sam)

    answer = client.get(f"/members/{filer.code}/obligations/").content.decode()

    assert "10 Apr 2025 + 1 year" in answer


def test_a_day_ends_at_the_hour_of_the_edition(people, work_due):
    text = OWN.replace(
        "time_zone: Europe/Berlin",
        'time_zone: Europe/Berlin\nday_ends: {at: "23:00", zone: UTC, clause: "4.4"}',
    )
    make_edition(text, by=people.sam)
    make_member("Cop & Co", admitted_on=date(2025, 4, 10))
    work_due()
    open_rows(date(2026, 1, 10))
    period = Period.objects.get()

    in_time = datetime(2026, 4, 10, 22, 59, tzinfo=UTC)
    assert selectors.filing_day(period, at=in_time) == date(2026, 4, 10)
    assert selectors.filing_day(period, at=in_time.replace(hour=23)) == date(2026, 4, 11)
    assert Span.objects.get(key="annual-return:cop.2026-04-10", state="open")
