"""What each audience learns, how much of it, and when at the earliest."""

from datetime import date

import pytest

from rulebooks.rules import document
from rulebooks.rules.publicity import Publicity

KEYS = "membership: public, standing: public, scorecard: member, clause: '9'"
FINAL_STEP = f"""{{{KEYS}, notices: [
  {{event: measure, audience: public, what: name, standings: [excluded], embargo: {{days: 30}},
   right_of_reply: {{weeks: 2}}, clause: '9.1'}},
  {{event: measure, audience: public, what: count, standings: [warned], clause: '9.2'}},
  {{event: measure, audience: buyers, what: letter, clause: '9.3'}}]}}"""


@pytest.mark.parametrize(
    ("event", "audience", "standing", "what", "clause"),
    [
        pytest.param("measure", "public", "excluded", "name", "9.1", id="named at the last step"),
        pytest.param("measure", "public", "warned", "count", "9.2", id="a warning is counted only"),
        pytest.param("measure", "public", "suspended", "nothing", "9", id="what no notice covers"),
        pytest.param("measure", "public", None, "nothing", "9", id="a measure of any standing"),
        pytest.param("measure", "buyers", "warned", "letter", "9.3", id="buyers read all"),
        pytest.param("measure", "members", "warned", "name", "9", id="members, by the key"),
        pytest.param("membership", "public", None, "name", "9", id="membership, by the key"),
        pytest.param("score", "public", None, "nothing", "9", id="scorecards stay with the member"),
        pytest.param("score", "concerned", None, "letter", "9", id="who learns of its own score"),
        pytest.param("vote", "public", None, "nothing", "9", id="nothing is said of it"),
    ],
)
def test_notices_hold_alone_where_they_speak_and_the_keys_elsewhere(
    event, audience, standing, what, clause
):
    policy = document.load(FINAL_STEP, Publicity).policy(event, audience, standing=standing)

    assert (policy.what, policy.clause) == (what, clause)


def test_nothing_is_told_before_embargo_and_time_to_reply_are_over():
    policy = document.load(FINAL_STEP, Publicity).policy("measure", "public", standing="excluded")

    assert policy.earliest(date(2026, 3, 1)) == date(2026, 4, 1)
    assert policy.waits_for == "an embargo of 30 days and time to reply, 2 weeks"


def test_without_either_it_may_be_told_at_once():
    policy = document.load(f"{{{KEYS}}}", Publicity).policy("measure", "public", standing="warned")

    assert policy.earliest(date(2026, 3, 1)) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("what", "wanted", "allowed"),
    [("name", "count", True), ("name", "letter", False), ("count", "name", False),
     ("nothing", "count", False), ("letter", "name", True)],
)  # fmt: skip
def test_who_may_be_told_more_may_be_told_less(what, wanted, allowed):
    written = (
        f"{{{KEYS}, notices: [{{event: breach, audience: members, what: {what}, clause: '1'}}]}}"
    )

    assert document.load(written, Publicity).policy("breach", "members").allows(wanted) is allowed
