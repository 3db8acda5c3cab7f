"""A return, walked by a representative, a signatory and an auditor in a real browser."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from kpis.models import Evidence, Return, Verification
from tests.factories import make_edition
from tests.kpis.drafts import filed
from tests.kpis.open_period import lamps_open_on
from tests.plugin_browser import flaws

pytestmark = pytest.mark.django_db(transaction=True)

SHOTS = os.environ.get("MSI_SHOTS")  # a folder: keep pictures of each page, to be looked at


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def edition(people, today):
    return make_edition(lamps_open_on(today), by=people.sam)


@pytest.fixture(autouse=True)
def _ready(member, work_due, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    work_due()


@pytest.fixture
def walk(tab, client, live_server):
    """Sign in as somebody, open pages, and look at each: no flaw for axe, no error in between."""

    class Walk:
        page = tab

        def as_(self, user):
            client.force_login(user)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
            tab.context.clear_cookies()
            tab.context.add_cookies([cookie | {"url": live_server.url}])
            return self

        def open(self, path):
            tab.goto(live_server.url + path)
            return self

        def look(self, name):
            if SHOTS:
                Path(SHOTS).mkdir(parents=True, exist_ok=True)
                tab.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
            assert flaws(tab) == [], name
            return self

        def press(self, word, *, confirm=False):
            button = tab.get_by_role("button", name=word, exact=True).first
            if confirm:
                button.click()
                button = tab.locator("dialog.confirm").get_by_role("button", name=word)
            with tab.expect_navigation():
                button.click()
            return self

        def follow(self, word):
            with tab.expect_navigation():
                tab.get_by_role("link", name=word).first.click()
            return self

    return Walk()


def test_a_return_from_its_first_answer_to_the_auditors_word(walk, people, member, tmp_path):
    page = walk.page
    walk.as_(people.ada).open("/returns/").look("1-returns-member")
    walk.press("Begin the return").look("2-empty-form")

    page.get_by_label("Paid back", exact=True).fill("30")
    page.get_by_label("Found", exact=True).fill("4O")
    page.locator("#kpi-days-to-repay").get_by_label("Answer").fill("9999")
    page.locator("#kpi-policy").get_by_label("written", exact=True).check()
    walk.press("Save").look("3-errors")
    assert page.get_by_label("Found", exact=True).input_value() == "4O"

    receipts = tmp_path / "receipts.pdf"
    receipts.write_bytes(b"%PDF-1.4 receipts")
    page.get_by_label("Found", exact=True).fill("40")
    page.locator("#kpi-days-to-repay").get_by_label("Answer").fill("20")
    page.locator("#kpi-papers-kept").get_by_label("no", exact=True).check()
    page.locator("#kpi-open-claims").get_by_label("Not known").check()
    page.locator("#kpi-fees-repaid input[type=file]").set_input_files(receipts)
    walk.press("Save").look("4-saved")
    walk.press("Submit for sign-off", confirm=True).look("5-submitted")

    walk.as_(people.sid).open("/returns/").look("6-returns-signatory")
    walk.follow("Read and sign").look("7-sign-off")
    walk.press("Sign and file", confirm=True).look("8-filed")
    assert Return.objects.get().status == "filed"

    walk.as_(people.ann).open("/audits/").look("9-audits")
    walk.follow("Ada & Co")
    first = page.locator("#kpi-fees-repaid")
    first.get_by_label("Adjusted").check()
    walk.press("Keep these words").look("10-verify-errors")
    first.get_by_label("Reason (needed unless verified)").fill("5 receipts are missing")
    first.get_by_label("Paid back", exact=True).fill("25")
    first.get_by_label("Found", exact=True).fill("40")
    page.locator("#kpi-policy").get_by_label("Verified", exact=True).check()
    walk.press("Keep these words").look("11-verified")
    assert Verification.objects.count() == 2

    walk.as_(people.sam).open("/returns/").look("12-returns-staff")
    walk.open(Return.objects.get().get_absolute_url()).look("13-read-staff")


def test_the_calendar_and_what_is_owed(walk, people, member):
    walk.as_(people.sam).open("/periods/").look("20-periods")
    walk.open("/periods/2025/").look("21-period")
    walk.open(f"/periods/2025/extend/{member.code}/").look("22-extend")
    walk.as_(people.ada).open(f"/members/{member.code}/obligations/").look("23-obligations")
    walk.open("/targets/").look("24-targets")


def test_on_a_phone_and_in_the_dark(walk, people, member, today):
    signed = filed(member, people, today)
    walk.page.set_viewport_size({"width": 390, "height": 844})
    walk.page.emulate_media(color_scheme="dark")
    walk.as_(people.ann).open(f"/returns/{signed.pk}/").look("30-phone-read")
    walk.open(f"/returns/{signed.pk}/verify/").look("31-phone-verify")


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    walk, people, member, settings, tmp_path
):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    large = tmp_path / "large.pdf"
    large.write_bytes(b"x" * (3 * 1024 * 1024))
    walk.as_(people.ada).open("/returns/").press("Begin the return")
    walk.page.locator("#kpi-fees-repaid input[type=file]").set_input_files(large)

    said = walk.page.locator("#kpi-fees-repaid [role=alert]").inner_text()
    assert said == "large.pdf has 3.0 MB; at most 1 MB are taken. It was not added."
    walk.look("40-too-large").press("Save")
    assert not Evidence.objects.exists()
