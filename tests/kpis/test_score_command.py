"""``manage.py score`` as people and scripts call it."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.selectors import system_user
from kpis import services
from kpis.models import ScoreRun
from kpis.services import runs
from tests.factories import LAMPS, make_edition
from tests.kpis.filings import GOOD, WEAK, file_return, period_of, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(edition):
    return period_of(edition)


def score(*words) -> str:
    out = StringIO()
    call_command("score", *words, stdout=out)
    return out.getvalue()


def refused(*words) -> tuple[int, str]:
    with pytest.raises(CommandError) as error:
        score(*words)
    return error.value.returncode, str(error.value)


def test_a_period_is_scored_without_a_worker(member, period):
    file_return(member, period)

    outcome = json.loads(score("--period", "2024", "--json"))

    run = ScoreRun.objects.get()
    assert (outcome["run"], outcome["status"], outcome["members"]) == (run.pk, "provisional", 2)
    assert outcome["bands"] == {"Failing": 1, "Improving": 0, "Leading": 1}
    assert outcome["root"] == run.root


def test_a_run_left_half_done_is_finished(member, period, today, monkeypatch):
    monkeypatch.setattr(runs, "SHARD", 1)
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today, limit=1)

    text = score("--period", "2024")

    assert text.startswith(
        f"Run {run.pk} of period 2024 under lamps-2024: 2 members scored, provisional.\n"
    )
    assert ScoreRun.objects.count() == 1


def test_one_member_is_scored_now_and_nothing_is_stored(member, period):
    file_return(member, period)

    outcome = json.loads(score("--period", "2024", "--member", member.code, "--json"))

    assert (outcome["total"], outcome["band"], outcome["verdict"]) == (
        "87.5",
        "leading",
        "Kept by workers",
    )
    assert outcome["stored"] == {}
    assert not ScoreRun.objects.exists()


def test_one_member_is_compared_with_the_stored_card(member, period):
    file_return(member, period)
    run = json.loads(score("--period", "2024", "--json"))["run"]

    def stored():
        return json.loads(score("--period", "2024", "--member", member.code, "--json"))["stored"]

    same = {"run": run, "status": "provisional", "equal": True, "same_inputs": True}
    assert stored() == same
    file_return(member, period, WEAK, version=2)
    assert stored() == same | {"equal": False, "same_inputs": False}


def test_another_card_for_the_same_inputs_is_an_error(member, period):
    file_return(member, period)
    run = json.loads(score("--period", "2024", "--json"))["run"]
    tamper("update kpis_scorecard set digest = repeat('0', 64)")

    status, message = refused("--period", "2024", "--member", member.code)

    assert (status, message) == (1, f"run {run} stored another card for the same inputs")


def test_explain_prints_the_receipt_and_keeps_from_the_console_what_is_for_counsel(member, period):
    file_return(member, period, GOOD | {"policy": None, "papers-kept": None})

    text = score("--period", "2024", "--member", member.code, "--explain")

    assert "  ground   Were papers of workers kept at any site?: knocked out: unknown" in text
    assert "Recruitment (weighted mean), clause 6.1" in text
    lines = [" ".join(line.replace("..", "").split()) for line in text.splitlines()]
    assert any(line.startswith("Recruitment fees paid back × 0.5") for line in lines)
    assert any(line.endswith("67.5 [half up to 0.1]") for line in lines)
    assert "Next band: Improving, from 50 to below 75" in text
    assert "  held back by Were papers of workers kept at any site?: unknown (clause 5.4)" in text
    assert "    Policy on recruitment fees (clause 5.2): unknown" in text


def test_explain_shows_to_each_reader_what_the_classes_allow(member, people):
    text = LAMPS.replace("lamps-2024", "lamps-2025").replace(
        "in_force_from: 2023-01-01", "in_force_from: 2025-01-02"
    )
    fees = "confidentiality: secretariat_and_auditor\n    evidence: required"
    assert fees in text
    closed = make_edition(text.replace(fees, fees.replace("secretariat_and_auditor", "counsel")))
    file_return(member, period_of(closed))
    call = ("--period", "2024", "--member", member.code)

    shown = {
        who: score(*call, "--explain", "--as", getattr(people, who).email)
        for who in ("ada", "lou", "sam", "ann")
    }

    assert "30 of 40" in shown["ada"] == shown["lou"]
    assert "30 of 40" not in shown["sam"] == shown["ann"] == score(*call, "--explain")
    for who in ("eve", "noor"):
        email = getattr(people, who).email
        assert refused(*call, "--as", email) == (1, f"{email} may not read {member.code}")
    nobody = "x@nowhere.example"
    assert refused(*call, "--as", nobody) == (2, f"nobody signs in as {nobody}")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_a_run_is(member, period, monkeypatch):
    file_return(member, period)
    monkeypatch.setattr(runs, "SHARD", 1)
    shown, other = Terminal(), StringIO()

    call_command("score", "--period", "2024", stdout=StringIO(), stderr=shown)
    call_command("score", "--period", "2024", stdout=StringIO(), stderr=other)

    half, whole = (re.sub(r"\s+$", "", one) for one in shown.getvalue().split("\r")[1:])
    assert half == f"{'█' * 20}{'·' * 20} 1 of 2 parts are scored"
    assert whole == f"{'█' * 40} 2 of 2 parts are scored"
    assert shown.getvalue().endswith("\n")
    assert other.getvalue() == ""


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        pytest.param(
            ("--period", "1999"), 2, "no period has the code 1999; there are 2024", id="period"
        ),
        pytest.param(
            ("--period", "2024", "--member", "X"), 2, "no member has the code X; there", id="member"
        ),
        pytest.param(
            ("--period", "2024", "--explain"), 2, "--explain needs --member CODE", id="explain"
        ),
        pytest.param(
            ("--period", "2024", "--as", "a@b.example"), 2, "--as needs --member CODE", id="as"
        ),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(member, period, words, status, message):
    found = refused(*words)

    assert found[0] == status
    assert found[1].startswith(message)


def test_a_period_that_has_not_opened_is_refused(member, edition):
    period_of(edition, "2026")
    assert refused("--period", "2026") == (1, "period 2026 opens on 2027-01-15")
