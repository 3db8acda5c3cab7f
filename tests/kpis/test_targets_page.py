from decimal import Decimal as D
from fractions import Fraction

import pytest

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.models import Scorecard
from tests.conftest import everybody
from tests.factories import LAMPS, make_edition
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


SIX = [("1", "3"), ("30", "40"), ("10", "10"), None, ("5", "7"), ("0", "1")]


def test_a_total_is_exact_and_of_published_answers(publish, edition):
    period = publish(*SIX)

    (aim,) = selectors.aims(edition.document, period, sees_all=False)

    assert aim.due == Fraction(60)  # 40 in 2022 to 100 in 2028, in 2024
    assert aim.reached.measured == Fraction(46, 61) * 100
    assert (aim.members, aim.reached.share) == (5, D("1.7705"))


def test_a_total_of_few_is_for_staff_alone(publish, edition):
    period = publish(("1", "3"), ("30", "40"))

    (others,) = selectors.aims(edition.document, period, sees_all=False)
    (staff,) = selectors.aims(edition.document, period, sees_all=True)

    assert (others.reached, others.members) == (None, 0)
    assert others.withheld == "fewer than 5 members answered"
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

    assert selectors.own_progress(member, aim, period).measured == Fraction(100, 3)


def test_the_page_shows_nobody_anothers_value(client, people, publish, member):
    publish(*SIX)

    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        answer = client.get("/targets/")
        assert answer.status_code == (200 if user else 302)
        shown = answer.content.decode()
        assert ("Ada &amp; Co:" in shown) is (name in {"ada", "sid", "avi", "ann"}), name


def test_before_anything_is_published_the_page_says_what_was_promised(client, people, member):
    client.force_login(people.noor)

    shown = client.get("/targets/").content.decode()

    assert "All fees paid back by 2028" in shown
    assert not Scorecard.objects.exists()
