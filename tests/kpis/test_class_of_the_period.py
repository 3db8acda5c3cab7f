"""What a member is scored by, owes and files follows from its class then, not from today's."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.selectors import system_user
from kpis import selectors, services
from kpis.models import ScoreRun
from kpis.rules import frames
from kpis.selectors.beside import attributes_of
from kpis.services import cards
from members import selectors as member_selectors
from members import services as members
from members.models import Member, Span
from rulebooks.rules import facts
from rulebooks.rules.timeline.changes import Kind
from targets import selectors as targets
from targets import services as target_services
from targets.models import Period
from tests.factories import LAMPS, make_edition, make_mandate, make_member, next_lamps, state
from tests.kpis.filings import GOOD, file_returns, many_members, period_of

pytestmark = pytest.mark.django_db

BY_CLASS = """    - code: of-class
      title: By class
      op: first_match
      cases:
        - {when: {member: class, is: [partner]}, then: Partner}
        - {when: {member: chamber, is: [companies]}, then: Company}
      otherwise: Other
      clause: "6.7"
  total: recruitment
"""


@pytest.fixture
def edition(people):
    """The tests' edition with a node that asks class and chamber of a member."""
    found = make_edition(LAMPS.replace("  total: recruitment\n", BY_CLASS, 1), by=people.sam)
    assert frames.suits(found.document)
    return found


@pytest.fixture
def period(edition) -> Period:
    return period_of(edition)  # about 2024, its window opens on 15 January 2025


def become_partner(member: Member, on: date) -> None:
    state(member, facts.ClassChanged("partner", "unions"), on)
    members.keep_places([member.pk], on=timezone.localdate())
    member.refresh_from_db()


def score(period, today):
    run = services.start_run(period=period, by=system_user(), on=today)
    services.work_open_shards(run_id=run.pk, by=system_user(), on=today)
    return list(run.cards.order_by("member").values_list("card", "inputs", "digest"))


@pytest.fixture(params=["as frames", "as objects"])
def either_way(request, monkeypatch):
    if request.param == "as objects":
        monkeypatch.setattr(cards.frames, "suits", lambda edition: False)


@pytest.mark.parametrize(
    ("changed_on", "placed"),
    [
        pytest.param(date(2024, 12, 31), ("partner", "unions"), id="on the last day of the period"),
        pytest.param(date(2025, 1, 1), ("full", "companies"), id="the day after"),
        pytest.param(date(2026, 3, 1), ("full", "companies"), id="long after"),
    ],
)
def test_a_member_is_scored_by_its_class_on_the_last_day_of_the_period(
    period, member, today, either_way, changed_on, placed
):
    become_partner(member, changed_on)
    file_returns([member], period, [GOOD])

    score(period, today)

    given = selectors.scored_inputs([member.pk], period=period)[member.pk][1]
    assert (given.attributes["class"], given.attributes["chamber"]) == placed
    [laid] = attributes_of([member.pk], period=period)
    assert laid == given.attributes
    said = {"partner": "Partner", "full": "Company"}[placed[0]]
    assert said in member.scorecards.get().card


def test_scored_again_after_a_class_change_nothing_moves(period, member, today, either_way):
    file_returns([member], period, [GOOD])
    before = score(period, today)

    become_partner(member, date(2026, 3, 1))

    assert member.member_class == "partner"
    assert score(period, today) == before


def test_who_was_admitted_after_the_period_is_scored_by_the_first_class(period):
    late = make_member(admitted_on=date(2025, 2, 1))
    become_partner(late, date(2025, 6, 1))

    assert attributes_of([late.pk], period=period)[0]["class"] == "full"


def test_what_is_scored_takes_as_many_queries_for_more_members(period):
    def queries(found) -> int:
        ids = [member.pk for member in found]
        with CaptureQueriesContext(connection) as count:
            selectors.scored_inputs(ids, period=period)
            attributes_of(ids, period=period)
        return len(count)

    made = many_members(6)
    assert queries(made[:1]) == queries(made)


@pytest.fixture
def partner_since(member):
    """Ada's member became a partner, of whom no return is asked, after a window had opened."""

    def since(day: date) -> Member:
        become_partner(member, day)
        return member

    return since


def offered(people, on):
    return [one.period.code for one in selectors.to_file(people.ada, on=on)]


def test_a_return_is_offered_and_taken_by_the_class_of_the_day_the_window_opened(
    partner_since, people, work_due
):
    work_due()
    opened = date(2026, 1, 15)
    member = partner_since(opened + timedelta(days=1))

    assert offered(people, opened + timedelta(days=20)) == ["2025"]
    period = Period.objects.get(code="2025")
    assert targets.open_window(member, period, on=opened + timedelta(days=20))


def test_no_return_is_offered_to_who_came_into_a_class_that_files_once_the_window_was_open(
    people, work_due, edition
):
    work_due()
    late = make_member(member_class="partner", chamber="unions", representative=people.ada)
    state(late, facts.ClassChanged("full", "companies"), date(2026, 2, 1))
    members.keep_places([late.pk], on=timezone.localdate())
    late.refresh_from_db()

    assert late.member_class == "full"
    assert offered(people, date(2026, 2, 10)) == []
    with pytest.raises(targets.CannotFile, match="members of class Partner file no return"):
        targets.open_window(late, Period.objects.get(code="2025"), on=date(2026, 2, 10))


def test_an_extension_is_granted_by_the_class_of_then(partner_since, people, work_due):
    work_due()
    member = partner_since(date(2026, 2, 1))

    given = target_services.grant_extension(
        member=member,
        period=Period.objects.get(code="2025"),
        until_on=date(2026, 4, 15),
        reason="Flood",
        by=people.sam,
        on=date(2026, 3, 2),
    )

    assert given.until_on == date(2026, 4, 15)


def test_returns_to_file_take_as_many_queries_for_more_members(people, member, work_due):
    work_due()

    def queries() -> int:
        with CaptureQueriesContext(connection) as count:
            assert selectors.to_file(people.ada, on=date(2026, 2, 10))
        return len(count)

    few = queries()
    for _ in range(3):
        make_mandate(make_member(), people.ada)
    assert queries() == few


# Lists by class


@pytest.mark.parametrize("path", ["/scorecards/", "/api/v1/scorecards/"])
@pytest.mark.parametrize(("code", "count"), [("full", 2), ("partner", 0)])
def test_scorecards_are_filtered_by_the_class_at_the_end_of_their_period(
    client, period, member, people, today, path, code, count
):
    score(period, today)
    become_partner(member, date(2026, 1, 1))
    client.force_login(people.sam)

    told = client.get(path, {"run": ScoreRun.objects.get().pk, "member_class": code})

    assert listed(told) == count


@pytest.mark.parametrize("path", ["/returns/", "/api/v1/returns/"])
@pytest.mark.parametrize(("code", "years"), [("full", ["2024"]), ("partner", ["2025"])])
def test_returns_are_filtered_by_the_class_at_the_end_of_their_period(
    client, edition, member, people, path, code, years
):
    for year in ("2024", "2025"):
        file_returns([member], period_of(edition, year), [GOOD])
    become_partner(member, date(2025, 12, 31))
    client.force_login(people.sam)

    told = client.get(path, {"member_class": code})

    assert listed(told) == 1
    assert client.get(path, {"member_class": code, "period": years[0]}).status_code == 200
    assert listed(client.get(path, {"member_class": code, "period": years[0]})) == 1


def test_the_class_of_a_period_that_goes_on_is_that_of_today(client, edition, member, people):
    file_returns([member], period_of(edition, "2026"), [GOOD])
    become_partner(member, date(2026, 12, 1))
    client.force_login(people.sam)

    assert listed(client.get("/returns/", {"member_class": "full"})) == 1


def test_of_whom_nothing_is_stated_the_class_is_that_of_its_row(client, period, people):
    untold = make_member()
    Span.objects.filter(member=untold).delete()
    file_returns([untold], period, [GOOD])
    client.force_login(people.sam)

    assert listed(client.get("/returns/", {"member_class": "full"})) == 1
    assert listed(client.get("/returns/", {"member_class": "partner"})) == 0
    kept = Member.objects.filter(pk=untold.pk)
    assert kept.placed(Kind.CLASS, ["full"], on=period.about_until).exists()
    assert not kept.placed(Kind.CLASS, ["partner"], on=period.about_until).exists()


def test_classes_to_choose_are_those_of_the_period(client, edition, member, people):
    file_returns([member], period_of(edition), [GOOD])
    renamed = next_lamps().replace("name: Partner", "name: Ally")
    make_edition(renamed, by=people.sam)
    client.force_login(people.sam)

    chosen = client.get("/returns/", {"period": "2024"}).context["words"].by_class()

    assert "Partner" in [one["label"] for one in chosen]


def listed(answer) -> int:
    return answer.context["count"] if answer.context else len(answer.json()["results"])


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param(date(2021, 1, 1), "full", id="before its admission, where it was admitted to"),
        pytest.param(date(2022, 6, 1), "full", id="on its admission"),
        pytest.param(date(2025, 12, 31), "full", id="the day before a change"),
        pytest.param(date(2026, 1, 1), "partner", id="on the day of the change"),
        pytest.param(date(2030, 1, 1), "partner", id="after it"),
    ],
)
def test_the_class_of_a_day_is_one_in_python_and_in_sql(member, day, code):
    state(member, facts.ClassChanged("partner", "unions"), date(2026, 1, 1))

    place = member_selectors.places_on([member.pk], on=day)[member.pk]
    found = Member.objects.filter(pk=member.pk).placed(Kind.CLASS, [code], on=day)

    assert place.member_class == code
    assert found.exists()
    other = {"full": "partner", "partner": "full"}[code]
    assert not Member.objects.filter(pk=member.pk).placed(Kind.CLASS, [other], on=day).exists()
