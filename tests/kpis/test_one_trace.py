"""One engine: whoever shows a score, shows what was stored, made from the same lines."""

import json
import re
from datetime import date
from html import unescape
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from accounts.selectors import system_user
from kpis import services
from kpis.models import Evidence, Scorecard
from kpis.rules import scoring, stored
from kpis.rules.scoring import Card
from msi_platform.bench import worker
from reports import selectors as reports
from rulebooks.rules.facts import ScorePublished
from tests.kpis.filings import GOOD, file_return, period_of, tamper

pytestmark = pytest.mark.django_db
ODD = GOOD | {"fees-repaid": ("1", "3"), "days-to-repay": 85, "policy": None}
HASH = "ab" * 32


@pytest.fixture
def card(member, edition, people, today) -> Scorecard:
    period = period_of(edition)
    filed = file_return(member, period, ODD)
    Evidence.objects.create(
        member=member,
        of_return=filed,
        kpi="fees-repaid",
        sha256=HASH,
        size=1,
        media_type="application/pdf",
        name="a.pdf",
        file=ContentFile(b"a", name="a"),
        covers_from=date(2024, 1, 1),
        covers_until=date(2024, 12, 31),
        received_at=timezone.now(),
        received_from=people.ada,
    )
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    services.publish_run(run_id=run.pk, by=people.sam, on=today)
    return run.cards.get(member=member)


def lines_of(trace) -> list[dict]:
    return [line for node in trace for line in node["lines"]]


def test_page_api_console_and_report_show_the_same_lines(client, card, people, today):
    client.force_login(people.sam)
    of_api = client.get(f"/api/v1/scorecards/{card.pk}/").json()["reading"]
    out = StringIO()
    words = ("--period", "2024", "--member", card.member.code, "--explain", "--json")
    call_command("score", *words, stdout=out)
    of_console = json.loads(out.getvalue())
    page = client.get(f"/scorecards/{card.pk}/").content.decode()
    text = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))
    report = reports.accountability(
        card.member, card.period, by=people.sam, on=today, at=timezone.now()
    )

    assert of_api["trace"] == of_console["trace"]
    assert of_api["shortfall"] == of_console["shortfall"]
    for line in lines_of(of_api["trace"]):
        assert line["label"] in text
        assert line["figure"] in text
        assert line.get("note", "") in text
        for sha256 in line.get("evidence", ()):
            assert sha256 in page
    said = [receipt.published for receipt in report.score.receipts if receipt.published is not None]
    kept = [line.published for line in Card.read(card.card).lines if line.published is not None]
    assert said == kept
    assert (report.score.total, report.score.digest) == (card.content.total, card.digest)


def test_a_line_opens_to_policy_and_evidence(client, card, people):
    client.force_login(people.ada)

    lines = lines_of(client.get(f"/api/v1/scorecards/{card.pk}/").json()["reading"]["trace"])

    by_code = {line["code"]: line for line in lines if line["role"] == "input"}
    assert by_code["fees-repaid"]["evidence"] == [HASH]
    assert by_code["policy"]["note"] == "unknown; counts as 0"


def test_evidence_of_what_may_not_be_seen_is_not_told(client, card, people):
    tamper("update kpis_evidence set kpi = 'open-claims'")  # for counsel alone
    client.force_login(people.sam)

    assert HASH not in client.get(f"/api/v1/scorecards/{card.pk}/").content.decode()
    assert HASH not in client.get(f"/scorecards/{card.pk}/").content.decode()


def test_rules_read_what_was_published_to_the_last_digit(card):
    fact = card.member.facts.get(kind=ScorePublished.kind)

    kept = {
        line.node: f"{line.published:f}" for line in Card.read(card.card).lines if line.published
    }
    assert fact.data["numbers"] == kept


def test_what_simulations_and_replays_score_by_gives_the_stored_card(card):
    edition = card.edition.document
    given = stored.scorable(edition.tree.kpis, stored.read(card.inputs)).inputs

    assert scoring.score(edition, [given])[0] == Card.read(card.card)


def test_a_worker_of_a_benchmark_stores_the_same_card(card, today):
    again = services.start_run(period=card.period, by=system_user(), on=today)

    worker.work([str(again.pk)], say=str)

    made = again.cards.get(member=card.member)
    assert (made.card, made.inputs, made.digest) == (card.card, card.inputs, card.digest)
