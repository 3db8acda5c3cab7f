"""Benchmarks: each against a floor that is taken in the same run.

A benchmark is a function that takes how many members there shall be and yields results; its name
and it stand in ``BENCHES``. Each works in a scratch database that is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msi_platform.bench import facts, pages, scores, values
from msi_platform.bench.timing import Result

Bench = Callable[[int], Iterator[Result]]

BENCHES: dict[str, Bench] = {
    "score_growth": scores.growth,
    "score_full": scores.full,
    "score_one": scores.one,
    "score_sites": scores.sites,
    "score_oracle": scores.oracle,
    "import_facts": facts.imported,
    "import_values": values.imported,
    "page_all": pages.shown,
}
