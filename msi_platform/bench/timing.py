"""What a benchmark gives, and how time is taken."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

TIMES = 5  # of which the best counts as the floor


@dataclass(frozen=True, slots=True)
class Result:
    """One line: what was done, how long it took, and how long the least that it could take is."""

    bench: str
    work: dict[str, Any]
    seconds: float
    floor_seconds: float

    def as_plain(self) -> dict[str, Any]:
        return {
            "bench": self.bench,
            "work": {**self.work, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)},
            "seconds": round(self.seconds, 4),
            "floor_seconds": round(self.floor_seconds, 4),
            "ratio": round(self.seconds / self.floor_seconds, 2),
        }


def seconds(act: Callable[[], object]) -> float:
    """Return how long ``act`` takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def best(act: Callable[[], object], times: int = TIMES) -> float:
    """Return the shortest time that ``act`` takes of several."""
    return min(seconds(act) for _ in range(times))


def statement(sql: str, given: object = None) -> Callable[[], object]:
    """Return the act of running a statement and fetching all that it gives."""

    def run() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return cursor.fetchall()

    return run


def plain_copy(stored: str, bare: str, folder: Path) -> float:
    """Return how long a plain COPY takes of what is stored, into a table without index or check.

    ``stored`` copies it out as CSV, ``bare`` makes the table ``bare`` anew.
    """
    path = folder / "stored.csv"
    with connection.cursor() as cursor, path.open("w") as stream:
        cursor.copy_expert(stored, stream)

    def copy() -> None:
        with connection.cursor() as cursor, path.open() as stream:
            cursor.execute(bare)
            cursor.copy_expert("copy bare from stdin (format csv)", stream)

    return best(copy, times=3)
