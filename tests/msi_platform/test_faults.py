"""A small fault run: a worker, the broker and PostgreSQL are struck while a run is going on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def faults(var: Path, *words: str) -> subprocess.CompletedProcess:
    names = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    env = {**names, "MSI_VAR": str(var), "DJANGO_SETTINGS_MODULE": "msi_platform.settings"}
    command = [sys.executable, "manage.py", "faults", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
def test_nothing_is_lost_or_done_twice_whatever_is_struck(tmp_path):
    small = ("--members", "400", "--shard", "20", "--workers", "1", "--brokers", "1")

    done = faults(tmp_path, *small, "--databases", "1")

    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["fault"] for line in lines] == [
        "worker_killed",
        "broker_restarted_empty",
        "database_stopped_at_once",
    ]
    for line in lines:
        assert (line["injected"], line["lost"], line["doubled"]) == (1, 0, 0)
        assert line["equal"] is True


def test_a_database_with_an_address_is_not_struck(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@/nothing?host=/nowhere")
    monkeypatch.setenv("SECRET_KEY", "not a secret")

    refused = faults(tmp_path)

    assert refused.returncode == 2
    assert "DATABASE_URL is set; only embedded servers are struck" in refused.stderr
