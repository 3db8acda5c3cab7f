"""One member, a few and many go one way: the same code, and the same bytes."""

from decimal import Decimal as D

import pytest
from polars.testing import assert_frame_equal

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.models import ScoreRun
from kpis.rules import exact, frames, scoring, stored
from kpis.selectors.alone import laid_alone
from targets.models import Period
from tests.factories import make_edition, next_lamps
from tests.kpis.filings import GOOD, WEAK, file_return, file_returns, many_members, period_of
from tests.kpis.more_kpis import MORE, with_more
from tests.kpis.test_frames_on_rows import answer_at, period_of_all_kinds, say

pytestmark = pytest.mark.django_db

MANY = 30
STORED = ("card", "inputs", "digest", "fingerprint", "total", "band", "verdict")


@pytest.fixture
def period(people):
    return period_of_all_kinds(people)


@pytest.fixture
def members(period):
    """Many members: good, weak, one who said little, and one who filed nothing."""
    made = many_members(MANY)
    answers = [GOOD | {"days-to-repay": D(n)} if n % 3 else WEAK for n in range(MANY - 2)]
    filed = file_returns(made[:-1], period, [*answers, {"policy": None, "open-claims": 2}])
    answer_at(filed[2], b=(3, "12.5"), a=(1, 40))
    return made


@pytest.fixture
def calls(monkeypatch):
    """Refuse fractions and answers taken one by one, and count frames by how many they hold."""

    def refuse(*given, **more):
        raise AssertionError("a member was scored in a way of its own")

    monkeypatch.setattr(exact, "complete", refuse)
    monkeypatch.setattr(scoring, "score", refuse)
    heights, score = [], frames.score

    def counted(edition, sha256, laid):
        heights.append(len(laid.members))
        return score(edition, sha256, laid)

    monkeypatch.setattr(frames, "score", counted)
    return heights


def stored_by(period, today, *, shard: int) -> dict[int, tuple]:
    run = services.start_run(period=period, by=system_user(), on=today, shard=shard)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    run.refresh_from_db()
    assert run.status == ScoreRun.Status.PROVISIONAL
    return {card.member_id: held(card) for card in run.cards.all()}


def held(card) -> tuple:
    return tuple(getattr(card, name) for name in STORED)


@pytest.mark.parametrize("shard", [1, 7])
def test_a_member_scored_alone_or_among_a_few_has_the_card_it_has_among_many(
    period, members, calls, today, shard
):
    among_many = stored_by(period, today, shard=MANY)
    assert calls == [MANY]
    calls.clear()

    assert stored_by(period, today, shard=shard) == among_many

    assert max(calls) == shard
    assert sum(calls) == MANY


def test_a_member_scored_anew_goes_the_way_of_a_run(period, members, people, calls, today):
    stored_by(period, today, shard=MANY)
    changed = members[4]
    newest = file_return(changed, period, GOOD | {"policy": "none"}, version=2)
    say(newest, "days-to-repay", "adjusted", people.sam, today, number=D(11))
    calls.clear()

    run = services.rescore(period=period, member=changed, by=system_user(), on=today)

    assert calls == [1]
    anew = {card.member_id: held(card) for card in run.cards.all()}
    assert anew == stored_by(period, today, shard=MANY)
    now = selectors.score_now(changed, period)
    assert tuple(getattr(now, name) for name in STORED) == anew[changed.pk]


def test_one_member_is_laid_out_alone_as_among_many(period, members, people, today):
    filed = members[2].returns.get()
    say(filed, "fees-repaid", "adjusted", people.ann, today, numerator=D(3), denominator=D(4))
    say(filed, "policy", "verified", people.ann, today)
    say(filed, "policy", "unsupported", people.ann, today)
    for member in (members[2], members[-2], members[-1]):
        laid, [of_return] = selectors.laid_out([member.pk], period=period)

        alone, own = laid_alone(member, period=period)

        assert own == of_return
        assert alone.members == laid.members
        for name in ("values", "words", "places", "sites", "levels"):
            one, other = getattr(alone, name), getattr(laid, name)
            by_kpi = [
                frame.cast({"kpi": str}) if "kpi" in frame else frame for frame in (one, other)
            ]
            assert_frame_equal(*by_kpi, check_row_order=False)


def test_a_run_reads_what_its_edition_asks_whatever_edition_its_period_has_since(people, today):
    of_run, since = (make_edition(text, by=people.sam) for text in (with_more(), next_lamps()))
    period = period_of(of_run)
    changed, other = many_members(2)
    file_returns([changed, other], period, [GOOD | MORE, GOOD | MORE])
    wanted = stored_by(period, today, shard=2)
    run = services.start_run(period=period, by=system_user(), on=today, shard=2)
    Period.objects.filter(pk=period.pk).update(edition=since)
    period.refresh_from_db()

    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)

    assert {card.member_id: held(card) for card in run.cards.all()} == wanted
    file_return(changed, period, GOOD | MORE | {"trained": 41}, version=2)
    services.rescore(period=period, member=changed, by=system_user(), on=today)
    inputs = (run.cards.get(member=changed).inputs, wanted[changed.pk][1])
    anew, before = map(stored.read, inputs)
    assert anew.answers.pop("trained") != before.answers.pop("trained")
    assert anew == before
