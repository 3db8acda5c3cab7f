"""Worker processes on the scratch database, started before time is taken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import TracebackType
from urllib.parse import quote

from django.conf import settings
from django.db import connection


def environment() -> dict[str, str]:
    """Return the environment of a process that works on the database of this moment."""
    at = connection.settings_dict
    user, host = at["USER"], quote(str(at["HOST"]), safe="")
    secret = f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else ""
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{user}{secret}@/{at['NAME']}?host={host}",
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_ROLE": "",
    }


class Workers:
    """Some workers, ready; ``work`` lets all of them work off a run and returns what they say."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._processes: list[subprocess.Popen] = []

    def __enter__(self) -> Workers:
        command = [sys.executable, "manage.py", "bench", "--worker"]
        for _ in range(self.count):
            self._processes.append(
                subprocess.Popen(
                    command,
                    env=environment(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=settings.BASE_DIR,
                )
            )
        for process in self._processes:
            self._line(process)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.stdin.close()
            process.wait()

    def work(self, run_id: int) -> list[dict[str, float]]:
        for process in self._processes:
            process.stdin.write(f"{run_id}\n")
            process.stdin.flush()
        return [json.loads(self._line(process)) for process in self._processes]

    def _line(self, process: subprocess.Popen) -> str:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"a worker ended with status {process.wait()}")
        return line
