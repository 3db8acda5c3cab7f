"""A server program: started when nothing of ours is in the way, awaited, run as its own user."""

from __future__ import annotations

import importlib.util
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from .errors import ServersError
from .identity import as_server_user

PATIENCE = 60  # seconds for a start, a recovery or a stop


def package_folder(name: str) -> Path:
    """Find a wheel's folder without importing it: the imports start threads and warn."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServersError(f"The package {name} is not installed: run `make setup`.")
    return Path(spec.origin).parent


def wait(condition: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise ServersError(f"{complaint} within {PATIENCE} s.")
        time.sleep(0.02)


def run(*command: str | Path) -> str:
    """Run a tool as the servers' user and return what it printed.

    :raises ServersError: with its words, when it fails.
    """
    prefix, who = as_server_user()
    words = [*prefix, *map(str, command)]
    done = subprocess.run(words, check=False, capture_output=True, text=True, cwd="/", **who)
    if done.returncode:
        raise ServersError(f"{Path(command[0]).name}: {done.stderr.strip() or done.stdout}")
    return done.stdout


class Program:
    """One server; a subclass says how it is asked, recognized and prepared."""

    name: str

    def __init__(self, log: Path) -> None:
        self.log = log
        self._child: subprocess.Popen | None = None

    def answers(self) -> bool:
        raise NotImplementedError

    def is_in_the_way(self) -> bool:
        """Whether a process of ours lives that does not answer: it recovers or is ending."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Clear what a former run left behind; called only when nothing is in the way."""

    def start_when_clear(self, command: list[str]) -> None:
        """Wait until the server answers; start it as soon as nothing of ours is in the way."""
        self._child = None

        def ready() -> bool:
            if self.answers():
                return True
            if self._child is None and not self.is_in_the_way():
                self.prepare()
                self._child = self._launch(command)
            if self._child is not None and self._child.poll() is not None:
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])
                raise ServersError(f"{self.name} ended at once; the end of {self.log}:\n{tail}")
            return False

        wait(ready, f"{self.name} does not answer; see {self.log}")

    def _launch(self, command: list[str]) -> subprocess.Popen:
        prefix, who = as_server_user()
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [*prefix, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is for the command, not for them
                cwd="/",
                **who,
            )

    def wait_until(self, gone: Callable[[], bool]) -> None:
        def ended() -> bool:
            if self._child is not None:
                self._child.poll()  # our own child would stay as a zombie
            return gone()

        wait(ended, f"{self.name} does not stop")
