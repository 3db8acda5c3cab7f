"""Publishing: what was scored begins to count, and a later run corrects it."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.selectors import system_user
from kpis import services
from kpis.models import Scorecard
from ledger.models import Entry
from members.models import Fact, Span
from members.selectors import as_rule
from tests.factories import make_edition
from tests.kpis.filings import GOOD, WEAK, file_return, file_returns, many_members, period_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(edition):
    return period_of(edition)


@pytest.fixture
def run(member, period, today):
    file_return(member, period)
    return scored(period, today)


def scored(period, today):
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    run.refresh_from_db()
    return run


def published_scores(member):
    return Fact.objects.filter(member=member, kind="score.published").order_by("pk")


def test_publishing_states_what_rules_may_read(run, member, people, today):
    services.publish_run(run_id=run.pk, by=people.sam, on=today)

    fact = published_scores(member).get()
    assert (fact.key, fact.about_on, fact.source) == ("2024", today, "live")
    what = as_rule(fact).what
    assert what.numbers == {"recruitment": D("87.5")}
    assert what.labels == {"papers": "Kept by workers"}
    assert what.edition == "lamps-2024"


def test_publishing_is_one_act(run, people, today):
    services.publish_run(run_id=run.pk, by=people.sam, on=today)

    run.refresh_from_db()
    assert (run.status, run.published_by) == ("published", people.sam)
    entry = Entry.objects.get(event="kpis.run.published")
    assert entry.data == {
        "period": "2024",
        "edition": "lamps-2024",
        "members": 2,
        "root": run.root,
    }
    assert Fact.objects.filter(kind="score.published", entry=entry).count() == 2


def test_detectors_read_published_scores_and_no_provisional_ones(member, period, people, today):
    file_return(member, period, GOOD | {"papers-kept": "yes"})
    run = scored(period, today)
    hits = Span.objects.filter(member=member, kind="breach", key="papers-kept:2024")
    assert not hits.exists()

    services.publish_run(run_id=run.pk, by=people.sam, on=today)

    assert hits.get().because == "papers is No - kept by the employer"


def test_provisional_cards_are_for_staff_until_they_are_published(run, member, people, today):
    def seen_by(who):
        return Scorecard.objects.visible_to(getattr(people, who)).filter(member=member).count()

    everyone = ("ada", "sid", "avi", "ann", "sam", "cam", "lou", "eve", "aud", "bea", "noor")
    staff = {"sam", "cam", "lou"}
    assert {who for who in everyone if seen_by(who)} == staff

    services.publish_run(run_id=run.pk, by=people.sam, on=today)

    assert {who for who in everyone if seen_by(who)} == staff | {"ada", "sid", "avi", "ann"}


def test_a_later_run_corrects_and_names_the_earlier_score(run, member, period, people, today):
    services.publish_run(run_id=run.pk, by=people.sam, on=today)
    earlier = list(run.cards.order_by("pk").values())
    file_return(member, period, WEAK, version=2)
    later = scored(period, today)

    services.publish_run(run_id=later.pk, by=people.sam, on=today + timedelta(days=1))

    first, second = published_scores(member)
    assert (first.corrects, second.corrects) == (None, first)
    assert as_rule(second).what.numbers == {"recruitment": D("16.7")}
    entry = Entry.objects.filter(event="kpis.run.published").latest("pk")
    assert entry.data["corrects_run"] == run.pk
    assert list(run.cards.order_by("pk").values()) == earlier
    latest = Scorecard.objects.visible_to(people.ada).latest().get(member=member)
    assert (latest.run, latest.total) == (later, D("16.7"))


def test_a_correction_of_a_correction_names_the_one_that_stands(run, member, period, people, today):
    services.publish_run(run_id=run.pk, by=people.sam, on=today)
    for _ in range(2):
        services.publish_run(run_id=scored(period, today).pk, by=people.sam, on=today)

    first, second, third = published_scores(member)
    assert (second.corrects, third.corrects) == (first, second)


def test_a_run_is_published_once_when_finished_and_in_order(run, period, people, today):
    def refusal(of):
        with pytest.raises(services.CannotPublish) as refused:
            services.publish_run(run_id=of.pk, by=people.sam, on=today)
        return str(refused.value)

    newer = services.start_run(period=period, by=system_user(), on=today)
    assert refusal(newer).startswith(f"run {newer.pk} is going on")
    services.work_open_shards(run_id=newer.pk, by=system_user(), on=today)
    services.publish_run(run_id=newer.pk, by=people.sam, on=today)
    facts = Fact.objects.count()

    assert refusal(newer).startswith(f"run {newer.pk} was published on")
    assert refusal(run) == f"run {newer.pk}, which is newer, was published already"
    assert Fact.objects.count() == facts


def test_a_run_with_an_answer_off_its_scale_is_not_published(member, period, people, today):
    file_return(member, period, GOOD | {"days-to-repay": 9999})
    run = scored(period, today)

    with pytest.raises(services.CannotPublish, match=f"is not on its scale for {member.code};"):
        services.publish_run(run_id=run.pk, by=people.sam, on=today)

    assert not Fact.objects.filter(kind="score.published").exists()


@pytest.mark.parametrize("who", ["ada", "sid", "ann", "cam", "lou", "bea", "sys"])
def test_only_the_secretariat_publishes(run, people, today, who):
    with pytest.raises(PermissionDenied):
        services.publish_run(run_id=run.pk, by=getattr(people, who), on=today)


def test_the_platform_itself_cannot_publish(run, today):
    with pytest.raises(PermissionDenied):
        services.publish_run(run_id=run.pk, by=system_user(), on=today)


def test_publishing_takes_as_many_queries_for_ten_members_as_for_fifty(people, today):
    edition = make_edition()
    counts = []
    for size, first, code in ((10, 6001, "2023"), (40, 7001, "2024")):
        period = period_of(edition, code)
        file_returns(many_members(size, first=first), period, [GOOD] * size)
        run = scored(period, today)
        with CaptureQueriesContext(connection) as queries:
            services.publish_run(run_id=run.pk, by=people.sam, on=today)
        counts.append(len(queries))
    assert counts[1] <= counts[0]
