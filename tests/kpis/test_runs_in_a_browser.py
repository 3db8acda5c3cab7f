"""Runs and cards as a browser shows them: progress that reloads, the sentence before publishing."""

import pytest

from accounts.selectors import system_user
from kpis import services
from kpis.services import runs
from tests.kpis.filings import GOOD, WEAK, file_returns, many_members, period_of
from tests.plugin_browser import flaws


@pytest.mark.django_db(transaction=True)
def test_a_run_is_watched_published_and_read(
    live_server, tab, people, edition, client, today, monkeypatch
):
    monkeypatch.setattr(runs, "SHARD", 2)
    period = period_of(edition)
    file_returns(many_members(6), period, [GOOD, WEAK, GOOD | {"papers-kept": None}] * 2)
    run = services.start_run(period=period, by=people.sam, on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today, limit=1)
    client.force_login(people.sam)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    tab.context.add_cookies([cookie | {"url": live_server.url}])

    tab.goto(f"{live_server.url}/runs/{run.pk}/")
    tab.get_by_text("1 of 3 parts are scored").wait_for()
    assert flaws(tab) == []
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    tab.get_by_role("button", name="Publish the scores").click()  # there once it reloaded
    dialog = tab.get_by_role("dialog")
    assert "Publish the scores of 6 members for Year 2024?" in dialog.inner_text()
    dialog.get_by_role("button", name="Publish the scores").click()
    tab.get_by_text("The scores are published.").wait_for()
    assert flaws(tab) == []

    tab.get_by_role("link", name="Failing").click()
    tab.locator("tbody tr").first.click()
    tab.get_by_role("heading", name="How it came about").wait_for()
    assert flaws(tab) == []
