"""Somebody leaves an organisation: what they held is shown, and passes to a successor, once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ledger.models import Entry
from members import services
from members.models import Affiliation, Contact
from members.services import Person
from tests.conftest import everybody
from tests.factories import make_edition, make_user
from tests.members.belonging import EDITION

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(people):
    return make_edition(EDITION, by=people.sam)


@pytest.fixture
def ada(member, people) -> Affiliation:
    """Ada's affiliation; she is the main contact too, named without her account."""
    services.name_contact(
        member=member, role="main", person=Person("Ada", people.ada.email.upper()),
        by=people.sam, on=timezone.localdate(),
    )  # fmt: skip
    return Affiliation.objects.get(user=people.ada)


@pytest.fixture
def heir():
    return make_user("Hera")


@pytest.fixture
def url(ada):
    return reverse("members:end-affiliation", args=[ada.pk])


@pytest.fixture
def as_sam(client, people):
    client.force_login(people.sam)
    return client


@pytest.mark.parametrize("how", ["get", "post"])
def test_it_is_the_secretariats(client, url, people, heir, how):
    seen = {}
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        seen[who] = getattr(client, how)(url, {"successor": heir.email}).status_code

    assert (seen.pop("sam"), seen.pop("nobody")) == ({"get": 200, "post": 302}[how], 302)
    assert set(seen.values()) <= {403, 404}
    assert Affiliation.objects.filter(user=people.ada).exists() == (how == "get")


def test_what_would_be_left_to_nobody_is_shown(as_sam, url, ada):
    page = as_sam.get(url).content.decode()

    for words in ("Representative", "Main contact", "passes to the successor"):
        assert words in page
    organisation = reverse("members:organisation", args=[ada.organisation_id])
    assert url in as_sam.get(organisation).content.decode()


def test_it_passes_to_the_successor_and_the_second_time_there_is_nothing(
    as_sam, url, ada, member, people, heir
):
    done = as_sam.post(url, {"successor": heir.email.upper()})
    again = as_sam.post(url, {"successor": heir.email})

    assert (done.status_code, again.status_code) == (302, 404)
    today = timezone.localdate()
    assert member.mandates.in_force(today).get(user=heir).post == "representative"
    assert not member.mandates.in_force(today).filter(user=people.ada).exists()
    assert Contact.objects.in_force(today).get(member=member).user == heir
    assert Entry.objects.filter(event="members.affiliation.ended").count() == 1


@pytest.mark.parametrize("given", ["", "nobody@x.example", "\0", "x" * 20_001, "ada"])
def test_without_a_successor_nothing_changes(as_sam, url, ada, people, given):
    email = people.ada.email if given == "ada" else given

    page = as_sam.post(url, {"successor": email})

    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert Affiliation.objects.filter(pk=ada.pk).exists()
    assert Contact.objects.get().until_on is None


def test_who_audits_the_member_does_not_follow_in_a_mandate(as_sam, url, ada, people):
    page = as_sam.post(url, {"successor": people.ann.email}).content.decode()

    assert "cannot act for it" in page
    assert Affiliation.objects.filter(pk=ada.pk).exists()
    assert not Affiliation.objects.filter(user=people.ann, organisation=ada.organisation).exists()


def test_who_holds_nothing_leaves_without_a_successor(as_sam, member, people, heir):
    held = services.affiliate(
        user=heir, organisation=member.organisation, by=people.sam, on=timezone.localdate()
    )
    url = reverse("members:end-affiliation", args=[held.pk])

    assert "holds no mandate" in as_sam.get(url).content.decode()
    assert as_sam.post(url).status_code == 302
    assert not Affiliation.objects.filter(pk=held.pk).exists()
