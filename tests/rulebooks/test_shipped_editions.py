"""The editions that come with the project: sound, honestly named, and free of what nobody read."""

import re
from pathlib import Path

import pytest

from rulebooks.rules.edition import Edition

EDITIONS = Path(__file__).parents[2] / "rulebooks/editions"
OWN = {"starter", "first-month"}  # fictional, and without a fault or a warning
MODELLED = sorted(path for path in EDITIONS.glob("*.yaml") if path.stem not in OWN)
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


@pytest.mark.parametrize("code", sorted(OWN))
def test_what_one_can_begin_with_has_no_fault_and_no_warning(code):
    edition = Edition.load((EDITIONS / f"{code}.yaml").read_text())

    assert edition.warnings() == []


def test_a_first_month_has_one_obligation_and_reminders_and_nothing_follows_from_a_miss():
    edition = Edition.load((EDITIONS / "first-month.yaml").read_text())

    assert len(edition.obligations) == 1
    assert [str(reminder) for reminder in edition.reminders] == [
        *("1 month before", "7 days before", "3 days after")
    ]
    assert [*edition.breaches, *edition.ladders, *edition.scoring.nodes, *edition.kpis] == []
    assert edition.bands is None
