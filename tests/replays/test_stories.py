"""Stories: what they expect, what is counted apart, counter-checks, and errors at their line."""

import json
from datetime import date
from decimal import Decimal as D
from io import StringIO
from typing import get_args

import pytest
from django.core.management import CommandError, call_command

from members.models import Member
from rulebooks.rules.answers import Answer, State
from rulebooks.rules.timeline import Kind
from suspensions.rules.stories import expectations, schema
from suspensions.services.stories import _apart
from tests.factories import LAMPS

STORY = """
format: 1
kind: facts
title: Lamps
source: The annual report of lamps
edition: edition.yaml
cases:
  - code: fig
    title: Fig Ltd, warned and forgiven
    facts:
      - {on: 2022-06-01, fact: member.admitted, says: {member_class: full, chamber: companies}}
      - {on: 2025-06-01, fact: case.opened, key: c-1, says: {edition: lamps-2024, step: suspension}}
      - {on: 2025-06-02, fact: notice.served, key: c-1, name: notice}
      - on: 2025-07-10
        fact: decision.taken
        key: c-1
        name: vote
        says: {outcome: impose, effective_on: 2025-08-01}
      - {on: 2025-12-01, fact: measure.lifted, key: c-1}
    expect:
      - code: out
        what: standing
        is: suspended
        since: 2025-08-01
        until: 2025-12-01
        clause: "8.2"
        mark: published
      - {what: standing, is: good, on: 2025-07-31, mark: published}
      - {what: right, key: label, is: held, on: 2025-08-01, until: 2025-09-01, mark: derived}
      - {what: standing, is: excluded, never: true, mark: chosen}
      - {what: obligation, key: "annual-return:2023", is: missed, since: 2024-05-01, mark: chosen}
      - {what: obligation, key: "annual-return:2019", is: none, on: 2024-05-01, mark: chosen}
      - {what: clock, key: "answer:c-1", is: running, since: 2025-06-02, mark: chosen}
      - {what: case, key: c-1, is: lifted, on: 2025-12-24, mark: chosen}
    counter:
      - {title: nobody decided, without: [vote], fails: [out]}
      - title: the ladder only warns
        edition: [{at: [ladders, main, steps, suspension, standing], to: warned}]
        fails: [out]
        gives: [{what: standing, is: warned, on: 2025-08-01, mark: derived}]
  - code: elm
    title: Elm Ltd, by its answers
    answers:
      fees-repaid: {numerator: 30, denominator: 40}
      policy: written and public
      days-to-repay: 60
      papers-kept: "no"
    expect:
      - {code: total, what: number, is: 75.5, mark: published}
      - {what: number, node: recruitment, is: 75.5, before_rounding: true, mark: derived}
      - {what: band, is: leading, mark: derived}
      - {what: label, node: papers, is: Kept by workers, mark: derived}
      - {what: label, is: Kept by workers, mark: derived}
      - {what: grounds, are: [], mark: derived}
    counter:
      - title: no days at all
        answers: {days-to-repay: {state: not_applicable}}
        fails: [total]
        gives: [{what: number, is: 82.1, mark: derived}]
  - code: oak
    title: Oak Ltd, of which only the number was published
    numbers: {recruitment: 49.96}
    expect:
      - {what: number, is: 50.0, mark: published}
      - {what: band, is: improving, mark: published}
"""


@pytest.fixture
def story(tmp_path):
    """Return a function that writes a story and plays it: status, what it printed, the error."""

    def run(text=STORY, *words, pure=True):
        (tmp_path / "story.yaml").write_text(text)
        (tmp_path / "edition.yaml").write_text(LAMPS)
        out = StringIO()
        try:
            path = str(tmp_path / "story.yaml")
            how = ["--pure"] if pure else []
            call_command("replay", path, *words, "--json", *how, stdout=out)
        except CommandError as error:
            return error.returncode, out.getvalue() and json.loads(out.getvalue()), str(error)
        return 0, json.loads(out.getvalue()), ""

    return run


def test_every_mark_is_counted_apart(story):
    status, told, error = story()

    assert (status, error) == (0, "")
    assert {mark: told[mark] for mark in ("published", "derived", "chosen", "counter")} == {
        "published": {"holds": 5, "of": 5},
        "derived": {"holds": 6, "of": 6},
        "chosen": {"holds": 5, "of": 5},
        "counter": {"holds": 3, "of": 3},
    }


NOT_SO = {
    "another day": ("since: 2025-08-01", "since: 2025-08-02", "suspended since 2025"),
    "another end": ("until: 2025-12-01", "until: 2025-12-02", "until 2025-12-01"),
    "another clause": ('clause: "8.2"', 'clause: "8.3"', "by 8.2"),
    "another standing": ("is: good", "is: warned", "found good since 2022-06-01 until 2025-08-01"),
    "a state that comes about": ("is: excluded, never", "is: suspended, never", "since 2025-08-01"),
    "another number": ("is: 75.5, mark: published", "is: 75.4, mark: published", "found 75.5"),
    "another band": ("is: leading", "is: improving", "found leading"),
    "another label": ("label, is: Kept by workers", "label, is: Unknown", "found Kept by workers"),
    "another ground": ("are: []", "are: [papers-kept]", "found none"),
    "a counter-check that does not fail": (
        "at: [ladders, main, steps, suspension, standing], to: warned",
        "at: [ladders, main, steps, suspension, name], to: Pause",
        "out does not fail; gives suspended",
    ),
    "a counter-check of what fails anyway": (
        "since: 2025-08-01",
        "since: 2025-08-02",
        "out fails without the variation",
    ),
    "another outcome of a variation": ("is: 82.1", "is: 82.2", "gives 82.1, not total 82.2"),
}


@pytest.mark.parametrize(("said", "instead", "found"), NOT_SO.values(), ids=list(NOT_SO))
def test_what_is_not_so_ends_with_1_and_says_what_was_found(story, said, instead, found):
    assert said in STORY

    status, _, error = story(STORY.replace(said, instead, 1))

    assert status == 1
    assert found in error


WRONG = {
    "no such kind of fact": ("fact: measure.lifted", "fact: measure.ended", "is no kind"),
    "no such field": ("outcome: impose", "result: impose", "it has no field result"),
    "no such day": ("2025-12-01, fact", "2025-12-41, fact", "write a day"),
    "no such right": ("key: label", "key: logo", "is no right; allowed: label, vote"),
    "no such node": ("node: papers", "node: paper", "is no node; allowed: recruitment"),
    "no such band": ("is: leading", "is: top", "is no band; allowed: none, failing"),
    "no such word": ("what: grounds", "what: ground", "is not known; allowed"),
    "no such KPI": ("days-to-repay: 60", "days: 60", "is no KPI that is asked here"),
    "no such label": ("policy: written and public", "policy: yes", "is not on the scale"),
    "no answer": ("days-to-repay: 60", "days-to-repay: true", "write a label"),
    "no such state": ("state: not_applicable", "state: n/a", "'n/a' is no state"),
    "no such expectation": ("fails: [out]", "fails: [in]", "allowed: out"),
    "no such named fact": ("without: [vote]", "without: [veto]", "allowed: notice, vote"),
    "no such place": ("steps, suspension", "steps, expulsion", "has no expulsion; allowed"),
    "no edition any more": ("to: warned", "to: tired", "so changed it is no edition"),
    "nothing varied": ("without: [vote], ", "", "varies nothing"),
    "no day": ("on: 2025-07-31, ", "", "say when"),
    "no such number": ("recruitment: 49.96", "recruiting: 49.96", "allowed: recruitment"),
    "no mark": (", mark: chosen", "", "required and not there: mark"),
    "twice": ("code: elm", "code: fig", "stands twice"),
    "no such kind": ("kind: facts", "kind: factual", "allowed: data, facts"),
}


@pytest.mark.parametrize(("said", "instead", "message"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_said_with_its_line_and_what_is_allowed(story, said, instead, message):
    line = STORY[: STORY.index(said)].count("\n") + 1

    status, _, error = story(STORY.replace(said, instead, 1))

    assert status == 2
    assert f"story.yaml:{line}:" in error
    assert message in error


ANSWERS = {
    "a number": (D("3.5"), Answer(State.ANSWERED, number=D("3.5"))),
    "a label": ("yes", Answer(State.ANSWERED, labels=("yes",))),
    "several labels": (["a", "b"], Answer(State.ANSWERED, labels=("a", "b"))),
    "a ratio": (
        {"numerator": 3, "denominator": 4},
        Answer(State.ANSWERED, numerator=D(3), denominator=D(4)),
    ),
    "none": ({"state": "missing"}, Answer(State.MISSING)),
}


@pytest.mark.parametrize(("written", "answer"), ANSWERS.values(), ids=list(ANSWERS))
def test_answers_are_written_short(written, answer):
    assert schema.answer(written) == answer


def test_every_kind_of_change_can_be_expected():
    assert set(get_args(expectations.StateExpected.model_fields["what"].annotation)) == set(Kind)


def test_several_files_are_added(story, tmp_path):
    (tmp_path / "other.yaml").write_text(STORY)

    status, told, error = story(STORY, str(tmp_path / "other.yaml"))

    assert (status, error) == (0, "")
    assert told["published"] == {"holds": 10, "of": 10}
    assert told["files"].keys() == {str(tmp_path / "other.yaml"), str(tmp_path / "story.yaml")}


# By the platform's own path


@pytest.mark.django_db(transaction=True)
def test_the_platform_keeps_the_spans_that_the_rules_give(story):
    status, told, error = story(STORY, pure=False)

    assert (status, error, told["unexpected"]) == (0, "", [])
    assert not Member.objects.exists()


def test_spans_that_differ_are_told():
    one = ("standing", "", "good", date(2025, 1, 1), None, "class", "2.2", "lamps")
    other = (*one[:2], "warned", *one[3:])

    assert _apart({one}, {one}) == []
    assert _apart({one}, {other}) == [
        "standing good from 2025-01-01",
        "standing warned from 2025-01-01",
    ]


def test_answers_of_sites_are_written_by_site():
    written = {"sites": {"a": {"numerator": 3, "denominator": 4}, "b": {"state": "missing"}}}

    made = schema.answer(written)

    assert made.state is State.MISSING
    said = [(one.site, one.answer.numerator) for one in made.read_with.sites]
    assert said == [("a", D(3)), ("b", None)]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        pytest.param({"sites": {}}, "sites stand alone", id="no site"),
        pytest.param({"sites": ["a"]}, "sites stand alone", id="no table"),
        pytest.param({"sites": {"a": 1}, "number": 2}, "sites stand alone", id="beside another"),
        pytest.param({"sites": {"a": {"sites": {"b": 1}}}}, "a site has no sites", id="in a site"),
        pytest.param({"sites": {"a": None}}, "site a: write a label", id="a site says nothing"),
        pytest.param({"read_with": 1}, "'read_with' is no field", id="what it is read with"),
    ],
)
def test_what_sites_cannot_answer_is_refused_by_name(written, says):
    with pytest.raises(ValueError, match=says):
        schema.answer(written)
