"""Certificates of signatures: what they say, that they are signed, and that damage is found."""

import io
import json
import os
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ledger.models import Entry
from members import services as members
from members.models import Organisation
from reports import services
from reports.models import IssuedCertificate
from reports.rules import keys, sealing
from reports.rules.verification import NotGenuine, verify
from reports.selectors import certificates, seal
from rulebooks.models import Edition
from rulebooks.rules import facts
from tests.conftest import everybody
from tests.factories import make_edition, make_member, moment, state
from tests.members.test_signing import PROVEN, sign

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def edition(people):
    return make_edition(PROVEN, by=people.sam)


@pytest.fixture
def signed(member, people, today):
    """The member signed with a reservation in Arabic, under a mandate that was proven."""
    mandate = member.mandates.get(user=people.sid)
    members.lodge_mandate_document(
        mandate_id=mandate.pk, content=b"%PDF-1.7 proof", by=people.sid, on=today
    )
    sign(member, people.sid, today, reservations={"R2": "لا في الموقع 3"})
    return member


@pytest.fixture
def issued(signed, people, today):
    return services.issue_certificate(
        member=signed, by=people.sid, on=today, at=moment(today).replace(hour=20)
    )


def test_it_says_who_signed_what_under_which_mandate_and_entry(issued, signed, people):
    paper = certificates.html_of(issued.certificate)
    row = signed.signatures.get(requirement="R2")
    for said in (
        "Ada &amp; Co", "Sid", "Signatory", "لا في الموقع 3", "Swiss law.", row.signed_sha256,
        row.text_sha256, row.document.sha256, row.entry.digest, f"entry {row.entry_id}",
        issued.certificate.edition.sha256,
    ):  # fmt: skip
        assert said in paper
    with pikepdf.open(io.BytesIO(issued.pdf)) as pdf:
        data = json.loads(pdf.attachments["certificate.json"].get_file().read_bytes())
    assert [text["code"] for text in data["texts"]] == ["deed", "R1", "R2"]
    assert Entry.objects.get(event="reports.certificate.issued").data["sha256"] == (
        IssuedCertificate.objects.get().sha256
    )


NOT_STATED = "none was stated for this day"


def country_of(signed, people, today):
    issued = services.issue_certificate(
        member=signed, by=people.sid, on=today, at=moment(today).replace(hour=20)
    )
    return issued.certificate.member, certificates.html_of(issued.certificate)


def test_a_country_that_nobody_stated_is_the_organisations_and_says_so(signed, people, today):
    assert NOT_STATED not in country_of(signed, people, today)[1]  # there is no country at all
    Organisation.objects.filter(member=signed).update(country="PL")
    signed.refresh_from_db()

    who, paper = country_of(signed, people, today)

    assert (who.country, who.country_stated) == ("PL", False)
    assert "PL (of the organisation when this was made; none was stated for this day)" in paper


def test_a_country_that_was_stated_is_that_of_the_day_as_known(signed, people, today):
    Organisation.objects.filter(member=signed).update(country="PL")
    signed.refresh_from_db()
    first = state(signed, facts.MemberDescribed(country="DE"), today - timedelta(days=9))
    state(signed, facts.MemberDescribed(country="FR"), today - timedelta(days=5))
    state(signed, facts.MemberDescribed(country="IT"), today + timedelta(days=1))
    wrong = state(signed, facts.MemberDescribed(country="ES"), today)
    before = timezone.now()
    members.correct(fact_id=wrong.pk, by=people.sam, on=today)

    def country(at):
        who = certificates.certificate(signed, Edition.objects.get(), on=today, at=at).member
        return who.country, who.country_stated

    assert country(moment(date(2020, 1, 1))) == ("PL", False)
    assert country(first.recorded_at) == ("DE", True)
    assert country(before) == ("ES", True)
    assert country(timezone.now()) == ("FR", True)


def test_after_a_merger_it_says_that_the_membership_ended(signed, people, today):
    other = make_member("Other")
    choices = members.Choices("end", "stay", "stay", history=True, reasons="Asked for.")
    members.merge(member=signed, into=other, choices=choices, by=people.sam, on=today)

    issued = services.issue_certificate(
        member=signed, by=people.sam, on=today, at=moment(today).replace(hour=20)
    )

    assert issued.certificate.ended_on == today
    assert issued.certificate.unsigned == ()
    assert "It is no member since 2 Mar 2026" in certificates.html_of(issued.certificate)
    verify(issued.pdf, known=seal.known())


def test_what_was_issued_is_genuine(issued):
    verified = verify(issued.pdf, known=seal.known())

    assert verified.what == "signing-certificate/1"
    assert len(verified.entries) == 3
    assert verified.signed_at == issued.certificate.known_at


def test_another_key_is_not_taken_for_the_platforms(issued, tmp_path, today):
    file = tmp_path / "other.p12"
    file.write_bytes(keys.own_key("Mallory", at=moment(today)))
    unsigned = certificates.pdf_of(issued.certificate)
    forged = sealing.sealed(unsigned, sealing.key(file, ""), at=issued.certificate.known_at)

    with pytest.raises(NotGenuine, match=r"not known here; its fingerprint is [0-9a-f]{64}"):
        verify(forged, known=seal.known())
    with pytest.raises(NotGenuine, match="0 signatures"):
        verify(unsigned, known=seal.known())


def test_any_changed_byte_is_found(issued):
    draw, known = random.Random(4), seal.known()
    for place in [draw.randrange(len(issued.pdf)) for _ in range(40)]:
        damaged = bytearray(issued.pdf)
        damaged[place] ^= 1 << draw.randrange(8)
        with pytest.raises(NotGenuine):
            verify(bytes(damaged), known=known)
    for other in (issued.pdf + b"\n", issued.pdf[:-1], b"", b"%PDF-1.7", b"\x00" * 50):
        with pytest.raises(NotGenuine):
            verify(other, known=known)


def test_the_letter_case_of_the_signature_and_its_padding_are_of_one_form(issued):
    begins = issued.pdf.rindex(b"/Contents <") + len(b"/Contents <")
    ends = issued.pdf.index(b">", begins)
    hexed = issued.pdf[begins:ends]
    digit = next(i for i, c in enumerate(hexed) if chr(c).isalpha())
    for other in (
        hexed[:digit] + hexed[digit : digit + 1].swapcase() + hexed[digit + 1 :],
        hexed[:-1] + b"1",
    ):
        with pytest.raises(NotGenuine):
            verify(issued.pdf[:begins] + other + issued.pdf[ends:], known=seal.known())


def test_data_that_contradict_the_record_are_found(issued, today):
    """Signed by the right key, and still untrue: the hashes inside must fit one another."""
    text = issued.certificate.texts[1]
    for name, value in (("reservation", "none"), ("deed_sha256", "0" * 64)):
        text.form[name], before = value, text.form[name]
        pdf = seal.sealed(certificates.pdf_of(issued.certificate), at=moment(today))
        with pytest.raises(NotGenuine, match="hash of what was signed of R1 is another"):
            verify(pdf, known=seal.known())
        text.form[name] = before
    text.entry.fields["effective_on"] = "2020-01-01"
    pdf = seal.sealed(certificates.pdf_of(issued.certificate), at=moment(today))
    with pytest.raises(NotGenuine, match="of the record has another digest"):
        verify(pdf, known=seal.known())


def test_the_command_needs_no_server_and_no_database(issued, tmp_path):
    file = tmp_path / "c.pdf"
    file.write_bytes(issued.pdf)
    nowhere = {
        "DATABASE_URL": "postgres://a:b@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "x" * 50,
        "MSI_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "msi_platform.settings",
    }

    def run(*words):
        call = [sys.executable, "manage.py", "verify", *words]
        return subprocess.run(
            call, cwd=ROOT, env=os.environ | nowhere, capture_output=True, text=True, check=False
        )

    [key] = seal.known()
    done = run(str(file), "--fingerprint", key.upper(), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["genuine"] is True
    unknown = run(str(file))
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "not known here" in unknown.stderr
    assert run(str(tmp_path / "none.pdf")).returncode == 2


# Pages


def test_who_may_issue_reports_downloads_it_and_nobody_else(client, signed, people):
    url = reverse("reports:certificate", args=[signed.code])
    may = {"ada", "sid", "sam", "ann", "cam", "lou", "pat", "avi"}
    for who, user in everybody(people).items():
        client.logout()
        if user:
            client.force_login(user)
        answer = client.post(url)
        if answer.status_code == 200:
            assert answer["Content-Disposition"].endswith('-lamps-2024.pdf"')
            may.discard(who)
        else:
            assert (who, answer.status_code in (302, 403, 404)) == (who, True)
            assert who not in {"ada", "sid", "sam", "ann"}
    assert not may & {"ada", "sid", "sam", "ann"}


def test_who_has_signed_nothing_gets_no_certificate(client, member, people):
    client.force_login(people.sid)
    url = reverse("reports:certificate", args=[member.code])

    assert "has signed nothing" in client.post(url, follow=True).content.decode()
    assert client.get(url).status_code == 405
    assert not IssuedCertificate.objects.exists()


def test_anybody_checks_a_file_on_the_page(client, issued):
    url = reverse("reports:verify")
    [key] = seal.known()
    assert key in client.get(url).content.decode()
    for content, says in (
        (issued.pdf, "Genuine"),
        (issued.pdf[:-9] + b"x" * 9, "Not genuine"),
        (b"hello", "the file is no PDF"),
        (b"", "the file is no PDF"),
    ):
        file = SimpleUploadedFile("c.pdf", content, content_type="application/pdf")
        upload = {"file": file} if content else {}
        assert says in client.post(url, upload).content.decode()


def test_a_platform_without_a_key_says_so(client, signed, people, settings, tmp_path):
    settings.MAY_SIGN_WITH_OWN_KEY = False
    settings.OWN_SIGNING_KEY = tmp_path / "none.p12"
    client.force_login(people.sid)
    url = reverse("reports:certificate", args=[signed.code])

    assert "SIGNING_KEY_FILE must name the key" in client.post(url, follow=True).content.decode()
    assert not IssuedCertificate.objects.exists()


def test_signatures_from_before_hold_for_their_text(people, today):
    make_edition(PROVEN, by=people.sam)
    member = make_member("Ada & Co", signatory=people.sid)
    row = members.signing.Signature(
        member=member,
        edition=members.signing.rulebooks.edition_in_force(today),
        requirement="R1",
        mandate=member.mandates.get(),
        user=people.sid,
        capacity="Signatory",
        signed_at=moment(today),
    )
    row.text_sha256 = row.edition.document.requirement("R1").text_sha256
    row.save()
    issued = services.issue_certificate(member=member, by=people.sid, on=today, at=moment(today))

    assert [text.form for text in issued.certificate.texts] == [None]
    assert verify(issued.pdf, known=seal.known()).entries == ()
