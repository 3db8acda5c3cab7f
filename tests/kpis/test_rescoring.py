"""One member scored anew: its card, and nobody else's; what the run comes to equals a full run."""

from datetime import timedelta
from itertools import count

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.models import Contest, ReplacedCard, Scorecard, ScoreRun
from kpis.rules.marks import Mark
from kpis.rules.reading import Typed
from ledger.models import Entry
from members.models import Letter
from tests.factories import make_edition
from tests.kpis.filings import GOOD, WEAK, file_return, file_returns, many_members, period_of
from tests.kpis.test_contests import CONTESTED

pytestmark = pytest.mark.django_db
_version = count(2)


@pytest.fixture
def edition(db):
    return make_edition(CONTESTED)


@pytest.fixture
def period(edition):
    return period_of(edition)


@pytest.fixture
def others(period):
    made = many_members(4)
    file_returns(made, period, [GOOD, WEAK, GOOD, WEAK])
    return made


@pytest.fixture
def run(member, others, period, today):
    file_return(member, period, WEAK)
    return scored(period, today)


def scored(period, today) -> ScoreRun:
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    run.refresh_from_db()
    return run


def rescore(member, period, on):
    return services.rescore(period=period, member=member, by=system_user(), on=on)


def correct(member, period, answers=GOOD):
    return file_return(member, period, answers, version=next(_version))


def published(run, people, today):
    services.show_run(run_id=run.pk, by=people.sam, on=today)
    after = today + timedelta(days=15)
    return services.publish_run(run_id=run.pk, by=people.sam, on=after)


def come_to(run) -> tuple:
    return run.fingerprint, run.root, run.cohort


# In a provisional run


def test_a_corrected_value_moves_its_members_card_and_no_other(run, member, others, period, today):
    before = dict(run.cards.values_list("member", "digest"))
    correct(member, period)

    rescore(member, period, today)

    after = dict(run.cards.values_list("member", "digest"))
    assert {pk for pk in after if after[pk] != before[pk]} == {member.pk}
    assert run.cards.get(member=member).total == 87.5


def test_what_was_replaced_is_kept_and_recorded(run, member, period, today):
    old = run.cards.get(member=member)
    correct(member, period)

    rescore(member, period, today)

    kept = ReplacedCard.objects.get()
    assert (kept.card, kept.digest, kept.contest_until) == (old.card, old.digest, None)
    data = Entry.objects.get(event="kpis.card.rescored").data
    assert (data["before"], data["after"]) == (old.digest, run.cards.get(member=member).digest)


def test_the_run_as_a_whole_follows_and_equals_a_full_run(run, member, period, today):
    correct(member, period)
    rescore(member, period, today)
    run.refresh_from_db()
    assert not run.settled

    services.settle(run_id=run.pk, by=system_user(), on=today)

    run.refresh_from_db()
    assert run.settled
    assert come_to(run) == come_to(scored(period, today))


def test_the_same_inputs_are_not_scored_again(run, member, period, today):
    with pytest.raises(services.NothingToRescore, match="would score the same"):
        rescore(member, period, today)
    assert not ReplacedCard.objects.exists()


def test_who_files_late_gets_a_card(run, period, today):
    late = many_members(1, first=7001)[0]
    file_return(late, period, GOOD)

    rescore(late, period, today)

    assert run.cards.filter(member=late).exists()


def test_a_period_that_was_never_scored_has_nothing_to_score_anew(member, period, today):
    with pytest.raises(services.NothingToRescore, match="has not been scored"):
        rescore(member, period, today)


def test_who_may_not_score_is_refused(run, member, period, people, today):
    with pytest.raises(PermissionDenied):
        services.rescore(period=period, member=member, by=people.ada, on=today)


def test_a_part_that_is_still_to_be_scored_is_left_to_the_run(member, others, period, today):
    file_return(member, period, WEAK)
    run = services.start_run(period=period, by=system_user(), on=today)

    with pytest.raises(services.NothingToRescore, match="has yet to score"):
        rescore(member, period, today)
    assert not run.cards.exists()


@pytest.mark.parametrize("is_published", [False, True], ids=["provisional", "published"])
def test_the_cost_does_not_depend_on_how_many_were_scored(
    run, member, period, people, today, is_published
):
    def queries(of) -> list[str]:
        if is_published:
            published(of, people, today)
        correct(member, period, GOOD | {"days-to-repay": next(_version)})
        with CaptureQueriesContext(connection) as asked:
            rescore(member, period, today)
        return [one["sql"] for one in asked]

    few = queries(run)
    more = many_members(40, first=8001)
    file_returns(more, period, [GOOD] * 40)

    again = queries(scored(period, today))

    assert len(again) == len(few) <= 18
    assert not [sql for sql in again if '"cohort"' in sql and sql.startswith("SELECT")]


# By itself


def test_an_auditors_word_scores_its_member_anew(run, member, period, people, today, work_due):
    filed = member.returns.get(period=period)
    marks = {
        "policy": Mark(
            outcome="adjusted", reason="It is public.", value=Typed(labels=("written and public",))
        )
    }
    services.mark_values(return_id=filed.pk, marks=marks, by=people.ann, on=today)
    before = run.cards.get(member=member).digest

    work_due()

    run.refresh_from_db()
    assert run.cards.get(member=member).digest != before
    assert run.settled


# Once it was shown


def test_a_card_scored_anew_has_the_whole_time_again(run, member, period, people, today, work_due):
    services.show_run(run_id=run.pk, by=people.sam, on=today)
    work_due()
    late = today + timedelta(days=10)
    correct(member, period)

    rescore(member, period, late)
    work_due()

    run.refresh_from_db()
    assert selectors.contest_until(run, member) == late + timedelta(days=14)
    assert run.contest_until == today + timedelta(days=14)
    with pytest.raises(services.CannotPublish, match=str(late + timedelta(days=14))):
        services.publish_run(run_id=run.pk, by=people.sam, on=late + timedelta(days=14))
    told = Letter.objects.filter(template="score-provisional", member=member)
    assert told.count() == 4  # to two people, twice


def test_what_was_upheld_is_published_once_it_was_put_right(run, member, period, people, today):
    services.show_run(run_id=run.pk, by=people.sam, on=today)
    found = services.contest_score(
        run_id=run.pk, member=member, of="", reasons="Wrong.", by=people.ada, on=today
    )
    upheld = Contest.Outcome.UPHELD
    services.answer_contest(
        contest_id=found.pk, outcome=upheld, answer="Yes.", by=people.sam, on=today
    )
    correct(member, period)
    rescore(member, period, today)

    done = services.publish_run(run_id=run.pk, by=people.sam, on=today + timedelta(days=15))

    assert (done.status, done.settled) == ("published", True)


# After a publication


def test_a_correction_is_a_run_of_its_own_that_names_the_published_one(
    run, member, others, period, people, today
):
    published(run, people, today)
    before = run.cards.get(member=member)
    correct(member, period)

    made = rescore(member, period, today)

    assert (made.status, made.corrects) == ("provisional", run)
    assert list(made.cards.values_list("member", flat=True)) == [member.pk]
    assert run.cards.get(member=member).digest == before.digest


def test_ranks_after_a_correction_equal_those_of_a_full_run(
    run, member, others, period, people, today
):
    published(run, people, today)
    correct(member, period)
    made = rescore(member, period, today)

    services.settle(run_id=made.pk, by=system_user(), on=today)

    made.refresh_from_db()
    assert made.settled
    assert made.cohort == scored(period, today).cohort


def test_until_a_correction_settles_its_card_stands_beside_the_ranks_as_published(
    run, member, others, period, people, today
):
    published(run, people, today)
    correct(member, period)

    made = rescore(member, period, today)

    run.refresh_from_db()
    assert selectors.cohort_beside(made.cards.get()) == run.cohort


def test_who_was_not_corrected_reads_the_newer_ranks(run, member, others, period, people, today):
    published(run, people, today)
    correct(member, period)
    made = published(rescore(member, period, today), people, today)
    card = Scorecard.objects.published().get(member=others[0])

    assert selectors.cohort_beside(card) == made.cohort
    assert selectors.cohort_beside(run.cards.get(member=member)) == run.cohort


def test_a_second_correction_joins_the_first(run, member, others, period, people, today):
    published(run, people, today)
    correct(member, period)
    first = rescore(member, period, today)
    correct(others[1], period)

    second = rescore(others[1], period, today)

    assert second == first
    assert first.cards.count() == 2


def test_the_database_keeps_published_cards(run, member, people, today):
    published(run, people, today)
    with pytest.raises(DatabaseError, match="is kept"), transaction.atomic():
        run.cards.filter(member=member).delete()


# Any order of corrections

ANSWERS = st.sampled_from([GOOD, WEAK, GOOD | {"policy": "none"}, GOOD | {"days-to-repay": 300}])


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(st.tuples(st.integers(0, 3), ANSWERS), min_size=1, max_size=4))
def test_whatever_is_corrected_in_whatever_order_a_full_run_says_the_same(
    others, period, today, acts
):
    with transaction.atomic():
        run = scored(period, today)
        for who, answers in acts:
            correct(others[who], period, answers)
            try:
                rescore(others[who], period, today)
            except services.NothingToRescore:
                continue
        services.settle(run_id=run.pk, by=system_user(), on=today)
        run.refresh_from_db()
        full = scored(period, today)

        assert come_to(run) == come_to(full)
        assert dict(run.cards.values_list("member", "card")) == dict(
            full.cards.values_list("member", "card")
        )
        transaction.set_rollback(True)
