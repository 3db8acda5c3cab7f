"""The notice of an adopted edition: letters to every member, and the recorded day."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Fact, Letter
from rulebooks import services as rulebooks
from tests.conftest import everybody
from tests.factories import make_countersigned, make_resolution, next_lamps

pytestmark = pytest.mark.django_db


@pytest.fixture
def adopted(member, people, work_due):
    """An edition that words one requirement anew, adopted today."""
    work_due()
    today = timezone.localdate()
    text = next_lamps().replace("No worker pays for the job.", "No worker ever pays for the job.")
    draft = make_countersigned(text, by=people.sam, second=people.lou, on=today)
    resolution = make_resolution(draft, clerk=people.pat, on=today)
    rulebooks.adopt_edition(
        edition_id=draft.pk, decision=resolution.entry_id, by=people.sam, on=today
    )
    work_due()
    return draft


def test_whoever_acts_for_a_member_is_told_and_what_is_signed_anew(adopted, member, people):
    letters = Letter.objects.filter(template="edition-adopted", member=member)

    assert set(letters.values_list("to__name", flat=True)) == {"Ada", "Sid"}
    letter = letters.get(to=people.sid)
    assert letter.status == "held"
    assert "holds from 1 Jun 2026" in letter.subject
    assert "resolution R-" in letter.body
    assert letter.body.count("\n- ") == 1


def test_an_old_adoption_sends_nothing(member, work_due):
    work_due()

    assert "edition-adopted" not in set(Letter.objects.values_list("template", flat=True))


def test_the_day_of_notice_is_recorded_once_by_the_secretariat(client, adopted, people):
    url = reverse("members:notice", args=["lamps-2026"])
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        status = client.get(url).status_code
        assert (who, status) == (who, 200 if who == "sam" else 403 if user else 302)

    client.force_login(people.sam)
    assert "Waiting for release" in client.get(url).content.decode()
    assert "has not come yet" in client.post(url, {"served_on": "2099-01-01"}).content.decode()
    assert client.post(url, {"served_on": "2026-03-01"}).status_code == 302
    fact = Fact.objects.get(kind="edition.notified")
    assert (fact.key, fact.about_on) == ("lamps-2026", date(2026, 3, 1))
    page = client.get(reverse("rulebooks:edition", args=["lamps-2026"])).content.decode()
    assert "1 Mar 2026" in page
    again = client.post(url, {"served_on": "2026-03-02"}).content.decode()
    assert "recorded as served on 1 Mar 2026" in again
    assert Fact.objects.filter(kind="edition.notified").count() == 1


def test_there_is_no_notice_of_a_draft(client, edition, people):
    rulebooks.draft_edition(text=next_lamps(), by=people.sam, on=date(2026, 3, 2))
    client.force_login(people.sam)

    assert client.get(reverse("members:notice", args=["lamps-2026"])).status_code == 404
