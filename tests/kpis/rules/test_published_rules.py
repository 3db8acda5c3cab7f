"""Outcomes that initiatives published, recomputed with the words from their published rules.

P: inputs and outcome are published. Source: docs/sources.md, mean_of_applicable.
"""

from decimal import Decimal as D

import pytest

from kpis.rules.scoring import Answer, MemberInputs, State, score
from tests.kpis.rules.editions import half_up, kpi, make_edition, node

ASSESSED = {
    "kind": "labels",
    "points": {"exceeded": 100, "fully": 90, "mostly": 60, "partly": 30, "not met": 0},
}
NOT_APPLICABLE = Answer(State.NOT_APPLICABLE)


def answered(value):
    if isinstance(value, Answer):
        return value
    if isinstance(value, str):
        return Answer(State.ANSWERED, labels=(value,))
    return Answer(State.ANSWERED, number=D(str(value)))


def card_of(edition, answers):
    given = {code: answered(value) for code, value in answers.items()}
    return score(edition, [MemberInputs("M1", given)])[0]


def band(code, **ends):
    return {"code": code, "label": code, "status": "none", "clause": "1", **ends}


COMPONENTS = make_edition(
    kpis=[kpi(code) for code in ("engagement", "transparency", "impact")],
    nodes=[
        node(
            "overall",
            "mean_of_applicable",
            of=["engagement", "transparency", "impact"],
            rounding=half_up("0.5"),
        )
    ],
    total="overall",
    bands={
        "of": "overall",
        "bands": [
            band("low", below=50),
            {**band("fairly-low", below=70), "from": 50},
            {**band("moderate", below=85), "from": 70},
            {**band("high", below=93), "from": 85},
            {**band("very-high"), "from": 93},
        ],
    },
)


@pytest.mark.parametrize(
    ("components", "overall", "label"),
    [
        pytest.param((52.5, 71.5, 92), "72.0", "moderate", id="T1 P 72"),
        pytest.param((90, 80, 96.5), "89.0", "high", id="T1 P 88.83 is shown as 89"),
        pytest.param((64, 63.5, 73), "67.0", "fairly-low", id="T1 P 66.83 is shown as 67"),
        pytest.param((75, 69.5, 81.5), "75.5", "moderate", id="T1 P 75.33 is shown as 75.5"),
        pytest.param((82.5, 78, 88.5), "83.0", "moderate", id="T1 P 83"),
        pytest.param((49.5, 49.5, 49.5), "49.5", "low", id="T1 just below the first band"),
        pytest.param((50, 50, 50), "50.0", "fairly-low", id="T1 on the first band"),
        pytest.param((69.5, 69.5, 69.5), "69.5", "fairly-low", id="T1 just below the second"),
        pytest.param((69.7, 69.7, 69.9), "70.0", "moderate", id="T1 bands read what is published"),
    ],
)
def test_three_components_make_an_overall_score(components, overall, label):
    names = ("engagement", "transparency", "impact")

    card = card_of(COMPONENTS, dict(zip(names, components, strict=True)))

    assert (str(card.total), card.band) == (overall, label)


ENGAGEMENT = ["exceeded", "fully", "fully", "fully"]
TRANSPARENCY = ["exceeded", *["fully"] * 9, *["mostly"] * 6, "partly"]
IMPACT = ["exceeded", *["fully"] * 4]


def requirement_tree(left_out):
    """Return a tree of three components, and the answers; six requirements do not apply."""
    answers = {f"s{n}": label for n, label in enumerate(ENGAGEMENT)}
    answers |= {f"t{n}": label for n, label in enumerate([*TRANSPARENCY, *[left_out] * 6])}
    answers |= {f"o{n}": label for n, label in enumerate(IMPACT)}
    of = {first: [code for code in answers if code.startswith(first)] for first in "sto"}
    half = half_up("0.5")
    edition = make_edition(
        kpis=[*(kpi(code, ASSESSED) for code in answers), kpi("bonus")],
        nodes=[
            node("engagement", "mean_of_applicable", of=of["s"], rounding=half),
            node("transparency", "mean_of_applicable", of=of["t"], rounding=half),
            node("outcomes", "mean_of_applicable", of=of["o"]),
            node("impact", "sum", of=["outcomes", "bonus"], rounding=half),
            node(
                "overall",
                "mean_of_applicable",
                of=["engagement", "transparency", "impact"],
                rounding=half,
            ),
        ],
        total="overall",
    )
    return edition, {**answers, "bonus": 2}


def test_requirements_make_components_and_an_overall_score():
    """T2 P: what is not applicable is left out; only the overall is rounded before it is shown."""
    card = card_of(*requirement_tree(NOT_APPLICABLE))

    shown = {line.node: str(line.published) for line in card.lines if line.published}
    assert shown == {
        "engagement": "92.5",
        "transparency": "76.5",
        "impact": "94.0",
        "overall": "87.5",
    }


def test_scoring_what_is_not_applicable_as_zero_would_give_another_result():
    """T2 counter-check: 1300 / 23 is 56.52."""
    card = card_of(*requirement_tree("not met"))

    assert str(card.line("transparency").published) == "56.5"
    assert str(card.total) != "87.5"
