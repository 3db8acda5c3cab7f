"""Mission, coverage and own targets in a real browser: accessible, and fit for a phone."""

from __future__ import annotations

import pytest

from tests.factories import make_edition
from tests.plugin_browser import flaws
from tests.reports.test_browser import sign_in
from tests.targets.promises import with_own_targets

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def edition(people):
    return make_edition(with_own_targets(), by=people.sam)


def test_a_member_proposes_staff_approve_and_every_page_fits_a_phone(
    tab, live_server, people, member, edition
):
    home = f"{live_server.url}/members/{member.code}/targets/"
    sign_in(tab, live_server, people.ada)
    tab.goto(home)
    tab.get_by_role("link", name="Propose a target").click()
    typed = {
        "Year of the baseline": "2024",
        "Baseline": "100",
        "Where the baseline was taken from": "Payroll",
        "Year of the goal": "2030",
        "Goal": "90",
    }
    for label, value in typed.items():
        tab.get_by_label(label, exact=True).fill(value)
    tab.get_by_role("button", name="Propose it").click()
    tab.get_by_text("90 is not ambitious enough").first.wait_for()
    tab.get_by_label("Goal", exact=True).fill("60")
    tab.get_by_role("button", name="Propose it").click()
    tab.get_by_text("T1 is proposed and waits to be decided.").wait_for()

    tab.context.clear_cookies()
    sign_in(tab, live_server, people.sam)
    tab.goto(f"{live_server.url}/targets/proposals/")
    tab.get_by_role("link", name="Ada & Co").click()
    tab.get_by_role("button", name="Approve it", exact=True).click()
    tab.get_by_text("T1 is approved and holds from today.").wait_for()

    pages = ("/targets/", f"/rulebook/{edition.code}/coverage/", f"/members/{member.code}/targets/")
    for path in (*pages, f"/members/{member.code}/targets/T1/", "/targets/proposals/"):
        for width in (1280, 360):
            tab.set_viewport_size({"width": width, "height": 800})
            tab.goto(live_server.url + path)
            assert flaws(tab) == []
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, path
