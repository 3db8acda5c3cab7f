"""``manage.py`` as people call it, in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from manage import needs_servers

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = {  # refused at once: nobody listens on port 1
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "for this test only",
}


def manage(*words, var, **env):
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**kept, "MSI_VAR": str(var), "DJANGO_SETTINGS_MODULE": "msi_platform.settings", **env},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "needs"),
    [
        ("", False),
        ("help migrate", False),
        ("migrate --help", False),
        ("check", False),
        ("edition check some.yaml", False),
        ("verify report.pdf", False),
        ("replay some.yaml --pure --json", False),
        ("replay some.yaml", True),
        ("migrate", True),
        ("ledger verify", True),
    ],
)
def test_servers_are_started_only_for_what_needs_them(words, needs):
    assert needs_servers(words.split()) is needs


def test_what_needs_nothing_works_with_both_addresses_unreachable(tmp_path):
    done = manage("check", var=tmp_path, **NOWHERE)

    assert done.returncode == 0, done.stderr


def test_what_needs_nothing_starts_nothing(tmp_path):
    done = manage("check", var=tmp_path)

    assert done.returncode == 0, done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_a_command_starts_servers_and_leaves_them_stopped(tmp_path):
    done = manage("shell", "-v0", "-c", TELL, var=tmp_path)

    assert (done.returncode, done.stdout.split()) == (0, ["msi", "postgres", "True"]), done.stderr
    assert not (tmp_path / "pg/postmaster.pid").exists()


TELL = """
from django.core.cache import cache
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("select current_database(), current_user")
    cache.set("said", True)
    print(*cursor.fetchone(), cache.get("said"))
"""


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({**NOWHERE, "SECRET_KEY": ""}, "SECRET_KEY must be set"),
        ({**NOWHERE, "DATABASE_URL": "mysql://h/n"}, "DATABASE_URL must read postgres://"),
        ({"DEBUG": "perhaps"}, "DEBUG must be 1 or 0"),
    ],
)
def test_a_wrong_environment_is_one_readable_line(tmp_path, env, says):
    done = manage("check", var=tmp_path, **env)

    assert done.returncode != 0
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_away_from_the_embedded_servers_cookies_need_https(tmp_path):
    tell = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.DEBUG)"

    done = manage("shell", "-v0", "-c", tell, var=tmp_path, **NOWHERE)

    assert done.stdout.split() == ["True", "False"], done.stderr
