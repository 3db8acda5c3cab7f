"""``manage.py replay``: a small data set of our own, what may differ, and the scratch database."""

import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from ledger.models import Entry
from rulebooks.models import Edition
from suspensions.rules.replay import Replay
from suspensions.services import scratch
from suspensions.services.scratch import NoScratch, Scratch
from tests.factories import LAMPS
from tests.kpis.imports.builders import LONG

ROOT = Path(__file__).parents[2]
REPLAY = """
format: 1
title: Lamps, replayed
data: lamps
edition: edition.yaml
inputs:
  - {profile: profile.yaml, file: answers.csv}
published:
  - level: total
    file: scores.csv
    rows: [{column: Level, is: [total]}]
    member: Company
    period: {column: Year}
    node: {fixed: recruitment}
    value: Value
    within: 0.001
  - level: papers
    file: scores.csv
    rows: [{column: Level, is: [papers]}]
    member: Company
    period: {column: Year}
    node: {fixed: papers}
    value: Value
  - level: rank
    file: scores.csv
    rows: [{column: Level, is: [rank]}]
    member: Company
    period: {column: Year}
    cohort: rank
    value: Value
    within: 0
"""
PROFILE = LONG.replace(
    "unknown: refuse",
    "unknown: {member_class: full, chamber: companies, admitted_on: {fixed: 2022-01-01}"
    ", admitted: true}",
)
ANSWERS = """Company,Year,KPI,Value,Of
Fig Ltd,2023,policy,written,
Fig Ltd,2023,papers-kept,no,
Fig Ltd,2024,policy,none,
Fig Ltd,2024,papers-kept,yes,
Elm Ltd,2024,policy,written and public,
"""
# Fees are missing and count as 0: (0.5 × 0 + 0.2 × 50) / 0.7 = 14.28… → 14.3
SCORES = """Level,Company,Year,Value
total,Fig Ltd,2023,14.3
total,Fig Ltd,2024,0.0
total,Elm Ltd,2024,28.6000000001
papers,Fig Ltd,2023,Kept by workers
papers,Elm Ltd,2024,Unknown
rank,Fig Ltd,2024,2
rank,Elm Ltd,2024,1
"""
KNOWN = """
known_differences:
  - {level: total, member: fig ltd, period: "2023", published: "15", reason: a misprint}
"""


@pytest.fixture
def lamps(tmp_path, settings):
    """Return a function that writes the replay and runs it: status, what it printed, the error."""
    settings.MSI_DATA = tmp_path
    (tmp_path / "lamps").mkdir()

    def run(*words, replay=REPLAY, scores=SCORES, answers=ANSWERS):
        (tmp_path / "replay.yaml").write_text(replay)
        (tmp_path / "edition.yaml").write_text(LAMPS)
        (tmp_path / "profile.yaml").write_text(PROFILE)
        (tmp_path / "lamps" / "scores.csv").write_text(scores)
        (tmp_path / "lamps" / "answers.csv").write_text(answers)
        out = StringIO()
        try:
            call_command("replay", str(tmp_path / "replay.yaml"), "--json", *words, stdout=out)
        except CommandError as error:
            return error.returncode, out.getvalue() and json.loads(out.getvalue()), str(error)
        return 0, json.loads(out.getvalue()), ""

    return run


def misprinted(scores: str = SCORES) -> str:
    return scores.replace("2023,14.3", "2023,15")


def test_all_equal_ends_with_0(lamps):
    status, told, error = lamps("--pure")

    assert (status, error, told["unexpected"]) == (0, "", [])
    assert {name: level["equal"] for name, level in told["levels"].items()} == {
        "total": 3,
        "papers": 2,
        "rank": 2,
    }


def test_a_difference_ends_with_1_and_shows_the_inputs_that_decide_it(lamps):
    status, told, error = lamps("--pure", scores=misprinted())

    [differing] = told["levels"]["total"]["differing"]
    assert (status, error) == (1, "total: Fig Ltd, 2023, recruitment")
    assert differing == {
        "member": "Fig Ltd",
        "period": "2023",
        "node": "recruitment",
        "published": "15",
        "computed": "14.3",
        "known": False,
        "inputs": {"fees-repaid": "missing", "policy": ["written"], "days-to-repay": "missing"},
    }


def test_known_differences_must_be_exactly_those_found(lamps):
    known = REPLAY + KNOWN

    assert lamps("--pure", replay=known, scores=misprinted())[0] == 0
    assert lamps("--pure", replay=known)[2] == "total: fig ltd, 2023 no longer differs"
    other = known.replace('published: "15"', 'published: "16"')
    assert lamps("--pure", replay=other, scores=misprinted())[0] == 1


def test_an_outcome_that_was_not_computed_differs(lamps):
    status, told, _ = lamps("--pure", scores=SCORES + "total,Oak Ltd,2024,50\n")

    assert status == 1
    assert told["levels"]["total"]["differing"][0]["computed"] is None


@pytest.mark.django_db(transaction=True)
def test_nothing_published_reaches_the_computation(lamps):
    """Whatever was published, and whatever is known to differ, the outcomes are the same."""
    nonsense = "Level,Company,Year,Value\n" + "".join(
        f"{line.rpartition(',')[0]},-1\n" for line in SCORES.splitlines()[1:]
    )

    for words in ((), ("--pure",)):
        _, told, _ = lamps(*words, replay=REPLAY + KNOWN, scores=nonsense)
        computed = {
            (name, one["member"], one["period"]): one["computed"]
            for name, level in told["levels"].items()
            for one in level["differing"]
        }
        assert computed == {
            ("total", "Fig Ltd", "2023"): "14.3",
            ("total", "Fig Ltd", "2024"): "0",
            ("total", "Elm Ltd", "2024"): "28.6",
            ("papers", "Fig Ltd", "2023"): "Kept by workers",
            ("papers", "Elm Ltd", "2024"): "Unknown",
            ("rank", "Fig Ltd", "2024"): "2",
            ("rank", "Elm Ltd", "2024"): "1",
        }


WRONG_CALLS = {
    "no data set": (REPLAY.replace("data: lamps", "data: bulbs"), "there is no data set bulbs"),
    "no such input": (REPLAY.replace("answers.csv", "none.csv"), "there is no such file"),
    "no edition": (REPLAY.replace("edition.yaml", "none.yaml"), "No such file"),
    "an unknown field": (REPLAY + "colour: red\n", "replay.yaml:32:1: colour"),
    "no column": (REPLAY.replace("member: Company", "member: Firm"), "column Firm: the column is"),
    "node and cohort": (
        REPLAY.replace("cohort: rank", "cohort: rank\n    node: {fixed: papers}"),
        "either node or cohort",
    ),
    "an unknown level": (REPLAY + KNOWN.replace("total", "sum"), "is no level; allowed: total"),
}


@pytest.mark.parametrize(("replay", "message"), WRONG_CALLS.values(), ids=list(WRONG_CALLS))
def test_a_wrong_call_ends_with_2(lamps, replay, message):
    status, _, error = lamps("--pure", replay=replay)

    assert status == 2
    assert message in error


@pytest.mark.parametrize("name", ["data: ../secrets", "data: /etc"])
def test_a_data_set_is_named_not_addressed(name):
    with pytest.raises(ValueError, match="data"):
        Replay.load(REPLAY.replace("data: lamps", name))


def test_the_rules_alone_need_no_server(lamps, tmp_path):
    lamps("--pure")
    nowhere = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "x",
        "MSI_DATA": str(tmp_path),
        "MSI_VAR": str(tmp_path / "var"),
    }
    command = [sys.executable, "manage.py", "replay", str(tmp_path / "replay.yaml"), "--pure"]

    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | nowhere, capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "total: 3 of 3 equal" in ran.stdout
    assert not (tmp_path / "var").exists()


# The scratch database


def databases() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select datname from pg_database where datname like 'msi_replay_%'")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_the_platforms_path_leaves_nothing_behind(lamps):
    before = Entry.objects.count(), Edition.objects.count()

    status, told, error = lamps()

    assert (status, error, told["unexpected"]) == (0, "", [])
    assert (Entry.objects.count(), Edition.objects.count()) == before
    assert databases() == []
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_scratch_database_is_dropped_when_something_fails(settings):
    backend = settings.EMAIL_BACKEND

    def fail():
        with Scratch() as made:
            assert connection.settings_dict["NAME"] == made.name
            assert settings.EMAIL_BACKEND == scratch.NO_MAIL
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail()

    assert databases() == []
    assert not connection.settings_dict["NAME"].startswith("msi_replay_")
    assert backend == settings.EMAIL_BACKEND


@pytest.mark.django_db
def test_a_replay_refuses_to_run_inside_a_transaction():
    with pytest.raises(NoScratch, match="inside a transaction"):
        Scratch().__enter__()


HOLD = """
import os, django, time
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = os.environ["HOME_DATABASE"]
from suspensions.services.scratch import Scratch
with Scratch():
    print("made", flush=True)
    time.sleep(60)
"""


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_replay_left_is_dropped_by_the_next_and_a_living_one_is_not():
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "HOME_DATABASE": str(connection.settings_dict["NAME"]),
    }
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "made\n"
        [held] = databases()
        assert swept() == []
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert databases() == [held]

    deadline = time.monotonic() + 20
    while not (dropped := swept()) and time.monotonic() < deadline:
        time.sleep(0.1)  # the server needs a moment to see that a session has ended

    assert dropped == [held]
    assert databases() == []


def swept() -> list[str]:
    """Do what a replay does first, and return what it dropped."""
    next_one = Scratch()
    try:
        return next_one.drop_stale()
    finally:
        next_one.admin.close()
