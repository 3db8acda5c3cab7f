"""The schema and the reference page are made of the words, and every word explains itself."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import TypeAdapter

from msi_platform.demo.calendar import Calendar
from rulebooks.rules.document import read
from rulebooks.rules.edition import Edition
from rulebooks.rules.schema import Part
from rulebooks.rules.vocabulary import families, json_schema, parts, reference

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = sorted(
    path
    for folder in ("rulebooks/editions", "tests/editions")
    for path in (ROOT / folder).glob("*.yaml")
)
ENTRIES = [
    pytest.param(entry, id=f"{family.place} {entry.name}")
    for family in families(Edition)
    for entry in family.entries
]
SCHEMA = Draft202012Validator(json_schema(Edition), format_checker=FormatChecker())


def test_the_published_schema_is_the_one_of_the_classes():
    published = (ROOT / "rulebooks" / "schema" / "edition-1.json").read_text()

    assert json.loads(published) == json_schema(Edition), "run `make reference`"


def test_the_page_is_the_one_of_the_words():
    text = (ROOT / "docs" / "rulebook.template.md").read_text()

    assert (ROOT / "docs" / "rulebook.md").read_text() == reference(Edition, text), (
        "run `make reference`"
    )


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_word_has_a_meaning_and_an_example_that_loads(entry):
    assert entry.meaning.endswith((".", ":")), f"{entry.part.__name__}: one sentence, in one line"
    assert "example" in vars(entry.part), f"{entry.part.__name__}: give an example"
    made = TypeAdapter(entry.part).validate_python(read(entry.part.example).value)

    assert isinstance(made, entry.part)


@pytest.mark.parametrize(("place", "part"), [p for p in parts(Edition) if p[1].example])
def test_every_example_of_a_part_loads(place, part):
    assert isinstance(part.model_validate(read(part.example).value), part)


@pytest.mark.parametrize(("place", "part"), parts(Edition))
def test_every_part_says_what_it_is(place, part):
    assert vars(part).get("__doc__")
    assert part.__doc__ != Part.__doc__


def test_a_word_that_is_added_is_found():
    class Least(Part):
        """The least."""

        of: str

    class Most(Part):
        """The most."""

        than: str

    class Whole(Part):
        """All."""

        choice: Least | Most | None = None
        other: tuple[Least, ...] = ()

    [family] = families(Whole)

    assert (family.place, [entry.name for entry in family.entries]) == ("choice", ["of", "than"])
    assert "### `choice`" in reference(Whole, "<!-- words -->")
    with pytest.raises(LookupError, match="no words at choices; there are: choice"):
        reference(Whole, "<!-- words choices -->")


def test_the_page_has_no_mark_left_and_no_broken_link():
    page = (ROOT / "docs" / "rulebook.md").read_text()

    assert "<!-- words" not in page
    assert "<!-- parts" not in page
    for link in re.findall(r"\]\(([^)#]+)\)", page):
        assert (ROOT / "docs" / link).exists(), link


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.stem)
def test_every_shipped_edition_fits_the_schema(path):
    assert [e.message for e in SCHEMA.iter_errors(read(path.read_bytes()).value)] == []


def test_the_edition_of_the_demo_fits_the_schema():
    text = Calendar(date(2026, 3, 2)).edition_text()

    assert [error.message for error in SCHEMA.iter_errors(read(text).value)] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("format: 1", "format: 2", id="another format"),
        pytest.param("language: en", "langauge: en", id="an unknown key"),
        pytest.param("time_zone: Europe/Berlin", "time_zone: [x]", id="a list for a text"),
        pytest.param("op: weighted_mean", "op: mean", id="an unknown operator"),
        pytest.param("{kind: yes_no}  ", "{kind: maybe}  ", id="an unknown scale"),
        pytest.param("missing: zero  ", "missing: one ", id="an unknown policy"),
        pytest.param("in_force_from: 2025-01-01", "in_force_from: soon", id="no day"),
        pytest.param("correction_days: 14", "correction_days: -1", id="a negative clock"),
        pytest.param("correction_days: 14", "correction_days: fourteen", id="a number in words"),
        pytest.param("policy: 0.2", "policy: '0.2'", id="a number as text"),
        pytest.param("policy: 0.2", "policy: -0.2", id="a negative weight"),
        pytest.param("step: 0.1", "step: 0", id="a step of nothing"),
        pytest.param('code: "2025"', "code: 2025", id="a code as a number"),
        pytest.param("code: no-fees\n    title: Workers pay no recruitment fees\n",
                     "code: no-fees\n", id="a title left out"),
        pytest.param('{kpi: papers-kept, is: ["no"]}', '{kpi: papers-kept, was: ["no"]}',
                     id="an unknown condition"),
    ],
)  # fmt: skip
def test_a_typical_fault_does_not_fit_the_schema(before, after):
    text = (ROOT / "rulebooks" / "editions" / "starter.yaml").read_text()
    assert before in text

    assert not SCHEMA.is_valid(read(text.replace(before, after, 1)).value)


def test_an_editor_is_told_what_each_part_and_key_means():
    node = json_schema(Edition)["$defs"]["WeightedMean"]

    assert node["description"].startswith("The sum of weight times input")
    assert "Example: {code: total" in node["description"]
    assert node["properties"]["divide_by"]["description"]


def test_the_starter_names_the_schema_beside_it():
    starter = ROOT / "rulebooks" / "editions" / "starter.yaml"
    [named] = re.findall(r"^# yaml-language-server: \$schema=(\S+)$", starter.read_text(), re.M)

    assert (starter.parent / named).resolve() == ROOT / "rulebooks" / "schema" / "edition-1.json"
