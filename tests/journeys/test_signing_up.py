"""Signing up: sign what is asked, a new edition changes it, sign the difference, be certified."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.selectors import system_user
from ledger.models import Entry
from members import selectors
from members import services as members
from members.models import Letter, Signature, Span
from reports import services as reports
from reports.rules.verification import verify
from reports.selectors import seal
from suspensions import services as suspensions
from tests.factories import make_edition, make_member, moment
from tests.members.test_signing import WITH_DEED, after, shown, sign
from tests.reports.test_browser import sign_in

pytestmark = pytest.mark.django_db

SIGNED = date(2023, 2, 1)  # in time: within 60 days of the edition
CHANGED = ("No worker pays for the job.", "Nobody ever pays for the job at home or abroad.")


@pytest.fixture
def member(people):
    make_edition(WITH_DEED, by=people.sam)
    return make_member("Ada & Co", representative=people.ada, signatory=people.sid)


@pytest.fixture
def renew(people, work_due):
    """Adopt the edition that rewords R1 from 1 January, and tell the members."""

    def act():
        row = make_edition(after(WITH_DEED, CHANGED))
        told = date(2026, 1, 10)
        members.notify_edition(edition_id=row.pk, served_on=told, by=people.sam, on=told)
        work_due()
        return row

    return act


def duties(member, on):
    spans = Span.objects.in_force(on).filter(member=member, key__startswith="sign-requirements:")
    return {span.key.partition(":")[2]: span.state for span in spans}


def test_sign_then_the_edition_changes_then_sign_the_difference(member, people, renew, today):
    sign(member, people.sid, SIGNED, reservations={"R2": "Site 3 keeps copies until June."})
    assert set(duties(member, SIGNED).values()) <= {"met", "met_late"}
    first = reports.issue_certificate(member=member, by=people.ada, on=SIGNED, at=moment(SIGNED))

    renewed = renew()
    assert list(shown(member, today)) == ["R1"]
    assert duties(member, date(2026, 1, 15)) == {"R1": "open", "R2": "met", "deed": "met"}
    [row] = selectors.to_sign(member, renewed, on=today)
    [(label, pieces)] = row.changes
    assert label == "Text"
    assert "".join(p.text for p in pieces if p.sign != "+") == CHANGED[0]
    assert "".join(p.text for p in pieces if p.sign != "-") == CHANGED[1]

    suspensions.advance(by=system_user(), on=date(2026, 2, 1))
    suspensions.advance(by=system_user(), on=date(2026, 2, 2))
    letters = Letter.objects.filter(member=member, template="sign-due", to=people.sid)
    assert [letter.status for letter in letters] == ["held"]

    sign(member, people.sid, today)
    assert duties(member, today) == {"R1": "met", "R2": "met", "deed": "met"}
    second = reports.issue_certificate(
        member=member, by=people.ada, on=today, at=timezone.now() + timedelta(minutes=1)
    )
    assert [t.edition for t in second.certificate.texts] == [
        "lamps-2024",
        "lamps-2026",
        "lamps-2024",
    ]
    assert second.certificate.texts[2].reservation == "Site 3 keeps copies until June."
    for issued in (first, second):  # what was certified before stays genuine
        assert len(verify(issued.pdf, known=seal.known()).entries) == 3
    assert Entry.objects.filter(event="members.requirements.signed").count() == 2


def test_who_says_nothing_has_accepted_where_the_edition_says_so(member, people, renew):
    sign(member, people.sid, SIGNED)
    renew()
    on = date(2026, 4, 1)
    issued = reports.issue_certificate(
        member=member, by=people.ada, on=on, at=timezone.now() + timedelta(minutes=1)
    )

    assert [t.code for t in issued.certificate.texts] == ["deed", "R2"]
    [silent] = issued.certificate.by_silence
    assert (silent.text.code, silent.clause, silent.since) == ("R1", "10.4", date(2026, 3, 11))
    assert not Signature.objects.filter(edition__code="lamps-2026").exists()


@pytest.mark.django_db(transaction=True)
def test_the_difference_is_signed_and_certified_in_a_browser(tab, live_server, member, people):
    sign(member, people.sid, SIGNED, {c: t for c, t in shown(member, SIGNED).items() if c != "R2"})
    make_edition(after(WITH_DEED, CHANGED))
    sign_in(tab, live_server, people.sid)
    for width in (1280, 360):
        tab.set_viewport_size({"width": width, "height": 800})
        tab.goto(live_server.url + reverse("members:requirements", args=[member.code]))
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.locator("ins").first.inner_text().strip().startswith("[new:")

    tab.get_by_label("Reservation (optional)").fill("Site 3 keeps copies.")
    tab.get_by_role("button", name="Sign all 2").click()
    tab.get_by_role("dialog").get_by_role("button", name="Sign all 2").click()
    tab.get_by_text("2 requirements signed.").wait_for()
    with tab.expect_download(timeout=60_000) as download:
        tab.get_by_role("button", name="Download certificate (PDF)").click(timeout=60_000)

    content = download.value.path().read_bytes()
    with ThreadPoolExecutor() as apart:  # this thread runs the browser's loop
        verified = apart.submit(verify, content, known=seal.known()).result()
    assert len(verified.entries) == 3
    with pikepdf.open(io.BytesIO(content)) as pdf:
        data = json.loads(pdf.attachments["certificate.json"].get_file().read_bytes())
    assert [t["reservation"] for t in data["texts"]] == ["", "", "Site 3 keeps copies."]
