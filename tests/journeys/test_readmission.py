"""Excluded, too early, and admitted again: through the pages, and telling strangers nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from governance.models import Body, Seat
from ledger import services as ledger
from members import selectors, services
from members.models import Application, Member, Span
from tests.factories import LONG_AGO, make_edition, make_member, make_organisation, make_user
from tests.journeys.test_joining import (
    FORM,
    let_days_pass,
    link,
    page,
    record,
    signed_in,
    url,
)
from tests.members.applying import ADMISSION
from tests.suspensions.builders import course, lamps_missed_on, make_case

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAYS = course(TODAY - timedelta(days=110))  # excluded 55 days ago
NAME, OWN, STRANGER = "Old Lamps Ltd", "hedda@people.example", "stranger@elsewhere.example"


@pytest.fixture
def excluded(people, monkeypatch):
    """A member that was excluded by the procedure, and whose person writes from ``OWN``."""
    for limit in ("MOST_OF_AN_EMAIL", "MOST_OF_AN_ADDRESS"):
        monkeypatch.setattr(f"members.forms.applying.{limit}", 10_000)
    rules = lamps_missed_on(DAYS.raised).replace("start: warning", "start: exclusion")
    waits = ADMISSION.replace("after_exclusion: {years: 2}", "after_exclusion: {days: 60}")
    make_edition(
        rules + waits.replace("opens_on: 2026-01-01", "opens_on: 2020-01-01"), by=people.sam
    )
    member = make_member("Old Lamps", representative=people.ada, signatory=people.sid)
    other = make_member("Other", representative=people.eve)
    for code, user in (("board", people.bea), ("appeal-panel", people.apa)):
        body, _ = Body.objects.get_or_create(code=code, defaults={"name": code})
        Seat.objects.create(body=body, user=user, from_on=LONG_AGO)
    make_case(member, people, "imposed", DAYS)
    belongs(make_user("Hedda"), member, people)
    assert standing(member) == "excluded"
    assert standing(other) == "good"
    return member


def belongs(user, member, people):
    services.affiliate(user=user, organisation=member.organisation, by=people.sam, on=TODAY)


def standing(member: Member, on=None) -> str:
    return (
        Span.objects.in_force(on or timezone.localdate()).get(member=member, kind="standing").state
    )


def apply_as(email: str, name: str = NAME, **more) -> tuple[Client, str]:
    """Begin and file in the pages; return the applicant and what it reads then."""
    applicant = Client()
    sent = {"name": name, "country": "India", "email": email, "place": "full/companies"}
    applicant.post(url("members:begin"), sent)
    applicant.get(link())
    extract = SimpleUploadedFile("extract.pdf", b"extract", "application/pdf")
    form = FORM | {"name": name, "document-register": extract, "file": "1"} | more
    return applicant, page(applicant.post(url("members:mine"), form, follow=True))


def let_time_pass(monkeypatch, days: int) -> None:
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=days))


def test_whoever_was_excluded_is_told_at_filing_until_when_it_waits(excluded):
    _, told = apply_as(OWN)

    assert "Not filed: Old Lamps was excluded on" in told
    assert "(clause 2.12)" in told
    assert not Application.objects.open().exists()


def test_a_stranger_is_told_nothing_and_the_secretariat_is(excluded, people):
    _, of_stranger = apply_as(STRANGER)
    _, of_nobody = apply_as("new@lamps.example", name="Quite New Lamps")

    seen = Application.objects.get(email=STRANGER)
    other = Application.objects.get(email="new@lamps.example")
    plain = of_stranger.replace(seen.code, "A").replace(NAME, "N").replace(STRANGER, "E")
    assert _without_secrets(plain) == _without_secrets(
        of_nobody.replace(other.code, "A").replace("Quite New Lamps", "N")
    )
    sam = signed_in(people.sam)
    staff = page(sam.get(url("members:application", seen.pk)))
    assert "Has to wait" in staff
    assert "The applicant was not told" in staff
    answer = sam.post(
        url("members:match", seen.pk), {"organisation": excluded.organisation_id}, follow=True
    )
    assert "may apply again after" in page(answer)


def _without_secrets(html: str) -> list[str]:
    return [line for line in html.splitlines() if "csrf" not in line and "nonce" not in line]


def test_a_number_in_the_register_is_as_good_as_a_name(excluded, people):
    excluded.organisation.identifier = "IN-55512"
    excluded.organisation.save(update_fields=["identifier"])

    _, told = apply_as(OWN, name="Lights of Pune", number="in-55512")
    assert "Not filed: Old Lamps was excluded on" in told
    _, stranger = apply_as(STRANGER, name="Lights of Pune", number="IN-55512")
    assert "Filed under the number" in stranger
    found = Application.objects.get(email=STRANGER)
    assert [one.by for one in selectors.evident(found, on=TODAY)] == [("its number",)]
    again = signed_in(people.sam).post(
        url("members:match", found.pk), {"organisation": "new"}, follow=True
    )
    assert "an organisation with the number IN-55512 is registered" in page(again)


def test_the_e_mail_alone_refuses_nobody_and_is_shown_to_staff(excluded, people):
    _, told = apply_as(OWN, name="Consultants of Hedda")

    assert "Filed under the number" in told
    found = Application.objects.get(email=OWN)
    staff = page(signed_in(people.sam).get(url("members:application", found.pk)))
    assert "has its e-mail" in staff


def test_a_member_is_told_that_it_is_one(people, excluded):
    other = Member.objects.get(organisation__name="Other")
    belongs(make_user("Olga"), other, people)
    _, told = apply_as("olga@people.example", name="Other Ltd")
    assert "Not filed: Other is a member already" in told


def test_excluded_waits_and_is_admitted_again_with_its_history(excluded, people, monkeypatch):
    apply_as(OWN)
    let_time_pass(monkeypatch, 10)
    applicant, told = apply_as(OWN)
    assert "Filed under the number" in told
    application = Application.objects.open().get()
    sam, pat = signed_in(people.sam), signed_in(people.pat)

    sam.post(url("members:match", application.pk), {"organisation": excluded.organisation_id})
    sam.post(url("members:declare-tie", application.pk), {"tie-has_tie": "no"})
    for item in ("register", "sanctions"):
        found = {f"{item}-result": "clear", f"{item}-finding": "Looked it up."}
        sam.post(url("members:check", application.pk, item), found)
    application.refresh_from_db()
    assert application.organisation == excluded.organisation
    for user, where in ((people.sam, "members:application"), (people.bea, "governance:admission")):
        assert "What happened before" in page(signed_in(user).get(url(where, application.pk)))
    let_days_pass(application, 15)
    record(pat, application, outcome="admit")
    decided = application.decisions.get()
    sam.post(url("governance:carry-out-admission", decided.pk))

    application.refresh_from_db()
    while ledger.work_due(now=timezone.now()):
        pass
    assert application.outcome == "admitted"
    member = Member.objects.get(organisation=excluded.organisation)
    assert (member.pk, member.code) == (excluded.pk, excluded.code)
    today = timezone.localdate()
    assert standing(member) == "good"
    assert standing(member, today - timedelta(days=1)) == "excluded"
    vote = Span.objects.in_force(today).get(member=member, kind="right", key="vote")
    assert vote.state == "held"
    assert "Admitted" in page(applicant.get(url("members:mine")))


def test_an_organisation_that_nobody_knows_is_evidently_nobody(people, excluded):
    make_organisation("Nearly Old Lamps")
    _, told = apply_as(STRANGER, name="Lanterns")

    assert "Filed under the number" in told
    found = Application.objects.get(email=STRANGER)
    assert selectors.evident(found, on=TODAY) == []
