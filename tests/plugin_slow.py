"""Runs a seeded tenth of the cases marked ``slow``; with ``MSI_ALL=1`` all of them.

The seed is new each run and printed; ``MSI_SEED=…`` repeats a choice.
"""

import hashlib
import os
import random

import pytest

SEED = os.environ.setdefault("MSI_SEED", str(random.SystemRandom().randrange(10**6)))
SHARE = 10


def is_chosen(nodeid: str, seed: str) -> bool:
    """Whether the case belongs to the tenth that ``seed`` chooses, whatever else is collected."""
    digest = hashlib.sha256(f"{seed} {nodeid}".encode()).digest()
    return digest[0] * 256 + digest[1] < 65536 // SHARE


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    chosen = "all" if os.environ.get("MSI_ALL") else f"one in {SHARE}, chosen by MSI_SEED={SEED}"
    terminalreporter.write_line(f"slow cases: {chosen}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("MSI_ALL"):
        return
    left_out = [
        item
        for item in items
        if item.get_closest_marker("slow") and not is_chosen(item.nodeid, SEED)
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
