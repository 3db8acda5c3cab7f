"""An edition in words: by paragraph, beside its clauses, and its scoring tree as an outline."""

from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest

from rulebooks.rules.breaches import Detector
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading import breaches
from rulebooks.rules.reading.outline import count, outline
from rulebooks.rules.reading.paragraphs import sections
from rulebooks.rules.reading.passages import passage, passages
from rulebooks.rules.reading.picture import picture

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "rulebooks" / "editions").glob("*.yaml"))
TEXT = """Contents
3 Promises
3.1 No fees

3 Promises
What members promise.
3.1 No fees. No worker pays.
Fees are paid back.
Article 3.2 Papers. They stay with the worker.
In 2025 this was agreed.
§ 4 Returns
Annex B.2 Points: 60, 90, 100
"""


@pytest.mark.parametrize(
    ("clause", "number", "begins"),
    [
        pytest.param("3.1", "3.1", "3.1 No fees. No worker", id="the longer of two that are there"),
        pytest.param("3.2 (a)", "3.2", "Article 3.2 Papers", id="a part of a clause"),
        pytest.param("clause 3.9", "3", "3 Promises\nWhat", id="the clause around it"),
        pytest.param("4", "4", "§ 4 Returns", id="a paragraph sign"),
        pytest.param("annex B.2", "annex b.2", "Annex B.2", id="an annex"),
    ],
)
def test_a_clause_is_found_by_its_number(clause, number, begins):
    found, words = passage(clause, passages(TEXT))

    assert found == number
    assert words.startswith(begins)


def test_a_clause_that_is_not_there_is_not_guessed():
    known = passages(TEXT)

    assert passage("7.1", known) is None
    assert passage("the preamble", known) is None
    assert passages("") == {}


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_part_with_a_clause_can_be_read(file):
    edition = Edition.load(file.read_text())
    paragraphs = [p for section in sections(edition) for p in section.paragraphs]

    keys = [paragraph.key for paragraph in paragraphs]
    assert len(set(keys)) == len(keys)
    assert all(p.title and p.clause for p in paragraphs)
    read = {p.code for p in paragraphs}
    for parts in (edition.kpis, edition.requirements, edition.scoring.nodes, edition.breaches):
        assert {part.code for part in parts} <= read


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_tree_is_drawn_whole_and_every_word_in_it_is_escaped(file):
    edition = Edition.load(file.read_text().replace("title: ", 'title: <&" ', 1))
    branches = outline(edition)
    drawn = ElementTree.fromstring(picture(branches, title="a < b"))

    read = {code for node in edition.scoring.nodes for code in (node.code, *node.reads())}
    codes = {branch.code for branch in _flat(branches)}
    assert read <= codes
    assert sum(1 for _ in _flat(branches)) == count(branches)
    assert drawn.attrib["width"] == "420"


def _flat(branches):
    for branch in branches:
        yield branch
        yield from _flat(branch.branches)


def test_every_detector_can_be_said_in_words():
    union, _ = get_args(Detector)

    assert set(breaches.WORDS) == set(get_args(union))
