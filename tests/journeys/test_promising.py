"""A member promises something of its own; its score is then read on its own line."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from accounts.selectors import system_user
from kpis import services as kpis
from kpis.models import Scorecard
from kpis.rules.stored import read
from rulebooks.rules.answers import State
from targets import services
from tests.factories import make_edition, make_member, make_user
from tests.kpis.filings import GOOD, file_returns, period_of
from tests.targets.promises import proposed, with_own_targets

pytestmark = pytest.mark.django_db

SCALE = """    scale: {kind: trajectory, min: 0, max: 3650, decimals: 0, own: own-days, \
baseline: {year: 2020, value: 200}, goal: {year: 2030, value: 20}}
"""


@pytest.fixture
def edition(people):
    text = with_own_targets()
    start = text.index("    scale:", text.index("- code: days-to-repay"))
    end = text.index("    direction:", start)
    return make_edition(text[:start] + SCALE + text[end:], by=people.sam)


def scored(period, people, today):
    run = kpis.start_run(period=period, by=system_user(), on=today)
    kpis.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    kpis.publish_run(run_id=run.pk, by=people.sam, on=today)
    cards = Scorecard.objects.filter(run=run).select_related("member__organisation")
    return {card.member.name: card for card in cards}


def test_from_a_proposal_to_a_score_on_the_members_own_line(people, member, edition, today):
    rival = make_member("Bright & Co", representative=make_user(), signatory=make_user())
    period = period_of(edition)
    # Refused, and proposed better; then the baseline is worked out anew.
    weak = proposed(member, people.ada, today, goal_value=D(70), baseline_year=2023)
    services.refuse_target(target_id=weak.pk, reason="Go further.", by=people.sam, on=today)
    first = proposed(
        member, people.ada, today, baseline_year=2023, goal_value=D(60), approved_by=people.sam
    )
    anew = services.Anew("structural_change", "A plant was bought.")
    second = proposed(
        member, people.ada, today, baseline_year=2023, baseline_value=D(140), goal_value=D(70),
        reason="A plant was bought.", anew=anew, approved_by=people.sam,
    )  # fmt: skip
    assert (weak.code, first.code, second.code) == ("T1", "T2", "T3")
    file_returns([member, rival], period, [GOOD | {"days-to-repay": 130}] * 2)

    cards = scored(period, people, today)

    own = read(cards["Ada & Co"].inputs).answers["days-to-repay"]
    others = read(cards["Bright & Co"].inputs).answers["days-to-repay"]
    # 140 in 2023 to 70 in 2030: 130 are due in 2024. The edition's line asks for 128 by then.
    assert own.read_with.line.points == ((2023, D(140)), (2030, D(70)))
    assert (own.read_with.year, others.read_with.line) == (2024, None)
    kpi = edition.document.kpi("days-to-repay")
    assert kpi.exact(own) == 1
    assert kpi.exact(others) == F(70, 72)
    assert own.state is State.ANSWERED

    # What was published stays, whatever is promised later.
    before = cards["Ada & Co"].card
    proposed(
        member, people.ada, today, baseline_year=2023, baseline_value=D(140), goal_value=D(60),
        reason="Faster.", approved_by=people.sam,
    )  # fmt: skip
    assert Scorecard.objects.get(pk=cards["Ada & Co"].pk).card == before
