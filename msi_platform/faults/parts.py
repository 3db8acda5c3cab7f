"""The parts that are struck: a worker of our own, the embedded broker and PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connections

PATIENCE = 60  # seconds
OPTIONS = ("--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING")


class Worker:
    """A Celery worker with two children, started anew after each death, as a service would."""

    def __init__(self) -> None:
        self.log = settings.VAR / "log"
        self.log.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "--app", "msi_platform.celery", "worker"]
        with (self.log / "faults-worker.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *OPTIONS],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def children(self) -> list[int]:
        """Return the processes of the pool."""
        pid = self._process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def wait_until_ready(self) -> None:
        wait(lambda: len(self.children()) >= 2, "the worker has no children")

    def kill(self, *, whole: bool) -> None:
        """Kill the worker, or one of its children, which it then replaces."""
        os.kill(self._process.pid if whole else self.children()[0], signal.SIGKILL)
        if whole:
            self._process.wait()
            self.start()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(PATIENCE)


def restart_broker() -> None:
    """End the broker, which forgets everything, and start an empty one."""
    settings.SERVERS.valkey.stop()
    settings.SERVERS.valkey.start()


def stop_database_at_once() -> None:
    """Stop PostgreSQL as a power cut would leave it, and start it again: it recovers."""
    postgres = settings.SERVERS.postgres
    pid = postgres.postmaster()
    immediate = signal.SIGQUIT
    os.kill(pid, immediate)
    wait(lambda: postgres.postmaster() != pid, "PostgreSQL does not stop")
    postgres.start()
    connections.close_all()


def wait(condition: Callable[[], bool], complaint: str, seconds: float = PATIENCE) -> None:
    """:raises RuntimeError: the condition does not come about in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(complaint)
        time.sleep(0.02)
