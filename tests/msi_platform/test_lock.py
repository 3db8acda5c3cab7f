"""The lock file fits the project's file, and holds names, versions and hashes only."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = (ROOT / "pyproject.toml").read_text()
LOCK = (ROOT / "requirements.lock").read_text()
TABLE = tomllib.loads(PROJECT)["project"]


def names(lines):
    """Return what the lines ask for, spelled as the lock spells it."""
    return {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in lines}


def test_whatever_the_project_asks_for_is_locked():
    wanted = names(TABLE["dependencies"] + TABLE["optional-dependencies"]["dev"])
    locked = names(line for line in LOCK.splitlines() if re.match(r"\w", line))

    assert wanted <= locked


def test_every_locked_version_has_a_hash():
    blocks = re.split(r"\n(?=\w)", LOCK.partition("\n#    make lock\n")[2].strip())

    assert [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_no_address_is_written_down():
    assert re.findall(r"://|--(?:extra-)?index|--find-links| @ ", LOCK) == []


def test_every_dependency_has_its_reason_beside_it():
    lines = re.findall(r'^    "[^"]+",(.*)$', PROJECT.partition("[tool.")[0], re.MULTILINE)

    assert [line for line in lines if not re.match(r" +# \w", line)] == []
    assert len(lines) == len(TABLE["dependencies"] + TABLE["optional-dependencies"]["dev"])
