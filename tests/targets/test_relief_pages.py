"""The forms that give more time, tell all members, or record what is owed once, by everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import Span
from targets.models import Circular, Exemption, Extension
from tests.factories import make_edition
from tests.kpis.open_period import lamps_open_on
from tests.targets.test_pages import OWN, STAFF, rest, statuses
from tests.targets.test_relief import DUTIES, GRACE

pytestmark = pytest.mark.django_db

KEY = "annual-return:2025"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def edition(people, today):
    text = lamps_open_on(today).replace("\nkpis:", f"{DUTIES}{GRACE}\nkpis:")
    return make_edition(text, by=people.sam)


@pytest.fixture(autouse=True)
def _ready(member, work_due):
    work_due()


@pytest.fixture
def sam(client, people):
    client.force_login(people.sam)
    return client


def test_what_all_members_were_told_is_read_by_all_and_told_by_the_secretariat(client, people):
    assert statuses(client, people, "/periods/circulars/") == {
        200: set(vars(people)),
        302: {"nobody"},
    }
    told = statuses(client, people, "/periods/circulars/", "post", sort="moratorium", reason="War")
    assert "sam" in told[302]
    assert told[403] == rest(people, {"sam"})
    assert Circular.objects.get().sort == "moratorium"


@pytest.mark.parametrize(
    "address", ["/periods/2025/announce/", "/members/{}/obligations/{}/exempt/"]
)
def test_days_and_exemptions_are_for_the_secretariat(client, people, member, address):
    found = statuses(client, people, address.format(member.code, KEY))

    assert found[200] == {"sam"}
    assert STAFF - {"sam"} <= found[403]
    if "members" in address:
        assert found[404] == rest(people, STAFF, OWN)


def test_an_extension_is_granted_by_its_kind(sam, member, today):
    page = sam.get(f"/periods/2025/extend/{member.code}/").content.decode()
    assert "Grace letter: up to 90 days after the due day" in page
    assert "Adjustment: up to 11 months" in page

    answer = sam.post(
        f"/periods/2025/extend/{member.code}/", {"kind": "grace", "reason": "Flood", "until_on": ""}
    )

    assert answer.url == "/periods/2025/"
    assert Extension.objects.get().until_on == today + timedelta(days=110)
    again = sam.post(
        f"/periods/2025/extend/{member.code}/", {"kind": "grace", "reason": "Flood"}
    ).content.decode()
    assert "has an extension already" in again


def test_days_are_announced_on_the_page(sam, member, today, work_due):
    due, late = today + timedelta(days=30), today + timedelta(days=50)

    refused = sam.post(
        "/periods/2025/announce/", {"due_on": today, "late_until": late, "reason": "x"}
    ).content.decode()
    assert "must be announced 20 days ahead" in refused
    answer = sam.post(
        "/periods/2025/announce/", {"due_on": due, "late_until": late, "reason": "Late form"}
    )
    work_due()

    assert answer.url == "/periods/"
    assert Span.objects.get(member=member, key=KEY, state="overdue").from_on == due + timedelta(1)
    assert "Late form" in sam.get("/periods/circulars/").content.decode()


def test_an_exemption_is_granted_on_the_page(sam, member, today):
    url = f"/members/{member.code}/obligations/{KEY}/exempt/"
    typed = {"until_on": today + timedelta(days=90), "approver": "Board", "clause": "8.2"}

    assert "Missing: fill it in" in sam.post(url, typed).content.decode()
    answer = sam.post(url, {**typed, "reason": "Flood"})

    assert answer.url == f"/members/{member.code}/obligations/"
    assert Exemption.objects.get().approver == "Board"
    assert "Exempt until" in sam.get(answer.url).content.decode()


def test_an_invoice_is_recorded_and_paid(sam, member, today):
    base = f"/members/{member.code}/obligations/"
    invoiced = {"obligation": "fees", "key": "I-1", "about_on": today - timedelta(days=3)}

    assert sam.post(f"{base}invoice/", {**invoiced, "key": "no spaces"}).status_code == 200
    assert sam.post(f"{base}invoice/", invoiced).url == base
    page = sam.get(f"{base}fees:I-1/record/").content.decode()
    assert "Paid" in page
    assert sam.post(f"{base}fees:I-1/record/", {"word": "paid", "about_on": today}).url == base
    assert Span.objects.in_force(today).get(member=member, key="fees:I-1").state == "met"


def test_a_certificate_is_recorded_and_its_day_extended(sam, member, today):
    base = f"/members/{member.code}/obligations/"
    span = Span.objects.filter(member=member, key="certify:once").order_by("from_on").first()
    typed = {"word": "certified", "about_on": span.from_on, "day": today + timedelta(days=365)}

    assert sam.post(f"{base}certify:once/record/", typed).url == base
    renewal = f"certify:renewal-{today + timedelta(days=365)}"
    extended = sam.post(f"{base}{renewal}/extend/", {"kind": "adjust", "reason": "Audit is late"})

    assert extended.url == base
    assert Extension.objects.get().key == renewal
    assert "Audit" not in sam.get(base).content.decode()


@pytest.mark.parametrize("act", ["exempt", "record", "extend"])
def test_what_a_member_does_not_owe_is_not_found(sam, member, act):
    assert sam.get(f"/members/{member.code}/obligations/none:none/{act}/").status_code == 404
    assert sam.get(f"/members/NONE/obligations/{KEY}/{act}/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"sort": "outage"}, "Name its first day"),
        ({"sort": "cancelled"}, "Choose the period"),
        ({"sort": "nonsense"}, "valid choice"),
        ({"sort": "moratorium_ended"}, "no moratorium on all runs"),
        ({"sort": "outage", "from_on": "2030-01-02", "until_on": "2030-01-01"}, "it ends on"),
    ],
)
def test_what_cannot_be_told_is_said_on_the_page(sam, typed, says):
    answer = sam.post("/periods/circulars/", {"reason": "Why", **typed}).content.decode()

    assert says in answer
    assert not Circular.objects.exists()


def test_a_fiscal_year_is_described_and_a_size_that_there_is_not_is_refused(sam, member, today):
    url = f"/members/{member.code}/obligations/description/"

    assert "at least one thing" in sam.post(url, {"about_on": today}).content.decode()
    assert "valid choice" in sam.post(url, {"about_on": today, "size": "huge"}).content.decode()
    assert "calendar" in sam.post(url, {"about_on": today, "year_ends": "02-31"}).content.decode()
    described = sam.post(url, {"about_on": today, "year_ends": "06-30", "country": "DE"})

    assert described.url == f"/members/{member.code}/obligations/"
    fact = member.facts.get(kind="member.described")
    assert fact.data == {"country": "DE", "year_ends": "06-30"}
