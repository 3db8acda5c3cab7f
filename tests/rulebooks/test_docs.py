"""``docs/sources.md`` names where each word of the scoring tree was taken from."""

from pathlib import Path
from typing import get_args

import pytest

from rulebooks.rules.aggregation import WORDS
from rulebooks.rules.cohort import COHORT_WORDS

ROOT = Path(__file__).resolve().parents[2]


def name(word, field):
    return get_args(word.model_fields[field].annotation)[0]


@pytest.mark.parametrize("word", [name(word, "op") for word in (*WORDS, *COHORT_WORDS)])
def test_every_word_stands_in_the_sources(word):
    assert f"| `{word}` |" in (ROOT / "docs" / "sources.md").read_text()
