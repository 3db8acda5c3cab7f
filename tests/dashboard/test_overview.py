"""The overview of a member, once scores were published."""

import pytest

from accounts.selectors import system_user
from kpis import services
from tests.conftest import everybody
from tests.kpis.filings import GOOD, file_return, period_of

pytestmark = pytest.mark.django_db


def test_targets_stand_beside_the_members_own_number(client, member, edition, people, today):
    period = period_of(edition)
    file_return(member, period, GOOD)
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    services.publish_run(run_id=run.pk, by=people.sam, on=today)

    seen = {}
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        answer = client.get(f"/members/{member.code}/overview/")
        seen.setdefault(answer.status_code, set()).add(name)
        if answer.status_code == 200:
            text = answer.content.decode()
            assert "All fees paid back by 2028" in text
            assert "75" in text

    assert seen.pop(200) == {"sam", "cam", "lou", "ada", "sid", "avi", "ann"}
    assert seen.pop(302) == {"nobody"}
    assert set(seen) == {404}
