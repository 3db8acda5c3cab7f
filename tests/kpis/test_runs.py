"""Runs: laid out in shards, scored by any number of workers, closed by the last."""

import json
from datetime import date
from decimal import Decimal as D
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.models import Scorecard, ScoreRun, Shard, Verification
from kpis.services import runs
from ledger.models import Entry
from ledger.rules import merkle_root
from rulebooks import services as rulebooks
from tests.factories import LAMPS, make_edition, make_member, moment
from tests.kpis.filings import GOOD, WEAK, file_return, file_returns, many_members, period_of


@pytest.fixture
def period(edition):
    return period_of(edition)


def run_of(period, today, **working) -> ScoreRun:
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today, **working)
    run.refresh_from_db()
    return run


def cards_of(run) -> dict[str, tuple]:
    rows = run.cards.order_by("member__code")
    return {c.member.code: (c.card, c.digest, c.fingerprint, c.inputs, c.total) for c in rows}


@pytest.mark.django_db
def test_a_run_scores_who_filed_and_who_owes(member, period, today):
    file_return(member, period)

    run = run_of(period, today)

    mine = run.cards.get(member=member)
    assert (mine.total, mine.band, mine.verdict) == (D("87.5"), "leading", "Kept by workers")
    silent = run.cards.exclude(member=member).get()
    assert (silent.total, silent.band, silent.of_return) == (D(0), "failing", None)
    assert run.status == "provisional"
    assert run.cohort == {"rank": {member.code: 1, silent.member.code: 2}}


@pytest.mark.django_db
def test_a_newcomer_is_scored_only_when_it_filed(edition, period, today):
    silent, filed = (make_member(admitted_on=date(2024, 12, 1)) for _ in range(2))
    file_return(filed, period)

    run = run_of(period, today)

    assert [card.member for card in run.cards.all()] == [filed]
    assert silent not in {card.member for card in run.cards.all()}


@pytest.mark.django_db
def test_a_run_records_its_start_and_what_it_came_to(member, period, today):
    file_return(member, period)

    run = run_of(period, today)

    started, finished = Entry.objects.filter(subject=f"kpis.ScoreRun:{run.pk}").order_by("pk")
    assert (started.event, started.data["members"]) == ("kpis.run.started", 2)
    digests = run.cards.order_by("member__code").values_list("digest", flat=True)
    assert finished.event == "kpis.run.finished"
    assert finished.data["root"] == run.root == merkle_root(map(bytes.fromhex, digests))
    assert finished.data["fingerprint"] == run.fingerprint


@pytest.mark.django_db
def test_the_newest_version_and_the_auditors_word_count(member, period, people, today):
    file_return(member, period, WEAK)
    newest = file_return(member, period, GOOD, version=2)
    words = {"fees-repaid": {"outcome": "adjusted", "numerator": D(0), "denominator": D(40)}}
    words |= {"policy": {"outcome": "unsupported"}, "days-to-repay": {"outcome": "verified"}}
    for kpi, word in words.items():
        value = newest.values_reported.get(kpi=kpi)
        Verification.objects.create(
            member=member,
            value=value,
            reason="Seen.",
            marked_by=people.ann,
            marked_at=moment(today),
            **word,
        )

    card = run_of(period, today).cards.get(member=member)

    assert (card.of_return, card.total) == (newest, D("30.0"))  # 0.3 × 100 is left
    answers = json.loads(card.inputs)["answers"]
    assert answers["policy"] is None
    assert answers["fees-repaid"] == [0, 40]


@pytest.mark.django_db
def test_an_answer_off_its_scale_is_stated_and_all_others_are_scored(member, period, today):
    file_return(member, period, GOOD | {"days-to-repay": 9999, "gone": 1})

    run = run_of(period, today)

    card = run.cards.with_problems().get()
    assert card.member == member
    assert set(json.loads(card.inputs)["problems"]) == {"days-to-repay", "gone"}
    assert card.total == D("82.1")  # (37.5 + 20) / 0.7, as if not answered
    assert run.status == "provisional"


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 250], ids="{} members a shard".format)
def test_cards_and_root_are_the_same_however_a_run_is_cut(member, period, today, size, monkeypatch):
    file_return(member, period)
    file_returns(many_members(5), period, [GOOD, WEAK, {}, GOOD | {"policy": None}, WEAK])
    whole = run_of(period, today)
    monkeypatch.setattr(runs, "SHARD", size)

    cut = run_of(period, today)

    assert cut.shards.count() == -(-7 // size)
    assert cards_of(cut) == cards_of(whole)
    assert (cut.root, cut.fingerprint, cut.cohort) == (whole.root, whole.fingerprint, whole.cohort)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["period", "edition"])
def test_the_database_refuses_a_card_of_another_period_or_edition(
    member, period, people, today, name
):
    card = run_of(period, today).cards.get(member=member)
    empty = ScoreRun.objects.create(
        period=period, edition=period.edition, started_at=moment(today), started_by=people.sam
    )
    draft = rulebooks.draft_edition(
        text=LAMPS.replace("code: lamps-2024", "code: lamps-2030"), by=people.sam, on=today
    )
    another = {"period": period_of(period.edition, "2023"), "edition": draft}[name]
    copy = {field.name: getattr(card, field.name) for field in card._meta.fields}

    with pytest.raises(IntegrityError, match="runs_period_and_edition"), transaction.atomic():
        Scorecard.objects.create(**copy | {"id": None, "run": empty, name: another})


@pytest.mark.django_db
def test_working_twice_changes_nothing(member, period, today):
    run = run_of(period, today)
    before = (cards_of(run), Entry.objects.count())

    assert services.work_open_shards(run_id=run.pk, by=system_user(), on=today) == 0
    assert not services.work_shard(run_id=run.pk, number=1, by=system_user(), on=today)

    assert (cards_of(run), Entry.objects.count()) == before


@pytest.mark.django_db
def test_a_run_stays_open_until_its_last_shard_is_done(member, period, today, monkeypatch):
    monkeypatch.setattr(runs, "SHARD", 1)

    run = run_of(period, today, limit=1)

    assert (run.status, selectors.open_shards(run.pk)) == ("running", [2])
    assert not Entry.objects.filter(event="kpis.run.finished").exists()


@pytest.mark.django_db
def test_a_shard_that_fails_leaves_nothing_and_the_others_are_scored(
    member, period, today, monkeypatch
):
    monkeypatch.setattr(runs, "SHARD", 1)
    run = services.start_run(period=period, by=system_user(), on=today)
    Shard.objects.filter(run=run, number=1).update(member_ids=[0])  # nobody

    with pytest.raises(KeyError):
        services.work_open_shards(run_id=run.pk, by=system_user(), on=today)

    assert selectors.open_shards(run.pk) == [1]
    assert run.cards.count() == 1


@pytest.mark.django_db
def test_what_cannot_be_scored_is_refused_in_words(member, edition, people, today):
    period = period_of(edition)

    def refusal(of, on=today) -> str:
        with pytest.raises(services.CannotScore) as refused:
            services.start_run(period=of, by=people.sam, on=on)
        return str(refused.value)

    assert refusal(period_of(edition, "2026")) == "period 2026 opens on 2027-01-15"
    run = services.start_run(period=period, by=people.sam, on=today)
    assert refusal(period) == f"run {run.pk} of period 2024 is going on"
    assert ScoreRun.objects.count() == 1


@pytest.mark.django_db
def test_a_period_that_concerns_nobody_is_refused(edition, people, today):
    with pytest.raises(services.CannotScore, match="no member owes or filed a return for period"):
        services.start_run(period=period_of(edition), by=people.sam, on=today)

    assert not ScoreRun.objects.exists()
    assert not Entry.objects.filter(event="kpis.run.started").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["ada", "ann", "cam", "bea", "sys"])
def test_only_the_secretariat_and_the_platform_may_score(member, period, people, today, who):
    for act in (
        lambda by: services.start_run(period=period, by=by, on=today),
        lambda by: services.work_open_shards(run_id=0, by=by, on=today),
    ):
        with pytest.raises(PermissionDenied):
            act(getattr(people, who))


@pytest.mark.django_db
def test_a_shard_takes_a_fixed_number_of_queries(
    edition, period, today, django_assert_max_num_queries
):
    members = many_members(20)
    file_returns(members, period, [GOOD] * 20)
    run = services.start_run(period=period, by=system_user(), on=today)

    with django_assert_max_num_queries(24):
        services.work_open_shards(run_id=run.pk, by=system_user(), on=today)


def at_once(*calls) -> list[object]:
    """Call all at the same moment, each in a thread with a connection of its own."""
    barrier, outcomes = Barrier(len(calls)), []

    def run(call):
        try:
            barrier.wait()
            outcomes.append(call())
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_score_each_shard_once_and_one_closes_the_run(monkeypatch, today):
    monkeypatch.setattr(runs, "SHARD", 2)
    period = period_of(make_edition())
    file_returns(many_members(24), period, [GOOD, WEAK] * 12)
    run = services.start_run(period=period, by=system_user(), on=today)

    def work():
        return services.work_open_shards(run_id=run.pk, by=system_user(), on=today)

    outcomes = at_once(work, work, work)

    assert sum(outcomes) == 12
    run.refresh_from_db()
    assert (run.status, run.cards.count()) == ("provisional", 24)
    assert Entry.objects.filter(event="kpis.run.finished").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_started_at_once_are_one(today):
    period = period_of(make_edition())
    many_members(2)

    def start():
        return services.start_run(period=period, by=system_user(), on=today)

    outcomes = at_once(start, start)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CannotScore", "ScoreRun"]
    assert ScoreRun.objects.count() == 1


@pytest.mark.django_db
def test_a_stored_card_cannot_be_changed(member, period, today):
    run_of(period, today)

    with pytest.raises(Exception, match="kpis_scorecard"):
        Scorecard.objects.update(total=D(100))
