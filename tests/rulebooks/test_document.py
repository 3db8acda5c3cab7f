"""The reader: what is refused, where, and in which words."""

import time
from decimal import Decimal as D

import pytest
from pydantic import BaseModel, ConfigDict

from rulebooks.rules.document import MAX_BYTES, Invalid, load, read


class Weight(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    weight: D = D(1)


class Weights(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    weights: tuple[Weight, ...]


def problems(text, model=None):
    with pytest.raises(Invalid) as refused:
        read(text) if model is None else load(text, model)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("true", True),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-0", 0),
        ("0.10", D("0.10")),
        ("-2.5", D("-2.5")),
        ("no", "no"),
        ("012", "012"),
        ("1e3", "1e3"),
        ("12:30", "12:30"),
        (".5", ".5"),
        (".inf", ".inf"),
        ("2024-01-31", "2024-01-31"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
    ],
)
def test_only_truth_null_integers_and_plain_decimals_are_converted(written, means):
    value = read(f"a: {written}").value["a"]

    assert (value, type(value)) == (means, type(means))
    if isinstance(means, D):
        assert str(value) == str(means)


def test_keys_stay_text():
    assert read("1.1: a\ntrue: b").value == {"1.1": "a", "true": "b"}


BOMB = "a: &a [x, x]\n" + "\n".join(f"b{n}: [*a, *a]" for n in range(9))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", "1:1: the document is empty", id="an empty document"),
        pytest.param("# only a comment\n", "1:1: the document is empty", id="only a comment"),
        pytest.param(BOMB, "1:4: anchors and aliases are not read", id="an anchor bomb"),
        pytest.param("a: *b", "1:4: anchors and aliases are not read", id="an alias"),
        pytest.param("a: !!python/name:os.system x", "1:4: tags are not read", id="a tag"),
        pytest.param("a: !!int 3", "1:4: tags are not read", id="a harmless tag"),
        pytest.param("<<: {a: 1}", "1:1: merge keys are not read", id="a merge key"),
        pytest.param("[a]: 1", "1:1: a key must be a plain word", id="a key that is a list"),
        pytest.param("a: 1\nb: 2\na: 3", "3:1: a: stands twice, first on line 1", id="a key twice"),
        pytest.param("a: 1\n---\nb: 2", "2:1: a second document", id="two documents"),
        pytest.param("[" * 20_000, "1:41: nested deeper than 40", id="20,000 open brackets"),
        pytest.param("- a\n" * 200_001, "199999:3: more than 200,000", id="too many values"),
        pytest.param("a: [1, 2\nb: c", "2:2: not YAML", id="a bracket left open"),
        pytest.param("a: b\n\tc: d", "2:1: not YAML", id="a tab as indentation"),
        pytest.param("a: b\nc: \0", "2:4: character U+0000 is not allowed", id="a NUL byte"),
        pytest.param(b"a: b\nc: \xff", "2:4: byte 0xff is not UTF-8", id="not UTF-8"),
        pytest.param("é: 1\nb: \x07".encode(), "2:4: character U+0007", id="a bell"),
        pytest.param("\ud800", "1:1: character U+D800 is not allowed", id="half a character"),
        pytest.param(b"a" * (MAX_BYTES + 1), "1:1: too large", id="too large"),
        pytest.param("x" * 10_000_000, "1:1: too large", id="10 MB"),
    ],
)
def test_what_is_refused_is_told_with_its_place(text, problem):
    begun = time.process_time()

    found = problems(text)

    assert len(found) == 1
    assert found[0].startswith(problem)
    assert time.process_time() - begun < 20  # of our own time: bounded, however busy the machine


def test_a_byte_order_mark_is_no_content():
    assert read(b"\xef\xbb\xbfa: 1").value == {"a": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "weights:\n  - {name: a, wieght: 1}",
            "2:15: weights[0].wieght: 'wieght' is not known here; did you mean 'weight'? "
            "allowed: name, weight",
            id="an unknown field, at its key",
        ),
        pytest.param(
            "weights:\n  - {name: a, weight: heavy}",
            "2:23: weights[0].weight: must be a valid decimal, not 'heavy'",
            id="no number, at its value",
        ),
        pytest.param(
            "weights:\n  - {weight: 1}",
            "2:5: weights[0]: required and not there: name",
            id="a field left out, at the block that lacks it",
        ),
        pytest.param(
            "weights:\n  - {name: 1.1}",
            "2:12: weights[0].name: must be text; put 1.1 in quotes",
            id="a code that reads as a number",
        ),
        pytest.param("weights: x", "1:10: weights: must be a list, not 'x'", id="no list"),
        pytest.param(
            "[]", "1:1: must be a block of keys and values, not a list of 0", id="no block"
        ),
    ],
)
def test_a_model_says_where_it_does_not_fit(text, expected):
    assert problems(text, Weights) == [expected]


def test_every_problem_is_told_in_the_order_of_the_text():
    text = "weights:\n  - {name: a, x: 1}\n  - {weight: b}\ncolour: red"

    assert [line.split(":")[0] for line in problems(text, Weights)] == ["2", "3", "3", "4"]
