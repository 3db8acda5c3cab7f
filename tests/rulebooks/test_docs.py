"""``docs/rulebook.md`` knows every word."""

from pathlib import Path
from typing import get_args

import pytest

from rulebooks.rules.aggregation import WORDS
from rulebooks.rules.cohort import COHORT_WORDS
from rulebooks.rules.conditions import CONDITIONS
from rulebooks.rules.scales import SCALES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "rulebook.md").read_text()


def name(word, field):
    return get_args(word.model_fields[field].annotation)[0]


@pytest.mark.parametrize("word", [name(word, "op") for word in (*WORDS, *COHORT_WORDS)])
def test_every_word_stands_in_the_page_with_its_meaning_and_in_its_sources(word):
    assert f"`{word}`" in PAGE
    assert f"| `{word}` |" in (ROOT / "docs" / "sources.md").read_text()


@pytest.mark.parametrize("kind", [name(scale, "kind") for scale in SCALES])
def test_every_scale_has_an_example(kind):
    assert f"`{{kind: {kind}" in PAGE


@pytest.mark.parametrize("key", CONDITIONS)
def test_every_condition_has_an_example(key):
    assert f"{key}: " in PAGE
