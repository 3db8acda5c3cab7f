"""What all members owe: the list, the calendar, changes of days, and a feed for a calendar."""

from datetime import date, timedelta

import icalendar
import pytest
from django.utils import timezone

from ledger.models import Entry
from members.models import Mandate, Span
from targets import selectors, services
from targets.models import Feed, Period
from targets.rules.months import Month, read_year
from tests.conftest import everybody
from tests.factories import make_edition, make_member
from tests.kpis.open_period import lamps_open_on
from tests.targets.test_pages import OWN, STAFF, rest, statuses
from tests.targets.test_relief import GRACE

pytestmark = pytest.mark.django_db

LIST, CALENDAR, FEED = "/obligations/", "/obligations/calendar/", "/obligations/feed/"
RETURN = "annual-return:2025"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def edition(people, today):
    text = lamps_open_on(today).replace("\nkpis:", f"{GRACE}\nkpis:")
    return make_edition(text, by=people.sam)


@pytest.fixture(autouse=True)
def _ready(member, work_due):
    work_due()


@pytest.fixture
def sam(client, people):
    client.force_login(people.sam)
    return client


@pytest.fixture
def extended(member, people, today):
    return services.grant_extension(
        member=member,
        period=Period.objects.get(code="2025"),
        until_on=today + timedelta(days=50),
        reason="Flood at the plant",
        kind="grace",
        by=people.sam,
        on=today,
    )


def codes(answer):
    return {line.member.code for line in answer.context["lines"]}


# The list


@pytest.mark.parametrize("page", [LIST, CALENDAR, "/obligations/changes/", FEED])
def test_the_pages_are_for_everybody_who_signs_in(client, people, page):
    assert statuses(client, people, page) == {200: set(vars(people)), 302: {"nobody"}}


def test_each_reader_sees_the_members_that_they_may_read(client, people, member):
    everyone = set(Span.objects.values_list("member__code", flat=True))
    for name in vars(people):
        client.force_login(getattr(people, name))
        seen = codes(client.get(LIST))
        if name in STAFF:
            assert seen == everyone
        elif name in OWN:
            assert seen == {member.code}
        elif name == "eve":
            assert member.code not in seen
        else:
            assert seen == set()


def test_the_first_to_fall_due_stands_first_and_says_how_its_day_was_computed(sam, today):
    lines = sam.get(LIST).context["lines"]

    days = [line.duty.due_on for line in lines]
    assert days == sorted(days)
    assert all("clause" in line.duty.how for line in lines)


def test_filters_stand_as_words_above_with_a_count(sam, member, today):
    page = sam.get(LIST, {"obligation": "annual-return", "member": member.code})

    assert page.context["count"] == 1
    assert "annual-return" in page.content.decode()
    assert sam.get(LIST, {"state": "met"}).context["count"] == 0
    assert sam.get(LIST, {"due": today + timedelta(days=20)}).context["count"] == 2
    assert sam.get(LIST, {"country": "nowhere"}).context["count"] == 0
    assert sam.get(LIST, {"standing": "good"}).context["count"] > 0
    assert sam.get(LIST, {"standing": "excluded"}).context["count"] == 0


@pytest.mark.parametrize(
    "sent", [{"state": "odd"}, {"due": "soon"}, {"member": "a\0b"}, {"standing": "odd"}]
)
def test_a_filter_that_there_is_not_is_said(sam, sent):
    page = sam.get(LIST, sent)

    assert page.status_code == 200
    assert "what there is not" in page.content.decode()


@pytest.mark.parametrize(
    "after", ["x", "2026-13-01.1", "none.", f"none.{'9' * 40}", "2026-01-01.-1"]
)
def test_a_place_in_the_list_that_there_is_not_begins_at_the_first(sam, after):
    assert sam.get(LIST, {"after": after}).context["first_url"] == ""


def test_the_list_is_read_in_slices_with_as_many_queries_for_more_members(
    sam, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as few:
        sam.get(LIST)
    for _ in range(60):
        make_member()

    with django_assert_num_queries(len(few)):
        first = sam.get(LIST)
    seen, url = list(first.context["lines"]), first.context["next_url"]
    while url:
        page = sam.get(LIST + url)
        seen, url = seen + page.context["lines"], page.context["next_url"]
    assert len(seen) == first.context["count"]
    assert len({(line.member.pk, line.duty.key) for line in seen}) == len(seen)


# The sentence


def test_a_member_reads_what_it_owes_in_one_sentence_and_others_read_whose(client, people, member):
    said = {}
    for who in (people.ada, people.sam, people.ann):
        client.force_login(who)
        said[who.name] = client.get(f"/members/{member.code}/obligations/").content.decode()

    assert "You owe two things, one of them late; the next is due in 20 days, on" in said["Ada"]
    assert "Ada &amp; Co owes two things" in said["Sam"]
    assert "Ada &amp; Co owes two things" in said["Ann"]
    client.force_login(people.ada)
    assert "You owe two things, one of them late; the next is due in 20 days" in (
        client.get("/").content.decode()
    )


# The calendar


def test_a_month_shows_what_falls_due_and_a_table_behind(sam, member, today):
    due = today + timedelta(days=20)
    page = sam.get(CALENDAR, {"month": f"{due:%Y-%m}"})

    line = next(one for one in page.context["lines"] if one["due"].on == due)
    assert (line["due"].title, line["due"].count) == ("File the annual return", 2)
    assert f"due={due}" in line["url"]
    assert "As a table" in page.content.decode()
    own = sam.get(CALENDAR, {"month": f"{due:%Y-%m}", "member": member.code})
    assert [one["due"].count for one in own.context["lines"] if one["due"].on == due] == [1]


def test_a_year_counts_its_months(sam, today):
    due = today + timedelta(days=20)
    months = sam.get(CALENDAR, {"year": due.year}).context["months"]

    assert months[due.month - 1]["count"] >= 2


def test_what_has_not_begun_stands_as_ahead(sam):
    lines = sam.get(CALENDAR, {"month": "2027-03"}).context["lines"]

    assert [(line["due"].state, line["due"].count) for line in lines] == [("ahead", 2)]


@pytest.mark.parametrize("month", ["2026-13", "soon", "0000-01", "9999-12", "٢٠٢٦-٠١", "2026-1"])
def test_a_month_that_there_is_not_is_this_month(sam, today, month):
    assert sam.get(CALENDAR, {"month": month}).context["month"] == Month.of(today)


def test_the_calendar_of_another_member_is_not_found(client, people, member):
    assert statuses(client, people, CALENDAR, member=member.code) == {
        200: STAFF | OWN,
        404: rest(people, STAFF | OWN),
        302: {"nobody"},
    }


def test_months_follow_one_another():
    assert str(Month(2026, 12).moved(1)) == "2027-01"
    assert str(Month(2026, 1).moved(-1)) == "2025-12"
    assert Month(2024, 2).weeks()[4][3] == date(2024, 2, 29)
    assert read_year("20x6") is None


def test_the_calendar_takes_as_many_queries_for_more_members(
    sam, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10) as few:
        sam.get(CALENDAR)
    for _ in range(10):
        make_member()
    with django_assert_num_queries(len(few)):
        sam.get(CALENDAR)


# Changes of days


def test_a_change_says_both_days_who_and_why(client, people, member, extended, today):
    client.force_login(people.ada)
    page = client.get(f"/members/{member.code}/obligations/changes/")

    change = page.context["changes"][0]
    assert (change.before, change.after) == (
        today + timedelta(days=20),
        today + timedelta(days=50),
    )
    assert (change.by, change.reason) == ("Sam", "Flood at the plant")
    assert "Flood at the plant" in page.content.decode()


def test_changes_are_for_who_may_read_the_member(client, people, member, extended):
    found = statuses(client, people, f"/members/{member.code}/obligations/changes/")

    assert found == {200: STAFF | OWN, 404: rest(people, STAFF | OWN), 302: {"nobody"}}
    client.force_login(people.eve)
    assert "Flood" not in client.get("/obligations/changes/").content.decode()


def test_acts_about_one_member_and_about_all_stand_in_one_list(
    sam, people, member, extended, today, work_due
):
    period = Period.objects.get(code="2026")
    services.cancel_period(period=period, reason="Nobody was ready", by=people.sam, on=today)
    work_due()

    acts = sam.get("/obligations/changes/").context["acts"]

    assert [(act.word, act.reason) for act in acts] == [
        ("Period cancelled", "Nobody was ready"),
        ("Extension", "Flood at the plant"),
    ]
    assert acts[0].moved == (("2026", period.due_on, None),)
    assert acts[1].moved[0][1:] == (today + timedelta(days=20), today + timedelta(days=50))


def test_the_api_tells_changes_of_one_member(client, people, member, extended):
    address = f"/api/v1/obligations/changes/?member={member.code}"
    client.force_login(people.ada)

    told = client.get(address).json()

    assert [(one["word"], one["by"], one["is_owed"]) for one in told] == [
        ("Extension", "Sam", True)
    ]
    client.force_login(people.eve)
    assert client.get(address).status_code == 404
    assert client.get("/api/v1/obligations/changes/").status_code == 404


# The feed


def read(client, secret):
    client.logout()
    answer = client.get(f"{FEED}{secret}.ics")
    assert answer.status_code == 200, answer
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def of_return(events):
    return next(event for title, event in events.items() if "annual return" in title)


def test_a_feed_needs_no_sign_in_and_shows_whole_days(client, people, member, today):
    secret = services.open_feed(by=people.ada, on=today)

    event = of_return(read(client, secret))

    assert event["dtstart"].dt == today + timedelta(days=20)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
    assert (int(event["sequence"]), str(event["status"])) == (0, "CONFIRMED")
    assert member.code in str(event["url"])


def test_an_event_keeps_its_name_when_its_day_moves_and_counts_it(
    client, people, member, today, request
):
    secret = services.open_feed(by=people.ada, on=today)
    before = of_return(read(client, secret))

    request.getfixturevalue("extended")
    after = of_return(read(client, secret))

    assert str(after["uid"]) == str(before["uid"])
    assert after["dtstart"].dt == today + timedelta(days=50)
    assert int(after["sequence"]) == 1
    assert after["last-modified"].dt >= before["last-modified"].dt


@pytest.mark.parametrize("how", ["exempt", "cancelled"])
def test_what_is_not_owed_any_more_is_marked_as_cancelled(
    client, people, member, today, work_due, how
):
    secret = services.open_feed(by=people.ada, on=today)
    uid = str(of_return(read(client, secret))["uid"])
    if how == "exempt":
        services.grant_exemption(
            member=member,
            obligation=RETURN,
            until_on=today + timedelta(days=90),
            approver="Board",
            clause="8",
            reason="Fire",
            by=people.sam,
            on=today,
        )
    else:
        period = Period.objects.get(code="2025")
        services.cancel_period(period=period, reason="War", by=people.sam, on=today)
        work_due()

    found = {str(e["uid"]): e for e in read(client, secret).values()}

    assert str(found[uid]["status"]) == "CANCELLED"
    assert int(found[uid]["sequence"]) == 1
    assert found[uid]["dtstart"].dt == today + timedelta(days=20)


def test_a_feed_shows_what_its_owner_may_read_when_it_is_read(client, people, member, today):
    secret = services.open_feed(by=people.ada, on=today)
    assert read(client, secret)

    Mandate.objects.filter(user=people.ada).update(until_on=today)

    assert read(client, secret) == {}


def test_staff_read_periods_in_their_feed(client, people, today):
    secret = services.open_feed(by=people.sam, on=today)

    events = read(client, secret)

    assert events["Year 2025: returns are due"]["dtstart"].dt == today + timedelta(days=20)
    assert "2 still to be filed" in events["Year 2025: returns are due"]["description"]


def test_only_a_keyed_digest_is_kept_and_nothing_of_it_recorded(people, today):
    secret = services.open_feed(by=people.ada, on=today)

    feed = Feed.objects.get()
    assert secret not in (feed.digest, str(feed))
    assert feed.digest == selectors.feed_digest(secret)
    assert Entry.objects.filter(event="targets.feed.opened").get().data == {"feed_id": feed.pk}


def test_a_revoked_a_replaced_and_a_guessed_address_open_nothing(client, people, today):
    first = services.open_feed(by=people.ada, on=today)
    second = services.open_feed(by=people.ada, on=today)
    assert client.get(f"{FEED}{first}.ics").status_code == 404
    client.force_login(people.ada)
    assert client.post(FEED, {"act": "revoke"}).status_code == 302

    assert client.get(f"{FEED}{second}.ics").status_code == 404
    assert client.get(f"{FEED}guessed.ics").status_code == 404
    assert Feed.objects.live().count() == 0
    assert services.revoke_feed(by=people.ada, on=today) is False


def test_a_feed_ends_with_its_owners_account(client, people, today):
    secret = services.open_feed(by=people.ada, on=today)
    people.ada.is_active = False
    people.ada.save()

    assert client.get(f"{FEED}{secret}.ics").status_code == 404


def test_who_may_read_no_member_opens_no_feed(client, people):
    found = statuses(client, people, FEED, "post", act="open")

    assert found[403] == rest(people, STAFF | OWN | {"eve"})
    assert {who.user.name for who in Feed.objects.select_related("user")} == {
        getattr(people, name).name for name in STAFF | OWN | {"eve"}
    }
    assert len(everybody(people)) == len(found[200]) + len(found[403]) + 1


def test_the_address_is_shown_once(client, people):
    client.force_login(people.ada)

    assert ".ics" in client.post(FEED, {"act": "open"}).content.decode()
    page = client.get(FEED).content.decode()
    assert ".ics" not in page
    assert "cannot be shown again" in page
