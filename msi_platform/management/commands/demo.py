"""Runs the whole platform on this machine, with demo data, until it is interrupted."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Mapping
from io import StringIO
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from msi_platform.management.commands.grant import ROLE
from msi_platform.running import Ended, Together

HOST = "127.0.0.1"
PATIENCE = 60  # seconds until all parts answer


class Command(BaseCommand):
    help = "Run database, broker, worker, scheduler and web server with demo data until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port: int, **options: object) -> None:
        if not settings.LOCAL:
            raise CommandError("DATABASE_URL is set: the demo fills embedded servers only.")
        require_free(port)
        sign_ins = self.prepare()
        env = {**os.environ, "DATABASE_ROLE": ROLE, "PYTHONUNBUFFERED": "1"}
        try:
            with Together(commands(port), env=env, logs=settings.VAR / "log") as parts:
                wait_until_ready(parts, port)
                self.stdout.write(f"\nThe platform runs at http://{HOST}:{port}\n\n{sign_ins}")
                self.stdout.write("Ctrl-C stops it.")
                self.stdout.flush()
                while True:
                    parts.check()
                    time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")
        except Ended as error:
            raise CommandError(str(error)) from None

    def prepare(self) -> str:
        """Bring tables, rights and data in place; return what to print about signing in."""
        self.stdout.write("Setting up the database and the demo data…")
        self.stdout.flush()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("grant", stdout=StringIO())
        sign_ins = StringIO()
        call_command("load_demo", stdout=sign_ins)
        settings.DEMO_MARK.touch()
        connections.close_all()
        return sign_ins.getvalue()


def commands(port: int) -> Mapping[str, list[str]]:
    celery = [sys.executable, "-m", "celery", "--app", "msi_platform.celery"]
    worker = [*celery, "worker", "--loglevel", "INFO"]
    others = ["--hostname", "worker@%h", "--queues", "celery,reports,mail"]
    return {
        "worker": [*worker, *others, "--concurrency", "1"],
        "scorer": [*worker, "--hostname", "scorer@%h", "--queues", "runs", "--concurrency", "2"],
        "scheduler": [*celery, "beat", "--pidfile", "", "--loglevel", "INFO"],
        "web": [
            *(sys.executable, "-m", "gunicorn", "msi_platform.wsgi", "--bind", f"{HOST}:{port}"),
            *("--workers", "2", "--threads", "4", "--access-logfile", "-"),
        ],
    }


def require_free(port: int) -> None:
    """:raises CommandError: when somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            message = f"Port {port} cannot be used ({error}): try PORT={port + 1} make demo"
            raise CommandError(message) from None


def wait_until_ready(parts: Together, port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        parts.check()
        try:
            with urlopen(f"http://{HOST}:{port}/readyz", timeout=5):
                return
        except (URLError, OSError) as error:
            if time.monotonic() > deadline:
                raise CommandError(f"Not ready after {PATIENCE} s: {error}") from None
        time.sleep(0.2)
