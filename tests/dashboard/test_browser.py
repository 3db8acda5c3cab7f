"""The homes and what hangs on them in a real browser: accessible, without error, on a phone too."""

import pytest
from django.urls import reverse

from members.models import Signature
from tests.conftest import everybody
from tests.factories import make_organisation
from tests.plugin_browser import flaws

pytestmark = pytest.mark.django_db(transaction=True)

CAST = ["sam", "cam", "lou", "pat", "bea", "ada", "sid", "ann", "noor", "dot", "sys", "nobody"]


@pytest.fixture
def ready(member, work_due):
    work_due()
    make_organisation("Free Lamps")
    return member


def enter(tab, live_server, user):
    tab.goto(live_server.url + "/sign-in/")
    tab.fill("#id_username", user.email)
    tab.fill("#id_password", "pw")
    tab.click("main button")
    tab.wait_for_selector(".bar-who form")


def narrow(tab) -> bool:
    tab.set_viewport_size({"width": 360, "height": 740})
    return tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("who", CAST)
def test_a_home_is_accessible_and_fits_a_phone(tab, live_server, ready, people, who):
    user = everybody(people)[who]
    if user:
        enter(tab, live_server, user)
    tab.goto(live_server.url)

    assert tab.inner_text("h1")
    assert flaws(tab) == []
    assert narrow(tab)


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ("sam", ["members:directory", "members:outbox", "members:organisations", "members:apply"]),
        ("sam", ["members:applications", "rulebooks:editions", "rulebooks:draft"]),
        ("sys", ["accounts:users", "accounts:create-user", "accounts:password"]),
    ],
)
def test_pages_are_accessible_and_fit_a_phone(tab, live_server, ready, people, who, pages):
    enter(tab, live_server, getattr(people, who))
    for page in pages:
        tab.set_viewport_size({"width": 1280, "height": 860})
        tab.goto(live_server.url + reverse(page))
        assert (page, flaws(tab)) == (page, [])
        assert (page, narrow(tab)) == (page, True)


@pytest.mark.parametrize("page", ["member", "requirements", "people"])
def test_a_members_pages_are_accessible_and_fit_a_phone(tab, live_server, ready, people, page):
    enter(tab, live_server, people.sam)
    tab.goto(live_server.url + reverse(f"members:{page}", args=[ready.code]))

    assert flaws(tab) == []
    assert narrow(tab)


def test_an_edition_is_accessible_and_fits_a_phone(tab, live_server, ready):
    tab.goto(live_server.url + reverse("rulebooks:edition", args=["lamps-2024"]))

    assert flaws(tab) == []
    assert narrow(tab)


def test_a_signatory_signs_all_after_being_asked_once_more(tab, live_server, ready, people):
    enter(tab, live_server, people.sid)
    tab.click("text=Sign 2 requirements")
    tab.click("text=Sign all 2")
    assert "Sign all 2 texts for Ada & Co as Signatory?" in tab.inner_text("dialog")
    tab.click("dialog .btn-primary")
    tab.wait_for_selector("text=2 requirements signed")

    assert Signature.objects.count() == 2
