"""Damaged editions: each is refused at its place, or says the same as before."""

import tracemalloc
from pathlib import Path

import pytest

from rulebooks.rules.document import Invalid
from rulebooks.rules.edition import Edition
from tests.rulebooks.mutations import mutations

ROOT = Path(__file__).parents[2]
EDITIONS = sorted((ROOT / "rulebooks/editions").glob("*.yaml"))
EDITIONS.append(ROOT / "tests/editions/grades-2025.yaml")  # has every word of aggregation
COUNT = 200
BATCH = 20
MEMORY = 600_000_000  # bytes, for a text of 10 MB that is refused before it is read


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(COUNT // BATCH))
@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.stem)
def test_a_damaged_edition_is_refused_at_its_place_or_says_the_same(path, batch):
    text = path.read_text()
    whole = Edition.load(text).normalized()

    for mutation in mutations(text, count=COUNT, seed=2026)[batch * BATCH :][:BATCH]:
        assert_is_told(mutation, whole)


def assert_is_told(mutation, whole):
    told = f"{mutation.kind} {mutation.path}"
    try:
        edition = Edition.load(mutation.text)
    except Invalid as refused:
        problems = refused.problems
    else:
        assert edition.normalized() == whole, f"{told} was not seen"
        return
    assert not mutation.same, f"{told}: {problems}"
    assert_is_placed(mutation, problems)


def assert_is_placed(mutation, problems):
    text = mutation.text
    lines = text.count(b"\n" if isinstance(text, bytes) else "\n") + 1
    assert problems
    assert all(1 <= problem.line <= lines and problem.column >= 1 for problem in problems)
    assert all(problem.message for problem in problems)
    if mutation.path:
        section = str(mutation.path[0])
        assert any(problem.path.startswith(section) for problem in problems), (
            f"{mutation.kind} {mutation.path} is told elsewhere: {problems}"
        )


def test_a_text_of_ten_megabytes_is_refused_within_bounded_memory():
    text = EDITIONS[0].read_text() + "\n# " + "x" * 10_000_000
    tracemalloc.start()

    with pytest.raises(Invalid, match="too large"):
        Edition.load(text)

    assert tracemalloc.get_traced_memory()[1] < MEMORY
    tracemalloc.stop()
