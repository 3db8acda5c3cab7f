"""Shipped replays: what was published, recomputed by the rules alone and by the platform."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from suspensions.rules.replay import LINE
from tests.data import data

REPLAYS = Path(__file__).parents[2] / "rulebooks" / "replays"
EQUAL = {
    "knowthechain-ict-2018": {"indicator": 880, "theme": 280, "total": 40, "rank": 40},
    "knowthechain-ict-2020": {"indicator": 980, "theme": 343, "total": 49, "rank": 49},
}
PARTIAL = "Yes - but statement partially assessed"
DECIDED = {  # member and year → computed verdict, and what decides it
    ("AUSTRALIAN DEFENCE APPAREL PTY LTD", "2022"): ("Unknown", {"statement": "missing"}),
    ("Dick's Sporting Goods", "2019"): ("No - but non-UK statement", {"homepage": ["no"]}),
    ("Wolverine World Wide", "2019"): ("No - but non-UK statement", {"homepage": ["no"]}),
    ("Caleres Inc", "2018"): ("No - but non-UK statement", {"homepage": ["no"]}),
    **dict.fromkeys(
        [
            ("Burberry Group plc", "2017"),
            ("Burberry Group plc", "2018"),
            ("Mulberry Group Plc", "2018"),
        ],
        ("Yes - but statement partially assessed", {"statement": ["california", "uk"]}),
    ),
}


def replayed(name: str, *words: str) -> dict:
    """Return what the command prints; it fails unless exactly the known differences are found."""
    out = StringIO()
    call_command("replay", str(REPLAYS / f"{name}.yaml"), "--json", *words, stdout=out)
    return json.loads(out.getvalue())


def assert_benchmark(name: str, told: dict) -> None:
    assert told["levels"] == {
        level: {"published": count, "equal": count, "differing": []}
        for level, count in EQUAL[name].items()
    }
    assert told["line"] == LINE


def assert_verdicts(told: dict) -> None:
    verdict = told["levels"]["verdict"]
    assert (verdict["published"], verdict["equal"]) == (742, 735)
    assert told["hits"] == {"not-met-twice": {"on_published": 126, "on_computed": 127}}
    found = {(one["member"], one["period"]): one for one in verdict["differing"]}
    assert found.keys() == DECIDED.keys()
    for who, (computed, inputs) in DECIDED.items():
        assert found[who]["known"]
        assert found[who]["computed"] == computed
        assert inputs.items() <= found[who]["inputs"].items()


@pytest.mark.parametrize("name", EQUAL)
def test_a_benchmark_by_the_rules_alone(name):
    data("knowthechain")
    assert_benchmark(name, replayed(name, "--pure"))


def test_the_verdicts_by_the_rules_alone():
    data("modern-slavery-statements")
    assert_verdicts(replayed("modern-slavery-garment", "--pure"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("knowthechain-ict-2018", marks=pytest.mark.slow),
        pytest.param("knowthechain-ict-2020", marks=pytest.mark.slow),
    ],
)
def test_a_benchmark_by_the_platform(name):
    data("knowthechain")
    assert_benchmark(name, replayed(name))


@pytest.mark.django_db(transaction=True)
def test_the_verdicts_by_the_platform():
    data("modern-slavery-statements")
    assert_verdicts(replayed("modern-slavery-garment"))
