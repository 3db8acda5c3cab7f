"""What no score can be made of is stated on the card, and the run ends for all others."""

import json
from decimal import Decimal as D

import pytest

from accounts.selectors import system_user
from kpis import services
from kpis.rules.scoring import Card
from kpis.services import cards
from tests.factories import LAMPS, make_edition
from tests.kpis.filings import GOOD, file_returns, many_members, period_of, tamper

pytestmark = pytest.mark.django_db

NODE = """    - code: per-claim
      title: Points for each claim
      op: formula
      unit: days
      direction: lower
      formula: "days-to-repay / open-claims"
      rounding: {mode: half_up, step: 0.01}
      clause: "6.9"
"""


@pytest.fixture(autouse=True, params=["on frames", "by hand"])
def way(request, monkeypatch):
    if request.param == "by hand":
        monkeypatch.setattr(cards.frames, "suits", lambda edition: False)


@pytest.fixture
def period(people):
    text = LAMPS.replace("    direction: none\n    missing: not_scored", CLAIMS, 1)
    text = text.replace("  nodes:\n", f"  nodes:\n{NODE}", 1)
    return period_of(make_edition(text, by=people.sam))


CLAIMS = "    direction: lower\n    missing: leave_out"


def cards_of(period, today, answers, *, spoil: str = "") -> list:
    """Return the cards of members with these answers, in order, of a run that has ended."""
    members = many_members(len(answers))
    file_returns(members, period, answers)
    if spoil:
        tamper(spoil)
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    run.refresh_from_db()
    assert run.status == "provisional"
    made = list(run.cards.order_by("member"))
    assert len(made) == len(answers)
    assert not any("NaN" in card.card or "nan" in card.card for card in made)
    return made


def said(card) -> dict[str, str]:
    return {remark.code: remark.says for remark in Card.read(card.card).remarks}


def test_a_formula_that_divides_by_zero_says_so_for_that_member_alone(period, today):
    zero, other = cards_of(period, today, [GOOD | {"open-claims": 0}, GOOD | {"open-claims": 8}])

    assert Card.read(zero.card).line("per-claim").number is None
    assert said(zero) == {"per-claim": "division by zero, at character 17 of the formula"}
    assert Card.read(other.card).line("per-claim").published == D(
        "12.50"
    )  # 100 points for 8 claims
    assert (zero.total, other.total, said(other)) == (D("87.5"), D("87.5"), {})


def test_a_number_that_is_none_is_stated_as_off_its_scale(period, today):
    spoil = """
        update kpis_value set number = 'NaN' where kpi = 'days-to-repay' and of_return_id =
            (select min(id) from kpis_return)
    """

    spoilt, other = cards_of(period, today, [GOOD, GOOD], spoil=spoil)

    assert json.loads(spoilt.inputs)["problems"] == {"days-to-repay": "needs a number"}
    assert spoilt.total == D("82.1")  # (37.5 + 20) / 0.7, as if not answered
    assert other.total == D("87.5")


def test_a_number_as_large_as_can_be_stored_is_stated_as_off_its_scale(period, today):
    huge = "9" * 24 + "." + "9" * 12

    spoilt, other = cards_of(period, today, [GOOD | {"days-to-repay": D(huge)}, GOOD])

    [problem] = json.loads(spoilt.inputs)["problems"].values()
    assert problem == f"{huge} is not on the scale: 0 to 3650"
    assert other.total == D("87.5")


def test_a_kpi_that_nobody_answers_and_a_member_without_data_are_scored_as_the_edition_says(
    period, today
):
    without = {code: given for code, given in GOOD.items() if code != "days-to-repay"}

    nothing, *others = cards_of(period, today, [{}, without, without])

    assert (nothing.total, nothing.band) == (D(0), "failing")
    assert [card.total for card in others] == [D("82.1")] * 2
