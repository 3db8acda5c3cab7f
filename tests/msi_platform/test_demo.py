"""The parts that the demo and the containers run, running together."""

import json
import os
import socket
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.core.management import CommandError

from msi_platform.management.commands import demo
from msi_platform.management.commands.grant import ROLE
from msi_platform.running import Together
from msi_platform.servers import Servers
from tests.msi_platform.test_manage import manage


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind((demo.HOST, 0))
        return probe.getsockname()[1]


def test_web_worker_and_scheduler_run_without_the_owners_rights(tmp_path, port):
    env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    env |= {
        "MSI_VAR": str(tmp_path),
        "DATABASE_ROLE": ROLE,
        "DJANGO_SETTINGS_MODULE": "msi_platform.settings",
    }
    with Servers(tmp_path, durable=False).hold():
        assert manage("migrate", "-v0", var=tmp_path).returncode == 0
        assert manage("grant", var=tmp_path).returncode == 0

        with Together(demo.commands(port), env=env, logs=tmp_path / "log") as parts:
            demo.wait_until_ready(parts, port)

            assert set(ask(port, "/readyz").values()) == {"ok"}
            assert manage("alive", "worker", var=tmp_path).returncode == 0
            assert manage("alive", "scheduler", var=tmp_path).returncode == 0

    with pytest.raises(OSError, match="refused"):
        ask(port, "/healthz")


def ask(port, page):
    try:
        with urlopen(f"http://{demo.HOST}:{port}{page}", timeout=10) as answer:
            return json.load(answer)
    except HTTPError as error:
        return json.load(error)


def test_a_port_in_use_is_said_before_anything_is_done(port):
    with socket.socket() as taken:
        taken.bind((demo.HOST, port))
        taken.listen()

        with pytest.raises(CommandError, match=f"Port {port} cannot be used.*PORT={port + 1}"):
            demo.require_free(port)
