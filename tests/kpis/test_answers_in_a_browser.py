"""Findings, money, what does not apply, and a judgement, walked in a real browser."""

import pytest
from django.utils import timezone

from kpis import selectors
from kpis.models import Return, Verification
from rulebooks.rules.answers import State
from tests.factories import make_edition
from tests.kpis.drafts import COMPLETE, draft, filed
from tests.kpis.more_kpis import with_more
from tests.kpis.open_period import lamps_open_on
from tests.kpis.test_answers_read_with_more import NOT_HERE
from tests.plugin_browser import flaws

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def edition(people, today):
    return make_edition(with_more(lamps_open_on(today)), by=people.sam)


@pytest.fixture
def walk(tab, client, live_server, member, work_due, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    work_due()

    def walk(user, path):
        client.force_login(user)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        tab.context.clear_cookies()
        tab.context.add_cookies([cookie | {"url": live_server.url}])
        tab.goto(live_server.url + path)
        assert flaws(tab) == [], path
        return tab

    return walk


def press(tab, word):
    with tab.expect_navigation():
        tab.get_by_role("button", name=word, exact=True).first.click()


def test_findings_money_and_what_does_not_apply(walk, people, member, today):
    begun = draft(member, people, today, typed=COMPLETE)
    tab = walk(people.ada, f"/returns/{begun.pk}/edit/")
    assert tab.locator("#kpi-effort").count() == 0  # a judgement is not asked of the member
    tab.fill("#id_audit-count-0", "0")
    tab.fill("#id_audit-count-1", "two")
    tab.fill("#id_spent-number", "100")
    press(tab, "Save")
    assert flaws(tab) == []
    assert tab.locator("#kpi-audit .field-error").inner_text().startswith("Say how many for minor")
    assert "currency, one of: EUR, USD" in tab.locator("#kpi-spent .field-error").inner_text()
    assert tab.input_value("#id_audit-count-1") == "two"  # nothing typed is lost

    tab.fill("#id_audit-count-1", "2")
    tab.fill("#id_audit-count-2", "3")
    tab.select_option("#id_spent-labels", "USD")
    tab.fill("#id_trained-number", "40")
    tab.locator("#kpi-certified").get_by_label("Does not apply (say why)").check()
    tab.locator("#kpi-certified summary").click()
    tab.fill("#id_certified-note", "We buy nothing")
    press(tab, "Save")
    assert flaws(tab) == []
    tab.get_by_role("button", name="Submit for sign-off", exact=True).click()
    with tab.expect_navigation():
        tab.locator("dialog.confirm").get_by_role("button", name="Submit for sign-off").click()
    waiting = Return.objects.get()
    assert waiting.status == "submitted"

    tab = walk(people.sid, f"/returns/{waiting.pk}/sign-off/")
    assert "critical 0, major 2, minor 3" in tab.locator("main").inner_text()
    assert "100 USD" in tab.locator("main").inner_text()


def test_the_secretariat_approves_and_judges_with_reasons(walk, people, member, today):
    signed = filed(member, people, today, typed=NOT_HERE)
    tab = walk(people.sam, signed.get_absolute_url())
    assert "Counts as missing until it is approved" in tab.locator("#kpi-audit").inner_text()
    with tab.expect_navigation():
        tab.get_by_role("link", name="Decide what waits for you").click()
    assert flaws(tab) == []
    assert tab.locator("section.question").count() == 2  # what is for others is not on the page

    tab.locator("#kpi-audit").get_by_label("Approved: it does not apply").check()
    tab.locator("#kpi-effort").get_by_label("Judged as below").check()
    tab.locator("#kpi-effort").get_by_label("improving").check()
    press(tab, "Keep these words")
    assert flaws(tab) == []
    assert "Say why it does not apply" in tab.locator("#kpi-audit").inner_text()

    tab.fill("#id_audit-reason", "It only trades")
    tab.fill("#id_effort-reason", "Two programs grew")
    press(tab, "Keep these words")
    assert flaws(tab) == []
    assert set(Verification.objects.values_list("outcome", flat=True)) == {"approved", "judged"}

    found = selectors.effective_answers([member.pk], period=signed.period)[member.pk].answers
    assert found["audit"].state is State.NOT_APPLICABLE
    assert found["effort"].labels == ("improving",)
    tab = walk(people.ada, signed.get_absolute_url())
    assert "Does not apply: approved" in tab.locator("#kpi-audit").inner_text()
    assert "Two programs grew" in tab.locator("#kpi-effort").inner_text()
