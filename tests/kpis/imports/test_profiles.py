"""Profiles: those that are shipped are valid, and what is wrong in one has its line and column."""

from datetime import date
from pathlib import Path

import pytest

from kpis.rules.cells import day_of_file
from kpis.rules.profiles import Profile
from rulebooks.rules.document import Invalid
from tests.kpis.imports.builders import FACTS, LONG, WIDE

SHIPPED = sorted((Path(__file__).parents[3] / "kpis" / "profiles").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_profile_is_valid_and_called_as_its_file(path):
    assert Profile.load(path.read_bytes()).code == path.stem


@pytest.mark.parametrize(
    ("profile", "old", "new", "message"),
    [
        (LONG, "kind: long,", "kind: tall,", "into.layout"),
        (LONG, "unknown: refuse", "unknown: guess", "member.unknown"),
        (LONG, 'comment: "#"', "colour: red", "file.colour"),
        (FACTS, "as_of: given\n", "", "a day is as_of, so the profile must say"),
        (FACTS, "{reason: {fixed", "{why: {fixed", "has no such field; it has: reason"),
        (FACTS, "is: [removed]", "was: [removed]", "when[0].was"),
        (FACTS, ", is: [removed]", "", "either is or is_not"),
        (WIDE, "fixed: 2023-01-01", "fixed: 2023-13-01", "member.unknown"),
    ],
)
def test_what_is_wrong_in_a_profile_has_its_place(profile, old, new, message):
    assert old in profile

    with pytest.raises(Invalid) as refused:
        Profile.load(profile.replace(old, new))

    assert message in str(refused.value)
    assert refused.value.problems[0].line > 1


def test_every_column_that_is_read_is_known():
    assert Profile.load(WIDE).columns() == {"Company", "Country", "Days", "Policy"}
    assert Profile.load(LONG).columns() == {"Company", "Year", "KPI", "Value", "Of"}
    assert Profile.load(FACTS).columns() == {"Company", "Pledge", "Made", "Due", "Status"}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("list_2023-11-23.xlsx", date(2023, 11, 23)),
        ("2023-11-23", date(2023, 11, 23)),
        ("v12-2023-02-30-2024-01-01.csv", date(2024, 1, 1)),
        ("list.xlsx", None),
        ("", None),
    ],
)
def test_the_day_in_the_name_of_a_file(name, found):
    assert day_of_file(name) == found
