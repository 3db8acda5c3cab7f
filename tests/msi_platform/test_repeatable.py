"""A run is repeated by its number: the tenth of the slow cases, and every case that is made up."""

import json
import os
import subprocess
import sys

import pytest

from tests import plugin_slow
from tests.msi_platform.asking import described
from tests.plugin_slow import is_chosen, number_of, of_files

DRAW = """
import json, sys
from pathlib import Path
from hypothesis import given, strategies
from tests.msi_platform.asking import Asked, operations
if sys.argv[2:]:
    import rulebooks.rules.edition  # another process has imported others
asked = Asked()
for operation in operations(json.loads(Path(sys.argv[1]).read_text()))[:8]:
    asked.draw(operation, lambda path, query, body: 200, examples=15)
words = []
given(strategies.text())(lambda word: words.append(word))()  # as any other test does
print(len(asked.answers), asked.digest(), [len(word) for word in words])
"""

GIT = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@people.example"]


@pytest.fixture
def drawn(tmp_path):
    """Return how many cases a process of its own draws, and their digest."""
    file = tmp_path / "api.json"
    file.write_text(json.dumps(described()))
    usual = {name: text for name, text in os.environ.items() if name not in ("CI", "MSI_SEED")}

    def draw(*imported: str, seed: str, order_of_hashes: str, **environment: str) -> str:
        given = {"MSI_SEED": seed, "PYTHONHASHSEED": order_of_hashes, **environment}
        asked = [sys.executable, "-c", DRAW, str(file), *imported]
        return subprocess.run(
            asked,
            env=usual | given,
            cwd=plugin_slow.TREE,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        ).stdout

    return draw


def test_the_same_number_draws_the_same_cases_and_another_draws_others(drawn):
    first = drawn(seed="4", order_of_hashes="1")

    assert int(first.split()[0]) > 100
    assert drawn("more", seed="4", order_of_hashes="2", CI="true") == first
    assert drawn(seed="5", order_of_hashes="1") != first


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A checkout of one commit, whatever checkout the tests run for."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    subprocess.run([*GIT, "init", "-q"], cwd=tmp_path, check=True)
    commit(tmp_path, "a")
    return tmp_path


def commit(tree, name: str | None = None) -> None:
    if name:
        (tree / name).touch()
    subprocess.run([*GIT, "add", "."], cwd=tree, check=True)
    words = ["commit", "-q", "--allow-empty", "--no-verify", "-m", "More."]
    subprocess.run([*GIT, *words], cwd=tree, check=True)


def test_the_number_follows_from_the_files_whatever_they_are_committed_as(tree):
    number = of_files(tree)

    commit(tree)
    assert of_files(tree) == number
    commit(tree, "b")
    assert of_files(tree) != number


def test_without_a_commit_there_is_a_number_too(tmp_path):
    assert of_files(tmp_path).isdecimal()


def test_the_tenth_is_about_a_tenth_and_another_for_each_number():
    names = [f"tests/test_x.py::test_one[{n}]" for n in range(2000)]
    first, second = ({n for n in names if is_chosen(n, seed)} for seed in "12")

    assert 140 < len(first) < 260
    assert 140 < len(second) < 260
    assert len(first & second) < 60


def test_a_number_is_the_same_everywhere():
    assert number_of("1", "hypothesis") == 300040858
