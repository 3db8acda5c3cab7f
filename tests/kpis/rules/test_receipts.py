"""Receipts, and what a reader is shown of them."""

from decimal import Decimal as D

import pytest

from kpis.rules.receipts import grounds, receipt
from kpis.rules.scoring import Answer, MemberInputs, State, redact, score, trace
from rulebooks.rules.edition import Edition
from tests.factories import LAMPS

EVERYTHING = {"public", "aggregate", "secretariat_and_auditor", "counsel"}
ANSWERS = {
    "fees-repaid": Answer(State.ANSWERED, numerator=D(1), denominator=D(3)),
    "policy": Answer(State.ANSWERED, labels=("written",)),
    "days-to-repay": Answer(State.UNKNOWN),
}


@pytest.fixture(scope="module")
def edition():
    return Edition.load(LAMPS)


@pytest.fixture(scope="module")
def lines(edition):
    inputs = MemberInputs("M0001", ANSWERS)
    return trace(edition, score(edition, [inputs])[0], inputs)


def shown(lines):
    return [(line.label, line.figure, line.weight, line.note) for line in lines]


def test_a_receipt_reads_from_answers_to_the_rounded_total(edition, lines):
    total, verdict = receipt(edition, lines)

    assert (total.label, total.figure, total.role) == ("Recruitment", D("38.1"), "total")
    assert total.note == "weighted mean"
    assert shown(total.lines) == [
        ("Recruitment fees paid back", "100/3", D("0.5"), "1 of 3 (percent)"),
        ("Policy on recruitment fees", D(50), D("0.2"), "written (points)"),
        ("Days from finding a fee to paying it back", "no number", D("0.3"), "unknown; left out"),
        ("Exact", "800/21", None, ""),
        ("Rounded", D("38.1"), None, "half up to 0.1"),
    ]
    assert shown(verdict.lines) == [
        (
            "Were papers of workers kept at any site?",
            "no number",
            None,
            "missing; left out, and a knock-out",
        ),
        ("Outcome", "Unknown", None, ""),
    ]


def test_every_ground_is_listed(edition, lines):
    assert [(g.label, g.note) for g in grounds(edition, lines)] == [
        ("Were papers of workers kept at any site?", "knocked out: missing")
    ]


def test_what_a_reader_may_not_see_is_marked_and_cannot_be_computed(edition, lines):
    total, verdict = receipt(edition, redact(lines, {"public"}))

    assert shown(total.lines) == [
        ("Recruitment fees paid back", "hidden", D("0.5"), "seen by secretariat and auditor"),
        ("Policy on recruitment fees", D(50), D("0.2"), "written (points)"),
        (
            "Days from finding a fee to paying it back",
            "hidden",
            D("0.3"),
            "shown in aggregates only",
        ),
        ("Exact", "hidden", None, "exact number withheld"),
        ("Rounded", D("38.1"), None, "half up to 0.1"),
    ]
    assert total.figure == D("38.1")
    assert shown(verdict.lines)[0][1] == "no number"


def test_a_ground_that_rests_on_a_hidden_answer_is_marked_without_its_name():
    for_counsel = "knock_out\n    confidentiality: "
    edition = Edition.load(LAMPS.replace(f"{for_counsel}public", f"{for_counsel}counsel"))
    inputs = MemberInputs("M0001", ANSWERS)
    lines = trace(edition, score(edition, [inputs])[0], inputs)

    (ground,) = grounds(edition, redact(lines, {"public"}))

    assert (ground.label, ground.note) == ("A ground that you may not see", "seen by counsel")
    assert (ground.code, ground.clause) == ("", "")


def test_nothing_is_hidden_from_who_may_see_all(edition, lines):
    assert redact(lines, EVERYTHING) == lines
