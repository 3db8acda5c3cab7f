"""Breaches and cases in a real browser: accessible, on a phone too, and worked by hand."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from suspensions.models import Breach, Case, Reason
from tests.factories import make_edition, make_member
from tests.plugin_browser import flaws
from tests.suspensions.builders import (
    RECORDING,
    course,
    decide,
    lamps_missed_on,
    make_breach,
    make_case,
)

TODAY = timezone.localdate()
DAYS = course(TODAY - timedelta(days=60))


@pytest.fixture
def edition(people):
    return make_edition(lamps_missed_on(DAYS.raised), by=people.sam)


@pytest.fixture
def go(live_server, tab: Page):
    """Open a page as somebody, and find axe content with it, wide and narrow."""

    def open_as(user, url):
        client = Client()
        client.force_login(user)
        cookie = client.cookies["sessionid"].value
        tab.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        for width in (390, 1280):
            tab.set_viewport_size({"width": width, "height": 860})
            tab.goto(live_server.url + url)
            assert flaws(tab) == []
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
        return tab

    return open_as


@pytest.mark.django_db(transaction=True)
def test_an_officer_works_a_breach_into_a_case(member, people, go):
    breach = make_breach(member, people, day=DAYS)

    page = go(people.cam, f"/breaches/{breach.pk}/")
    page.get_by_label("Reason").fill("Nothing came.")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Open the case").click()
    page.get_by_label("Notice to the member").fill("Please answer.")
    page.get_by_role("button", name="Serve").click()
    page.get_by_role("dialog").get_by_role("button", name="Serve").click()
    page.get_by_text("time to answer runs from today").wait_for()

    assert page.get_by_text("(in 30 days)").count() > 0
    assert Case.objects.with_stage(TODAY).get().stage == "notified"


@pytest.mark.django_db(transaction=True)
def test_every_page_is_accessible(member, people, go):
    case = make_case(member, people, "answered", DAYS)
    other = Breach.objects.exclude(member=member).get()
    for user, url in (
        (people.cam, "/cases/"),
        (people.cam, "/breaches/"),
        (people.ada, f"/cases/{case.code}/"),
        (people.eve, f"/breaches/{other.pk}/"),
        (people.pat, "/matters/"),
        (people.pat, f"/matters/{case.code}/"),
        (people.sam, "/bodies/"),
    ):
        go(user, url)
    decide(case, people, "impose", TODAY)

    page = go(people.cam, f"/cases/{case.code}/")
    page.get_by_role("button", name="Carry out").click()
    page.get_by_role("dialog").get_by_role("button", name="Carry out").click()
    page.get_by_text("The member is told.").wait_for()
    go(people.sid, f"/cases/{case.code}/")


@pytest.mark.django_db(transaction=True)
def test_an_officer_records_what_was_judged_and_found(people, go):
    make_edition(RECORDING, by=people.sam)
    member = make_member("Ada & Co", representative=people.ada)
    url = f"/members/{member.code}/records/"

    page = go(people.cam, url)
    page.get_by_label("Severity").select_option("priority")
    page.get_by_label("Code", exact=True).fill("F1")
    page.get_by_label("Reasons").last.fill("A door was locked.")
    page.get_by_role("button", name="Record the finding").click()
    page.get_by_text("1 finding open").wait_for()

    page = go(people.cam, url)
    page.get_by_label("Matter and outcome").select_option("not shown")
    page.get_by_label("About", exact=True).fill("2025")
    page.get_by_label("Reasons").first.fill("Nothing was done.")
    page.get_by_role("button", name="Record the judgement").click()
    page.get_by_text("2 recorded").wait_for()
    assert Reason.objects.count() == 2

    page = go(people.ada, url)
    page.get_by_text("A door was locked.").wait_for()
