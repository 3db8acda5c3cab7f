"""A merger in a real browser: shown, confirmed, and followed from the old page to the new."""

import pytest
from django.urls import reverse

from members.models import Member
from tests.plugin_browser import flaws

pytestmark = pytest.mark.django_db(transaction=True)


def enter(tab, live_server, user):
    tab.goto(live_server.url + "/sign-in/")
    tab.fill("#id_username", user.email)
    tab.fill("#id_password", "pw")
    tab.click("main button")
    tab.wait_for_selector(".bar-who form")


def test_a_merger_is_shown_confirmed_and_leads_on(tab, live_server, member, people, work_due):
    work_due()
    other = Member.objects.get(organisation__name="Other Lamps")
    enter(tab, live_server, people.sam)
    tab.goto(live_server.url + reverse("members:membership", args=[member.code]))
    assert flaws(tab) == []

    tab.click("text=Part of another member")
    tab.fill("#id_other", other.code)
    tab.select_option("#id_obligations", "end")
    tab.fill("#id_reasons", "One company from today.")
    tab.click("text=Show what it brings")
    assert "Nothing has changed yet" in tab.inner_text("main")
    assert flaws(tab) == []
    tab.click("text=Merge from today")

    assert f"Part of {other.name}" in tab.inner_text("main")
    tab.set_viewport_size({"width": 360, "height": 740})
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.click(f"main >> text={other.name}")
    assert member.name in tab.inner_text("main")
    for page in ("membership", "contacts"):
        tab.goto(live_server.url + reverse(f"members:{page}", args=[other.code]))
        assert flaws(tab) == []
