"""The rulebook in a real browser: from a text with faults to an edition that members know of."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from ledger import services as ledger
from members.models import Letter
from rulebooks.models import Edition
from tests.factories import (
    LAMPS,
    LEGAL_TEXT,
    make_countersigned,
    make_edition,
    make_member,
    next_lamps,
)
from tests.kpis.drafts import draft
from tests.kpis.test_moving import NEW as MOVED_TO
from tests.kpis.test_moving import OLD as MOVED_FROM
from tests.plugin_browser import flaws

NEXT = next_lamps(in_force_from="2029-06-01")
WRONG = NEXT.replace("exempt: {months: 12}", "exempt: a year", 1)


@pytest.fixture
def go(live_server, tab: Page):
    """Open a page as somebody, and find axe content with it, wide and narrow."""

    def open_as(user, url):
        sign_in(user, live_server, tab)
        for width in (390, 1280):
            tab.set_viewport_size({"width": width, "height": 860})
            tab.goto(live_server.url + url)
            look_over(tab, width)
        return tab

    return open_as


def sign_in(user, live_server, tab):
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    tab.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def look_over(tab, width=1280):
    assert flaws(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.django_db(transaction=True)
def test_from_a_text_with_faults_to_an_edition_that_members_know_of(member, people, go, tmp_path):
    file = tmp_path / "lamps-2026.yaml"
    file.write_text(WRONG)
    legal = tmp_path / "rulebook.txt"
    legal.write_bytes(LEGAL_TEXT)

    page = go(people.sam, reverse("rulebooks:draft"))
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Keep and check").click()
    page.get_by_text("is kept as it is, with its faults").wait_for()
    look_over(page)
    assert page.locator("#problem-1").evaluate(
        "p => { const r = p.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }"
    )
    page.get_by_label("or the text itself").fill(NEXT)
    page.get_by_role("button", name="Keep and check").click()
    page.get_by_text("is kept as a draft").wait_for()

    page.get_by_role("link", name="upload it").click()
    page.get_by_label("The adopted text").set_input_files(legal)
    page.get_by_role("button", name="Upload and compare").click()
    page.get_by_text("Compare the two side by side").wait_for()

    page = go(people.lou, reverse("rulebooks:edition", args=["lamps-2026"]))
    page.get_by_role("link", name="Every part, clause by clause").click()
    page.get_by_text("No worker pays for the job, and fees").first.wait_for()
    look_over(page)
    page = go(people.lou, reverse("rulebooks:countersign", args=["lamps-2026"]))
    page.get_by_label("I compared the draft").check()
    page.get_by_role("button", name="Countersign").click()
    page.get_by_text("is countersigned as a true encoding").wait_for()

    page = go(people.sam, "/bodies/")
    page.get_by_label("Name", exact=True).fill("Assembly")
    page.get_by_label("Code", exact=True).fill("assembly")
    page.get_by_role("button", name="Create it").click()
    page = go(people.pat, reverse("governance:resolve", args=["lamps-2026"]))
    page.get_by_label("The edition is adopted").check()
    page.get_by_label("Number of the resolution").fill("GA-2029/1")
    page.get_by_label("In favor").fill("12")
    page.get_by_label("Against").fill("1")
    page.get_by_role("button", name="Record").click()
    page.get_by_role("dialog").get_by_role("button", name="Record").click()
    page.get_by_text("The resolution is recorded").wait_for()

    page = go(people.sam, reverse("rulebooks:edition", args=["lamps-2026"]))
    page.get_by_role("button", name="Adopt").click()
    page.get_by_role("dialog").get_by_role("button", name="Adopt").click()
    page.get_by_text("can no longer be changed").wait_for()
    assert Edition.objects.get(code="lamps-2026").status == "adopted"
    ledger.work_due(now=timezone.now())
    assert Letter.objects.filter(template="edition-adopted", member=member).count() == 2

    page.get_by_role("link", name="Record the notice").click()
    look_over(page)
    page.get_by_role("button", name="Record the notice").click()
    page.get_by_role("dialog").get_by_role("button", name="Record the notice").click()
    page.get_by_text("The notice is recorded as served").wait_for()


@pytest.mark.django_db(transaction=True)
def test_every_page_is_accessible(edition, people, go):
    make_countersigned(NEXT, by=people.sam, second=people.lou)
    for user, url in (
        (people.noor, "/rulebook/"),
        (people.noor, "/rulebook/lamps-2024/"),
        (people.noor, "/rulebook/lamps-2024/beside/"),
        (people.sam, "/rulebook/"),
        (people.sam, "/rulebook/lamps-2026/beside/"),
        (people.sam, "/rulebook/lamps-2024/errata/"),
        (people.sam, "/rulebook/lamps-2026/changes/"),
        (people.sam, "/rulebook/lamps-2026/methodology/"),
        (people.sam, "/rulebook/lamps-2026/legal-text/new/"),
        (people.lou, "/rulebook/lamps-2026/countersign/"),
        (people.pat, "/rulebook/lamps-2026/resolve/"),
    ):
        go(user, url)

    client = Client()
    client.force_login(people.sam)
    for text in (LAMPS, LAMPS.replace("exempt: {months: 12}", "exempt: a year", 1)):
        kept = client.post(reverse("rulebooks:draft"), {"text": text})
        url = kept["Location"].partition("#")[0]
        go(people.sam, url)
        go(people.sam, f"{url}versions/1/")


@pytest.mark.django_db(transaction=True)
def test_moving_returns_is_accessible_and_reviewed_by_a_second_person(people, go):
    today = timezone.localdate()
    make_edition(MOVED_FROM, by=people.sam)
    ledger.work_due(now=timezone.now())
    member = make_member("Ada & Co", representative=people.ada, signatory=people.sid)
    draft(member, people, today)
    make_edition(MOVED_TO, by=people.sam)
    ledger.work_due(now=timezone.now())

    go(people.sam, "/returns/moving/")
    page = go(people.sam, "/returns/moving/2025/lamps-2024/")
    page.get_by_role("button", name="Propose the move").click()
    page.get_by_text("A second person reviews it.").first.wait_for()
    page = go(people.lou, "/returns/moving/2025/lamps-2024/")
    page.get_by_role("button", name="Move them").click()
    page.get_by_role("dialog").get_by_role("button", name="Move them").click()
    page.get_by_text("The returns were moved").wait_for()
    look_over(page)
