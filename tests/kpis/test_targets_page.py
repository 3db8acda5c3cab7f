from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from fractions import Fraction

import pytest
from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.models import Scorecard
from kpis.selectors.totals import Found, Source
from members import services as members
from members.models import CorporateGroup, GroupMembership, Member
from rulebooks.rules import facts
from rulebooks.rules.edition import Edition
from rulebooks.rules.targets.aggregates import ShareReaching, Sum, Totals
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition, state
from tests.kpis.filings import GOOD, file_returns, many_members, period_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(people):
    """As the tests' edition, with totals of the KPI that has a target."""
    text = LAMPS.replace("confidentiality: secretariat_and_auditor", "confidentiality: aggregate")
    return make_edition(text, by=people.sam)


@pytest.fixture
def publish(people, member, edition, today):
    def publish(*answers):
        period = period_of(edition)
        filers = [member, *many_members(len(answers) - 1)]
        file_returns(filers, period, [GOOD | {"fees-repaid": given} for given in answers])
        run = services.start_run(period=period, by=system_user(), on=today)
        services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
        services.publish_run(run_id=run.pk, by=people.sam, on=today)
        return period

    return publish


SIX = [("4", "5"), ("4", "5"), ("5", "6"), None, ("4", "6"), ("3", "6")]


def test_a_total_is_exact_and_of_published_answers(publish, edition):
    period = publish(*SIX)

    (aim,) = selectors.aims(edition.document, period, sees_all=False)

    assert aim.due == Fraction(60)  # 40 in 2022 to 100 in 2028, in 2024
    assert aim.reached.measured == Fraction(20, 28) * 100
    assert (aim.members, aim.reached.share) == (5, D("1.5714"))


def test_a_total_of_few_is_for_staff_alone(publish, edition):
    period = publish(("1", "3"), ("30", "40"))

    (others,) = selectors.aims(edition.document, period, sees_all=False)
    (staff,) = selectors.aims(edition.document, period, sees_all=True)

    assert (others.reached, others.members) == (None, 0)
    assert others.withheld == "fewer than 5 corporate groups stand behind it"
    assert staff.reached.measured == Fraction(31, 43) * 100


def test_a_kpi_without_totals_is_not_shown(publish, edition, people):
    period = publish(*SIX)
    document = make_edition(
        LAMPS.replace("lamps-2024", "lamps-2030").replace(
            "in_force_from: 2023-01-01", "in_force_from: 2030-01-01"
        ),
        by=people.sam,
    ).document

    (aim,) = selectors.aims(document, period, sees_all=False)

    assert (aim.reached, aim.withheld) == (None, "its answers are not published, nor totals")


def test_a_member_sees_where_it_stands_itself(publish, member, edition):
    period = publish(*SIX)
    (aim,) = selectors.aims(edition.document, period, sees_all=False)

    assert selectors.own_progress(member, aim, edition.document, period).measured == 80


@pytest.mark.parametrize(
    ("aggregate", "due", "ahead"),
    [
        pytest.param(None, 60, 20, id="a share of the whole: the line"),
        pytest.param(
            ShareReaching(kind="share_reaching", reach=D(85)),
            *(85, -5),
            id="a share of members: the bar that each reaches, not the share",
        ),
        pytest.param(Sum(kind="sum"), None, None, id="a sum: it has no line of its own"),
    ],
)
def test_a_member_is_held_to_what_a_target_asks_of_one(
    publish, member, edition, aggregate, due, ahead
):
    period = publish(*SIX)
    (aim,) = selectors.aims(edition.document, period, sees_all=False)
    aim = replace(aim, target=aim.target.model_copy(update={"aggregate": aggregate}))

    own = selectors.own_progress(member, aim, edition.document, period)

    assert selectors.own_line(aim, edition.document) == (due, "percent")
    assert (own.measured, own.ahead, own.unit) == (80, ahead, "percent")


def test_the_page_shows_nobody_anothers_value(client, people, publish, member):
    publish(*SIX)

    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        answer = client.get("/targets/")
        assert answer.status_code == 200
        shown = answer.content.decode()
        assert ("Ada &amp; Co:" in shown) is (name in {"ada", "sid", "avi", "ann"}), name


def test_a_total_that_one_group_makes_up_is_for_staff_alone(publish, edition):
    period = publish(("90", "100"), ("3", "4"), ("10", "10"), ("5", "7"), ("6", "8"))

    (others,) = selectors.aims(edition.document, period, sees_all=False)
    (staff,) = selectors.aims(edition.document, period, sees_all=True)

    assert (others.reached, others.members) == (None, 0)
    assert others.withheld == "one corporate group makes more than 25 % of it"
    assert staff.reached.measured == Fraction(114, 129) * 100


def test_members_of_one_corporate_group_count_as_one(publish, edition):
    period = publish(*SIX)
    group = CorporateGroup.objects.create(name="A group")
    for member in Member.objects.order_by("-pk")[:2]:
        GroupMembership.objects.create(
            organisation=member.organisation, group=group, from_on=date(2020, 1, 1), source="Report"
        )

    (others,) = selectors.aims(edition.document, period, sees_all=False)

    assert others.withheld == "fewer than 5 corporate groups stand behind it"


@pytest.mark.parametrize(
    ("aggregate", "measured"),
    [
        pytest.param("{kind: mean}", Fraction(100), id="each counts once"),
        pytest.param("{kind: share_reaching, reach: 75}", Fraction(100), id="those that reach it"),
    ],
)
def test_other_ways_to_take_answers_together(publish, edition, aggregate, measured):
    document = Edition.load(
        edition.text.replace(
            "    kpi: fees-repaid\n", f"    kpi: fees-repaid\n    aggregate: {aggregate}\n"
        )
    )
    period = publish(*[("4", "4")] * 5)

    (others,) = selectors.aims(document, period, sees_all=False)
    (staff,) = selectors.aims(document, period, sees_all=True)

    assert staff.reached.measured == measured
    told = "fewer than 5 corporate groups reached it, or missed it"
    assert others.withheld == (told if "share" in aggregate else "")


def test_the_share_that_reached_a_bar_counts_exactly_at_the_bar(publish, edition):
    document = Edition.load(
        edition.text.replace(
            "    kpi: fees-repaid\n",
            "    kpi: fees-repaid\n    aggregate: {kind: share_reaching, reach: 75}\n",
        )
    )
    period = publish(*[("3", "4")] * 5, *[("2999", "4000")] * 5)

    (aim,) = selectors.aims(document, period, sees_all=False)

    assert (aim.reached.measured, aim.unit, aim.members) == (50, "percent of members", 10)


def test_a_target_of_the_score_is_measured_by_what_was_published(publish, edition):
    document = Edition.load(
        edition.text.replace(
            "    kpi: fees-repaid\n",
            "    node: recruitment\n    unit: points\n    direction: higher\n",
        )
    )
    period = publish(*SIX)
    totals = Scorecard.objects.values_list("total", flat=True)

    (staff,) = selectors.aims(document, period, sees_all=True)

    assert staff.reached.measured == sum(map(Fraction, totals)) / len(totals)
    assert staff.members == len(totals) == 7


def test_before_anything_is_published_the_page_says_what_was_promised(client, people, member):
    client.force_login(people.noor)

    shown = client.get("/targets/").content.decode()

    assert "All fees paid back by 2028" in shown
    assert not Scorecard.objects.exists()


def test_who_a_target_applied_to_then_counts_whatever_its_class_is_now(publish, edition, today):
    period = publish(*SIX)
    fees = "    kpi: fees-repaid\n"
    only = Edition.load(edition.text.replace(fees, f"{fees}    applies_to: [full]\n", 1))
    (before,) = selectors.aims(only, period, sees_all=True)
    left = Member.objects.order_by("pk")[:4]
    for member in left:
        state(member, facts.ClassChanged("partner", "unions"), date(2025, 1, 1))
    members.keep_places([member.pk for member in left], on=today)

    assert Member.objects.filter(member_class="partner").count() == 4
    (after,) = selectors.aims(only, period, sees_all=True)
    assert (after.reached, after.members) == (before.reached, 5)


def test_what_was_told_is_added_up_once_for_each_publication(
    publish, edition, people, today, monkeypatch
):
    period = publish(*SIX)
    (staff,) = selectors.aims(edition.document, period, sees_all=True)
    added_up, totals = [], Source.totals
    monkeypatch.setattr(Source, "totals", lambda one: added_up.append(one) or totals(one))

    for _ in range(3):
        (told,) = selectors.aims(edition.document, period, sees_all=False)
        assert (told.reached, told.members) == (staff.reached, staff.members)
    assert len(added_up) == 1

    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    services.publish_run(run_id=run.pk, by=people.sam, on=today)
    services.draw_aggregates(run_id=run.pk, by=system_user(), on=today)
    added_up.clear()
    (told,) = selectors.aims(edition.document, period, sees_all=False)
    assert told.reached == staff.reached
    assert len(added_up) == 1


@pytest.mark.parametrize("kind", [Found, Totals])
def test_what_another_release_kept_in_another_form_is_added_up_anew(
    publish, edition, monkeypatch, kind
):
    period = publish(*SIX)
    selectors.aims(edition.document, period, sees_all=False)
    added_up, totals = [], Source.totals
    monkeypatch.setattr(Source, "totals", lambda one: added_up.append(one) or totals(one))
    monkeypatch.setattr(kind, "__slots__", (*kind.__slots__, "more"))

    selectors.aims(edition.document, period, sees_all=False)

    assert len(added_up) == 1


def test_without_the_cache_totals_are_added_up_each_time(publish, edition, monkeypatch):
    period = publish(*SIX)

    def lost(*given):
        raise RedisError("connection refused")

    monkeypatch.setattr(cache, "get", lost)
    monkeypatch.setattr(cache, "set", lost)
    (told,) = selectors.aims(edition.document, period, sees_all=False)

    assert told.members == 5
