"""Shipped stories: by the rules alone all of them, by the platform's own path those with facts."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from rulebooks.rules import document
from rulebooks.rules.edition import Edition
from suspensions.management.commands.replay import PLAYERS
from suspensions.rules.stories.counting import MARKS

REPLAYS = Path(__file__).parents[2] / "rulebooks" / "replays"
READ = {path.stem: document.read(path.read_bytes()).value for path in REPLAYS.glob("*.yaml")}
STORIES = sorted(name for name, plain in READ.items() if plain.get("kind", "data") != "data")
WITH_FACTS = [
    name for name in STORIES if any(case.get("facts") for case in READ[name].get("cases", ()))
]


def replayed(name: str, *words: str) -> dict:
    """Return what the command prints; it fails unless all is as stated."""
    out = StringIO()
    call_command("replay", str(REPLAYS / f"{name}.yaml"), "--json", *words, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("name", STORIES)
def test_a_story_by_the_rules_alone(name):
    told = replayed(name, "--pure")

    assert told["unexpected"] == []
    assert sum(told[mark]["of"] for mark in MARKS) > 0
    assert told["counter"]["of"] > 0, "a story without a counter-check shows little"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow) for n in WITH_FACTS])
def test_a_story_by_the_platform(name):
    assert replayed(name)["unexpected"] == []


@pytest.mark.parametrize(
    "path", sorted((REPLAYS / "editions").glob("*.yaml")), ids=lambda p: p.stem
)
def test_editions_beside_the_replays_hold_and_say_what_they_are(path):
    edition = Edition.load(path.read_bytes())

    assert "not endorsed; not the legal text" in edition.title


def test_every_kind_of_replay_is_played():
    assert {plain.get("kind", "data") for plain in READ.values()} == PLAYERS.keys()
