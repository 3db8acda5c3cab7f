"""``manage.py recompute --check``: what is stored is what follows, or it is named."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.selectors import system_user
from kpis import services
from members.models import Member
from tests.kpis.filings import GOOD, WEAK, file_return, period_of, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(member, edition, people, today):
    period = period_of(edition)
    file_return(member, period, GOOD | {"days-to-repay": 9999})
    services.work_open_shards(
        run_id=services.start_run(period=period, by=system_user(), on=today).pk,
        by=system_user(),
        on=today,
    )
    file_return(member, period, WEAK, version=2)
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    return services.publish_run(run_id=run.pk, by=people.sam, on=today)


def recompute(*words) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("recompute", "--check", *words, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def test_all_that_is_stored_follows(run):
    status, out = recompute("--json")

    found = json.loads(out)
    assert (status, found["equal"], found["differences"]) == (0, True, [])
    assert found["compared"]["members"] == Member.objects.count() == 2
    assert (found["compared"]["runs"], found["compared"]["scorecards"]) == (2, 4)
    assert found["compared"]["spans"] > 10


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        pytest.param(
            "update members_span set state = 'suspended' where kind = 'standing'",
            "spans of standing",
            id="a standing that no fact gives",
        ),
        pytest.param(
            "delete from members_span where key = 'annual-return:2024' and state = 'missed'",
            "spans of obligation annual-return:2024",
            id="a span that is gone",
        ),
        pytest.param(
            "update kpis_scorecard set total = total + 1",
            "scorecard: total",
            id="a total that was raised",
        ),
        pytest.param(
            "update kpis_scorecard set card = replace(card, 'failing', 'leading')",
            "scorecard: card",
            id="a card that was rewritten",
        ),
        pytest.param(
            "update kpis_scorecard set inputs = replace(inputs, '\"none\"', '\"written\"')",
            "scorecard: card, digest, fingerprint, total",
            id="inputs that were rewritten",
        ),
        pytest.param(
            "update kpis_scorerun set cohort = '{}'", "cohort", id="ranks that were taken away"
        ),
        pytest.param(
            "update kpis_scorerun set root = repeat('0', 64)", "root", id="a root of other cards"
        ),
    ],
)
def test_whatever_was_changed_is_named(run, sql, named):
    tamper(sql)

    status, out = recompute("--json")

    assert status == 1
    assert named in {difference["what"] for difference in json.loads(out)["differences"]}


def test_a_person_reads_what_differs(run, member):
    tamper(
        "update members_span set state = 'left' "
        f"where kind = 'standing' and member_id = {member.pk}"
    )

    status, out = recompute()

    assert status == 1
    assert out.splitlines()[0] == f"member {member.code}: spans of standing"
    assert out.splitlines()[-1].endswith(": 1 differ")
