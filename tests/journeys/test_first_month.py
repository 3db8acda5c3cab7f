"""A first month: an edition, a member, somebody to write to, a period, reminders, the old sheet."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.selectors import system_user
from kpis.models import Return
from ledger.models import Entry
from members.models import Letter
from suspensions import services as suspensions
from tests.conftest import everybody
from tests.factories import make_edition, make_member
from tests.suspensions.test_reminders import FIRST_MONTH

pytestmark = pytest.mark.django_db

START = "/start/"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def text(today):
    """The first month with a window that opened ten days ago and is due in seven."""
    opens, due, late = (today + timedelta(days=days) for days in (-10, 7, 40))
    window = f"""  - kind: fixed_window
    code: now
    name: The year now
    about_from: {today - timedelta(days=375)}
    about_until: {today - timedelta(days=11)}
    opens_on: {opens}
    due_on: {due}
    late_until: {late}
    clause: "3.1"
"""
    before, _, rest = FIRST_MONTH.partition("periods:\n")
    return before + "periods:\n" + window + rest[rest.index("\n# The one thing") :]


def steps(client, user):
    client.force_login(user)
    page = client.get(START)
    return [step["done"] for step in page.context["steps"]], page.context["next"]


def test_the_first_steps_are_for_who_manages_members(client, people):
    found = {}
    for name, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        found.setdefault(client.get(START).status_code, set()).add(name)

    assert found == {200: {"sam"}, 403: set(vars(people)) - {"sam"}, 302: {"nobody"}}


def test_an_empty_platform_leads_from_step_to_step(client, people, today, text, work_due):
    client.force_login(people.sam)
    assert "First steps" in client.get("/").content.decode()
    assert steps(client, people.sam)[1]["title"] == "Rulebook"

    make_edition(text, by=people.sam)
    work_due()
    assert steps(client, people.sam)[1]["title"] == "Members"
    harbour = {"member_class": "member", "chamber": "harbours", "admitted_on": date(2022, 1, 1)}
    make_member("North Quay", representative=people.ada, signatory=people.sid, **harbour)
    quiet = make_member("South Quay", **harbour)
    assert "1 member without anybody" in steps(client, people.sam)[1]["says"]
    quiet.mandates.create(
        user=people.eve, post="representative", capacity="Manager", from_on=quiet.admitted_on
    )

    assert suspensions.advance(by=system_user(), on=today).reminded == 2
    done, following = steps(client, people.sam)
    assert (done, following["title"]) == ([True, True, True, True, False], "Reminders")
    assert following["says"] == "3 reminders waiting in the outbox."

    held = [str(pk) for pk in Letter.objects.values_list("pk", flat=True)]
    client.post("/outbox/decide/", {"letter": held, "act": "release"})
    assert Letter.objects.exclude(status="held").count() == len(held)
    assert steps(client, people.sam) == ([True] * 5, None)

    file_a_return(client, people)
    compare_with_the_old_sheet(client, people, today)
    assert not Entry.objects.filter(event__startswith="suspensions.breaches").exists()


def file_a_return(client, people):
    """A return without a question is begun, submitted and signed off."""
    client.force_login(people.ada)
    member = people.ada.mandates.get().member.code
    client.post("/returns/start/", {"member": member, "period": "now"})
    pk = Return.objects.get().pk
    client.post(f"/returns/{pk}/edit/", {"then": "submit"})
    client.force_login(people.sid)
    page = client.get(f"/returns/{pk}/")
    assert page.status_code == 200
    filed = Return.objects.get()
    assert filed.status == "submitted"
    client.post(f"/returns/{pk}/sign-off/", {"seen": filed.submitted_at.isoformat()})
    assert Return.objects.get().status == "filed"


def compare_with_the_old_sheet(client, people, today):
    client.force_login(people.sam)
    rows = f"Member,Status,Filed on\nNorth Quay,Filed,{today}\nSouth Quay,Filed,{today}\n"
    upload = SimpleUploadedFile("old.csv", rows.encode())

    page = client.post("/old-sheet/", {"period": "now", "sheet": upload})

    assert "1 of 2 lines differ" in page.content.decode()
    assert "filed by the sheet, not here" in page.content.decode()
