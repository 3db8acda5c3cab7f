"""A worker without a broker: told a run, it works off its shards and says how much memory it took.

``manage.py bench --worker`` is one.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterable

from accounts.selectors import system_user
from kpis import services
from msi_platform.bench.world import ON
from msi_platform.celery import keep_what_is_loaded
from rulebooks.models import Edition


def work(runs: Iterable[str], say: Callable[[str], object]) -> None:
    """Say that one is ready; then work off each run named on a line, and say how it went."""
    by = system_user()
    keep_what_is_loaded()
    trees = [edition.document.tree for edition in Edition.objects.order_by("pk")]
    say(json.dumps({"ready": len(trees)}))  # as a worker is after its first run
    for line in runs:
        before = cpu_seconds()
        done = services.work_open_shards(run_id=int(line), by=by, on=ON)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        took = round(cpu_seconds() - before, 3)
        say(json.dumps({"shards": done, "peak_mib": peak // 1024, "cpu_seconds": took}))


def cpu_seconds() -> float:
    """Return the seconds of CPU of this process so far: other load changes them little."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
