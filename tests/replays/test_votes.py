"""Replays of votes: what came is compared, counter-checks fail as stated, mistakes have a place."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
T9 = ROOT / "rulebooks" / "replays" / "t9-votes.yaml"
STARTER = ROOT / "rulebooks" / "editions" / "starter.yaml"
LAMPS = """
format: 1
kind: votes
title: Votes of the lamp makers
source: The minutes of the lamp makers
bodies:
  - code: hall
    name: The hall
    electorate: [{code: makers, weight: heads, empty: blocks}]
    clause: "2"
decision_rules:
  - code: simple
    name: Simple majority
    stages:
      - kind: vote
        code: vote
        base: {of: votes_cast, abstentions: out, spoilt: out}
        by: heads
        threshold: {more_than: 1/2}
    results: total
    clause: "3"
  - code: all-there
    name: More than half of those present
    stages: [{kind: vote, code: vote, base: {of: present}, by: heads, threshold: {more_than: 1/2}}]
    results: total
    clause: "3"
cases:
  - code: first
    title: The first vote
    body: hall
    rule: simple
    seats: {makers: 30}
    present: {makers: 21}
    votes: {makers: {for: 10, against: 9, abstained: 2}}
    expect:
      - {code: carried, state: passed, percent: 52.6, failing: [], mark: published}
    counter:
      - title: of those present
        rule: all-there
        fails: [carried]
        gives: [{percent: 47.6, mark: derived}]
"""


def played(path, *more):
    out = StringIO()
    call_command("replay", str(path), "--json", *more, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def write(tmp_path):
    def write(before="", after=""):
        assert before in LAMPS
        path = tmp_path / "votes.yaml"
        path.write_text(LAMPS.replace(before, after, 1))
        return path

    return write


def test_published_votes_come_out_as_published():
    told = played(T9, "--pure")

    assert told["unexpected"] == []
    assert {mark: told[mark]["of"] for mark in ("published", "derived", "chosen", "counter")} == {
        "published": 3, "derived": 1, "chosen": 10, "counter": 5,
    }  # fmt: skip


def test_a_replay_of_votes_needs_no_edition(write):
    assert played(write())["published"] == {"holds": 1, "of": 1}


def test_rules_may_come_from_an_edition(write):
    bodies = LAMPS[LAMPS.index("bodies:") : LAMPS.index("cases:")]
    path = write(bodies, "edition: starter.yaml\n")
    (path.parent / "starter.yaml").write_text(STARTER.read_text())

    with pytest.raises(CommandError, match=r"votes\.yaml:\d+:11: cases\[0\]\.body: 'hall' is not"):
        played(path)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param("for: 10", "for: 9", "expected state passed, percent 52.6, failing nothing; "
                     "found state failed, percent 50, failing threshold", id="another outcome"),
        pytest.param("gives: [{percent: 47.6", "gives: "
                     "[{percent: 47.7", "gives percent 47.6, not percent 47.7", id="another share"),
        pytest.param("rule: all-there", "rule: simple", "carried does not fail", id="holds there"),
    ],
)  # fmt: skip
def test_what_came_otherwise_is_told(write, before, after, says):
    with pytest.raises(CommandError) as refused:
        played(write(before, after))

    assert refused.value.returncode == 1
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param("body: hall", "body: room", "cases[0].body: 'room' is not known; allowed: "
                     "hall", id="an unknown body"),
        pytest.param("rule: simple\n    seats", "rule: smple\n    seats",
                     "cases[0].rule: 'smple' is not known; allowed: simple", id="an unknown rule"),
        pytest.param("rule: all-there", "rule: no", "cases[0].counter[0].rule: 'no' is not known",
                     id="an unknown rule of a counter-check"),
        pytest.param("seats: {makers: 30}", "seats: {}", "cases[0].votes: say how many may vote in "
                     "makers", id="seats left open"),
        pytest.param("present: {makers: 21}", "present: {makers: 20}",
                     "cases[0].votes: makers: 21 votes of 20 present", id="more votes than people"),
        pytest.param("{makers: {for", "{mkers: {for", "nobody sits in mkers; allowed: makers",
                     id="votes of nobody"),
        pytest.param("for: 10", "for: -1", "greater than or equal to 0", id="votes below zero"),
        pytest.param("for: 10", "yes: 10", "'yes' is not known here", id="an unknown kind of vote"),
        pytest.param("state: passed, percent: 52.6, failing: [], ", "",
                     "say what must come", id="an expectation of nothing"),
        pytest.param("state: passed", "state: approved", "'approved'", id="an unknown state"),
        pytest.param("fails: [carried]", "fails: [approved]", "is no expectation of this case",
                     id="a counter-check of nothing"),
        pytest.param("rule: simple\n    seats", "rule: simple\n    stage: second\n    seats",
                     "simple has no stage 'second'; its stages: vote", id="an unknown stage"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(write, before, after, says):
    with pytest.raises(CommandError) as refused:
        played(write(before, after))

    assert refused.value.returncode == 2
    assert says in str(refused.value)
    assert "votes.yaml:" in str(refused.value)
