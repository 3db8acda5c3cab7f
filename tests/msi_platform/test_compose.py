"""What docker-compose.yml promises, and that it starts the same engines as a laptop does."""

import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from msi_platform.management.commands.grant import ROLE
from msi_platform.servers import postgres, valkey

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
WORKERS = ["worker", "worker-mail", "worker-reports", "worker-runs"]
RUNTIME = ["web", "scheduler", *WORKERS]


def test_all_parts_are_there():
    assert sorted(SERVICES) == ["broker", "database", "migrate", "scheduler", "web", *WORKERS]


def test_every_line_of_work_has_workers_with_a_limit_of_memory():
    served = {}
    for name in WORKERS:
        command = SERVICES[name]["command"]
        served[command[command.index("--queues") + 1]] = SERVICES[name]["mem_limit"]
    platform = import_module("msi_platform.settings")
    assert served.keys() == {queue.name for queue in platform.CELERY_TASK_QUEUES}
    routed = {route["queue"] for route in platform.CELERY_TASK_ROUTES.values()}
    assert routed < served.keys()


def test_a_child_that_grew_beyond_its_memory_ends_after_its_task_and_before_the_container_does():
    platform = import_module("msi_platform.settings")
    child = platform.CELERY_WORKER_MAX_MEMORY_PER_CHILD * 1024
    runs = SERVICES["worker-runs"]
    children = int(runs["command"][runs["command"].index("--concurrency") + 1])
    assert child == 1024**3  # what docs/operations.md says of every line of work
    assert children * child < int(runs["mem_limit"].removesuffix("g")) * 1024**3


def test_no_task_may_run_longer_than_its_message_is_held():
    platform = import_module("msi_platform.settings")
    limits = [one["time_limit"] for one in platform.CELERY_TASK_ANNOTATIONS.values()]
    held = platform.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert max(*limits, platform.CELERY_TASK_TIME_LIMIT) < held


@pytest.mark.parametrize("name", ["broker", "database", *RUNTIME])
def test_every_lasting_service_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", RUNTIME)
def test_nothing_works_before_the_tables_are_there(name):
    waits = SERVICES[name]["depends_on"]
    assert waits["migrate"]["condition"] == "service_completed_successfully"
    assert waits["broker"]["condition"] == "service_healthy"
    assert SERVICES["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", RUNTIME)
def test_only_migrations_have_the_owners_rights(name):
    assert f"//{ROLE}:" in SERVICES[name]["environment"]["DATABASE_URL"]
    assert "DATABASE_ROLE_PASSWORD" not in SERVICES[name]["environment"]


@pytest.mark.parametrize(
    ("service", "program"),
    [("database", postgres.binaries() / "postgres"), ("broker", valkey.binary())],
)
def test_the_image_has_the_major_version_of_the_embedded_server(service, program):
    printed = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    embedded = re.search(r"(?:PostgreSQL\) |v=)(\d+)\.", printed.stdout)
    image = re.fullmatch(r"(?:postgres|valkey/valkey):(\d+)", SERVICES[service]["image"])
    assert image[1] == embedded[1]


def test_the_database_compiles_no_plans():
    assert SERVICES["database"]["command"] == ["postgres", "-c", "jit=off"]


def test_no_password_is_written_down():
    written = {
        f"{service}: {name}"
        for service, settings in SERVICES.items()
        for name, value in settings.get("environment", {}).items()
        if name.endswith(("PASSWORD", "_KEY")) and not re.fullmatch(r"\$\{\w+:[?-].*\}", value)
    }
    assert written == set()
