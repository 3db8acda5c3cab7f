"""Processes that belong together: started together, stopped together."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

PATIENCE = 15  # seconds that a process has to end when asked


class Ended(RuntimeError):
    """One of the processes ended by itself; the message names it and its log."""


class Together:
    """Runs commands side by side, each with a log file, and stops all of them on leaving.

    The terminal's Ctrl-C reaches only the caller, who then stops them in order. Where ``setpriv``
    is at hand they also end when the caller is killed.
    """

    def __init__(
        self, commands: Mapping[str, Sequence[str]], *, env: Mapping[str, str], logs: Path
    ) -> None:
        self.commands = commands
        self.env = env
        self.logs = logs
        self._processes: dict[str, subprocess.Popen] = {}

    def __enter__(self) -> Together:
        self.logs.mkdir(parents=True, exist_ok=True)
        try:
            for name, command in self.commands.items():
                self._processes[name] = self._start(name, command)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def check(self) -> None:
        """:raises Ended: when a process has ended."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                log = self.logs / f"{name}.log"
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
                raise Ended(f"{name} ended (status {process.returncode}), see {log}:\n{tail}")

    def stop(self) -> None:
        """Ask all to end, last started first, and end those that do not."""
        for process in reversed(self._processes.values()):
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in self._processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()

    def _start(self, name: str, command: Sequence[str]) -> subprocess.Popen:
        setpriv = shutil.which("setpriv")
        prefix = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
        with (self.logs / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [*prefix, *command],
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
