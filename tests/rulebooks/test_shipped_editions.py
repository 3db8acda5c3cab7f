"""The editions that come with the project: sound, honestly named, and free of what nobody read."""

import re
from pathlib import Path

import pytest

from rulebooks.rules.edition import Edition

EDITIONS = Path(__file__).parents[2] / "rulebooks/editions"
MODELLED = sorted(path for path in EDITIONS.glob("*.yaml") if path.stem != "starter")
TITLE = re.compile(
    r".+, modelled on the public (rules|method) of .+ as read on \d{4}-\d{2}-\d{2};"
    r" not endorsed; not the legal text"
)


@pytest.mark.parametrize("path", MODELLED, ids=lambda path: path.stem)
def test_a_modelled_edition_says_whose_rules_it_read_and_when(path):
    edition = Edition.load(path.read_text())

    assert TITLE.fullmatch(edition.title)
    assert edition.code == path.stem
    assert edition.legal_text is None


def test_the_starter_has_no_fault_and_no_warning():
    edition = Edition.load((EDITIONS / "starter.yaml").read_text())

    assert edition.warnings() == []
