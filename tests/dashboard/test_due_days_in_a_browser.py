"""The calendar by keyboard, and the pages of obligations and the matrix: accessible, on a phone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.dashboard.test_browser import enter, narrow
from tests.plugin_browser import flaws

pytestmark = pytest.mark.django_db(transaction=True)

FOCUSED = "document.activeElement.dataset.day || document.activeElement.textContent"


@pytest.fixture
def ready(member, work_due):
    work_due()
    return member


def test_the_calendar_is_read_by_keyboard(tab, live_server, ready, people):
    enter(tab, live_server, people.sam)
    tab.goto(f"{live_server.url}{reverse('targets:agenda')}?month=2026-03")

    tab.focus("[data-day]")
    for key, day in (
        ("ArrowRight", "2026-03-02"),
        ("ArrowDown", "2026-03-09"),
        ("End", "2026-03-31"),
        ("ArrowRight", "2026-03-31"),
        ("Home", "2026-03-01"),
    ):
        tab.keyboard.press(key)
        assert tab.evaluate(FOCUSED) == day, key
    tab.keyboard.press("End")
    tab.keyboard.press("Tab")
    assert "File the annual return" in tab.evaluate(FOCUSED)
    tab.focus("[data-day]")
    tab.keyboard.press("PageDown")
    tab.wait_for_selector("h1:has-text('April 2026')")


def test_pages_of_due_days_and_the_matrix_are_accessible_and_fit_a_phone(
    tab, live_server, ready, people
):
    enter(tab, live_server, people.sam)
    year = timezone.localdate().year
    for page in (
        f"{reverse('targets:agenda')}?month=2026-03",
        f"{reverse('targets:agenda')}?year={year}",
        reverse("targets:everybody"),
        reverse("targets:recent_changes"),
        reverse("targets:changes", args=[ready.code]),
        reverse("targets:feed"),
        f"{reverse('dashboard:matrix')}?period=2025",
        reverse("dashboard:cell", args=[ready.code, "2025", "R1"]),
        reverse("dashboard:start"),
        reverse("kpis:old-sheet"),
    ):
        tab.set_viewport_size({"width": 1280, "height": 860})
        tab.goto(live_server.url + page)
        assert (page, flaws(tab)) == (page, [])
        assert (page, narrow(tab)) == (page, True)
