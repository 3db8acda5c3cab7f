"""Register and reports in a real browser: accessible, quiet, and the acts ask before they act."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from reports import services
from tests.plugin_browser import flaws
from tests.reports.conftest import FINAL, impose

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = {
    "register": "/register/",
    "entry": "/register/{code}/",
    "reports": "/reports/?period=2024",
    "report": "/reports/{code}/2024/",
    "publishing": "/publishing/",
}


def sign_in(tab, live_server, user) -> None:
    browser = Client()
    browser.force_login(user)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    tab.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )


@pytest.fixture
def shown(story, people, today):
    impose(story.member, story.case, today)
    services.publish_membership(member=story.member, by=people.sam, on=today)
    return story


def test_each_page_is_accessible_and_fits_a_phone(tab, live_server, shown, people, today):
    services.publish_standing(member=shown.member, by=people.sam, on=today + FINAL)
    services.publish_memberships(by=people.sam, on=today)
    sign_in(tab, live_server, people.sam)
    for path in PAGES.values():
        for width in (1280, 360):
            tab.set_viewport_size({"width": width, "height": 800})
            tab.goto(live_server.url + path.format(code=shown.member.code))
            assert flaws(tab) == []
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, path


def test_publishing_asks_first_and_the_public_reads_it_then(tab, live_server, shown, people):
    sign_in(tab, live_server, people.sam)
    tab.goto(live_server.url + "/publishing/")

    tab.get_by_role("button", name="Publish", exact=True).click()
    dialog = tab.get_by_role("dialog")
    assert "Everybody can read it from now on" in dialog.inner_text()
    dialog.get_by_role("button", name=re.compile("Publish")).click()
    tab.get_by_text("Published: Ada & Co is warned.").wait_for()

    tab.context.clear_cookies()
    tab.goto(f"{live_server.url}/register/{shown.member.code}/")
    assert tab.get_by_text("Warned since 2 Mar 2026").count()


def test_an_auditor_downloads_a_report(tab, live_server, shown, people):
    sign_in(tab, live_server, people.ann)
    tab.goto(live_server.url + "/reports/?period=2024")

    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download report (PDF)").click()

    assert download.value.suggested_filename == f"accountability-{shown.member.code}-2024.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-1.7")
