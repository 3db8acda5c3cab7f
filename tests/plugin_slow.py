"""Runs a seeded tenth of the cases marked ``slow``; with ``MSI_ALL=1`` all of them.

One number decides what a run chooses and what it makes up: the tenth, and the examples of
hypothesis and schemathesis. It is printed, and follows from what is committed, so that the same
files are as green the second time as the first; ``MSI_SEED=…`` repeats the choice of others, or
makes one.
"""

import hashlib
import os
import random
import subprocess
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest
from hypothesis.internal.conjecture import providers

SHARE = 10
TREE = Path(__file__).resolve().parents[1]


def of_files(tree: Path) -> str:
    """Return the number of the files that are committed; where there are none, any number."""
    with suppress(OSError, subprocess.CalledProcessError):
        asked = ["git", "rev-parse", "--verify", "HEAD^{tree}"]
        found = subprocess.run(asked, cwd=tree, capture_output=True, check=True, text=True).stdout
        return str(int(found[:10], 16) % 10**6)
    return str(random.SystemRandom().randrange(10**6))


SEED = os.environ.get("MSI_SEED") or of_files(TREE)
os.environ["MSI_SEED"] = SEED  # for the processes of this run, and what they start


def number_of(seed: str, about: str) -> int:
    """Return a number below 2^32, the same for the same words everywhere."""
    return int.from_bytes(hashlib.sha256(f"{seed} {about}".encode()).digest()[:4])


def is_chosen(nodeid: str, seed: str) -> bool:
    """Whether the case belongs to the tenth that ``seed`` chooses, whatever else is collected."""
    return number_of(seed, nodeid) >> 16 < 65536 // SHARE


def seed_hypothesis() -> None:
    """Let examples follow from the seed alone: not from past failures, nor from the time it takes.

    By itself hypothesis also tries words of the modules that happen to be imported, which are
    others in each process. Its profile for CI is of no use: it draws the same for every seed.
    """
    ci = hypothesis.settings.get_profile("ci")
    hypothesis.settings.register_profile("seeded", ci, derandomize=False, database=None)
    hypothesis.settings.load_profile("seeded")
    hypothesis.core.global_force_seed = number_of(SEED, "hypothesis")
    if not callable(providers._get_local_constants):
        raise TypeError("hypothesis looks for words elsewhere now")
    providers._get_local_constants = providers.Constants


seed_hypothesis()  # before a test module is imported: it takes the profile as it then is


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    chosen = "all" if os.environ.get("MSI_ALL") else f"one in {SHARE}"
    terminalreporter.write_line(f"slow cases: {chosen}; examples and choice by MSI_SEED={SEED}")


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
