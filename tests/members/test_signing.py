"""Signing: the deed, reservations, capacities kept apart, mandates that end, tabs left open."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.selectors import system_user
from ledger.models import Entry
from members import selectors, services
from members.models import Fact, Letter, MandateDocument, Signature, Span
from members.rules import Post
from rulebooks.rules.edition import Edition
from rulebooks.rules.signing import signed_form, signed_sha256
from tests.factories import LAMPS, REPLACES_LAMPS, make_edition, make_member, moment

pytestmark = pytest.mark.django_db

SIGNING = """
signing:
  deed:
    code: deed
    title: Deed of accession
    binds: {says: The member and each company that it controls., clause: "2.5"}
    governing_law: {says: Swiss law., clause: "12.1"}
    forum: {says: The courts of Geneva., clause: "12.2"}
    publication: {says: Measures are published., clause: "9"}
    processing: {says: Names of those who sign are kept., clause: "11"}
    survives_exit: [{says: An open case goes on., clause: "8.4"}]
    clause: "2.5"
  languages: {authoritative: [en], translations: [ar], clause: "12.3"}
  silence: {after: {days: 60}, clause: "10.4"}
  kept_apart: [{capacities: [Signatory, Trade union secretary], clause: "2.6"}]
reminders:
  - {code: a-month, applies_to: [sign-requirements], before: {days: 30}, clause: "10.5"}
  - {code: a-week, applies_to: [sign-requirements], before: {days: 7}, clause: "10.5"}
"""
RESERVED = LAMPS.replace(
    "title: Papers, text: Papers stay with the worker.,",
    "title: Papers, text: Papers stay with the worker., reservations:"
    ' {limits: Name the site., clause: "3.4"},',
)
WITH_DEED = RESERVED + SIGNING
PROVEN = WITH_DEED.replace(
    "    governing_law:",
    '    mandate_document: {says: A power of attorney., clause: "2.7"}\n    governing_law:',
)
PDF = b"%PDF-1.7 power of attorney"


def after(text: str, *changes: tuple[str, str], on: str = "2026-01-01") -> str:
    """The edition that replaces ``text``, with words changed."""
    text = text.replace("code: lamps-2024", "code: lamps-2026", 1)
    text = text.replace("in_force_from: 2023-01-01", f"in_force_from: {on}", 1)
    text = text.replace("replaces: null\n", REPLACES_LAMPS, 1)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def edition(people):
    return make_edition(WITH_DEED, by=people.sam)


def shown(member, on):
    return {text.code: text.text_sha256 for text in selectors.unsigned(member, on=on)}


def sign(member, by, on, texts=None, **given):
    texts = shown(member, on) if texts is None else texts
    return services.sign(member=member, texts=texts, by=by, on=on, at=moment(on), **given)


def untouched() -> bool:
    acts = Entry.objects.filter(event="members.requirements.signed")
    return not (Signature.objects.exists() or acts.exists())


def test_the_deed_is_signed_with_the_requirements_and_the_hash_covers_all_of_it(
    member, people, today
):
    rows = sign(member, people.sid, today, reservations={"R2": " Site 3 keeps copies. "})

    assert [row.requirement for row in rows] == ["R1", "R2", "deed"]
    row = Signature.objects.get(requirement="R2")
    document = row.edition.document
    form = signed_form(
        document.requirement("R2"),
        edition="lamps-2024",
        legal_text=None,
        deed=document.signing.deed,
        language="en",
        capacity="Signatory",
        document="",
        reservation="Site 3 keeps copies.",
    )
    assert row.signed_sha256 == signed_sha256(form)
    assert row.deed_sha256 == document.signing.deed.text_sha256
    assert row.language == "en"
    assert (row.entry.data["reserved"], row.entry.data["deed"]) == (["R2"], row.deed_sha256)
    assert "Site 3" not in str(row.entry.data)
    assert Fact.objects.get(key="R2", kind="requirement.signed").data["reserved"] is True
    other = signed_form(
        document.requirement("R2"), edition="lamps-2024", legal_text=None, deed=None,
        language="en", capacity="Signatory", document="", reservation="Site 3 keeps copies.",
    )  # fmt: skip
    assert signed_sha256(other) != row.signed_sha256


def test_requirements_are_not_signed_while_the_deed_that_they_stand_under_is_open(
    member, people, today
):
    with pytest.raises(services.NothingToSign, match="sign “Deed of accession” with them"):
        sign(member, people.sid, today, {"R1": shown(member, today)["R1"]})
    assert untouched()


@pytest.mark.parametrize(
    ("reservations", "says"),
    [
        pytest.param({"R1": "Not at site 3."}, "“No fees” allows no reservation", id="not allowed"),
        pytest.param({"R2": "x" * 4_001}, "has 4001 characters; 4000 are allowed", id="too long"),
        pytest.param({"R9": "Never."}, "stated for R9, which is not signed", id="not signed"),
        pytest.param({"deed": "Not Swiss law."}, "allows no reservation", id="the deed"),
    ],
)
def test_a_reservation_is_stated_only_where_the_edition_allows_one(
    member, people, today, reservations, says
):
    with pytest.raises(services.NothingToSign, match=says):
        sign(member, people.sid, today, reservations=reservations)
    assert untouched()


def test_a_language_that_the_edition_does_not_name_is_refused(member, people, today):
    with pytest.raises(services.NothingToSign, match=r"'fr' is no language.*allowed: en, ar"):
        sign(member, people.sid, today, language="fr")
    assert untouched()


def test_nobody_signs_in_two_capacities_that_are_kept_apart(member, people, today):
    union = make_member("Union", member_class="partner", chamber="unions", signatory=people.sid)
    union.mandates.update(capacity="trade union SECRETARY")
    sign(member, people.sid, today)

    with pytest.raises(services.MayNotSign, match=r"signed as Signatory.*clause 2.6 keeps that"):
        sign(union, people.sid, today)
    assert not Signature.objects.filter(member=union).exists()


def test_a_mandate_that_wants_a_document_is_proven_first(people, today):
    make_edition(PROVEN, by=people.sam)
    member = make_member("Ada & Co", signatory=people.sid)
    with pytest.raises(services.MayNotSign, match=r"proves your mandate first \(clause 2.7\)"):
        sign(member, people.sid, today)
    mandate = member.mandates.get()
    with pytest.raises(services.CannotLodge, match="no PDF"):
        services.lodge_mandate_document(
            mandate_id=mandate.pk, content=b"MZ", by=people.sid, on=today
        )
    for _ in range(2):
        services.lodge_mandate_document(mandate_id=mandate.pk, content=PDF, by=people.sid, on=today)
    [row, *_] = sign(member, people.sid, today)

    assert row.document == MandateDocument.objects.get()
    assert row.entry.data["document"] == sha256(PDF).hexdigest()


def test_a_deed_with_another_term_is_all_that_is_asked_for(member, people, today, work_due):
    sign(member, people.sid, date(2025, 6, 1))
    make_edition(after(WITH_DEED, ("Swiss law.", "The law of Norway.")))
    work_due()
    edition = selectors.signing.rulebooks.edition_in_force(today)
    [row] = selectors.to_sign(member, edition, on=today)

    assert row.text.code == "deed"
    [(label, pieces)] = row.changes
    assert label == "Governing law"
    assert "Swiss" in "".join(piece.text for piece in pieces if piece.sign == "-")
    assert "Norway" in "".join(piece.text for piece in pieces if piece.sign == "+")


def test_signatures_from_before_there_was_a_deed_hold_and_the_deed_is_asked(people, today):
    make_edition(LAMPS, by=people.sam)
    member = make_member("Ada & Co", signatory=people.sid)
    sign(member, people.sid, date(2025, 6, 1))
    make_edition(after(LAMPS + SIGNING))

    assert list(shown(member, today)) == ["deed"]
    assert not Signature.objects.filter(requirement="deed").exists()


def test_a_new_edition_gives_no_new_time_to_sign_a_text_that_it_keeps(member, people, work_due):
    texts = shown(member, date(2025, 6, 1))
    sign(member, people.sid, date(2025, 6, 1), {c: texts[c] for c in ("R1", "deed")})
    before = duty(member, "R2")
    make_edition(after(WITH_DEED, ("No worker pays for", "Nobody ever pays for")))
    work_due()

    assert duty(member, "R2") == before
    assert before[-1][0] == "missed"
    assert duty(member, "R1")[-1][0] == "missed"
    assert ("open", date(2026, 1, 1), "text.to_sign") in duty(member, "R1")


# Silence


def duty(member, code):
    spans = Span.objects.filter(member=member, key=f"sign-requirements:{code}")
    return [(s.state, s.from_on, s.ground) for s in spans.order_by("from_on")]


@pytest.fixture
def reworded(member, people, work_due):
    """R1 was signed, reworded from 1 January 2026, and the members were told on 10 January."""
    sign(member, people.sid, date(2025, 6, 1))
    row = make_edition(after(WITH_DEED, ("No worker pays for", "Nobody ever pays for")))
    work_due()
    served = date(2026, 1, 10)
    services.notify_edition(edition_id=row.pk, served_on=served, by=people.sam, on=served)
    work_due()
    return row


def test_silence_accepts_a_changed_text_a_term_after_notice(member, reworded, today):
    accepted = date(2026, 1, 10) + timedelta(days=60)

    assert duty(member, "R1")[-1] == ("met_late", accepted, "silence.accepted")
    [row] = selectors.to_sign(member, reworded, on=today)
    assert (row.silence.from_on, row.accepted_by(today)) == (accepted, False)
    assert row.silence.clause == "10.4"
    assert not Signature.objects.filter(edition=reworded).exists()


def test_what_was_declined_is_never_accepted_by_silence(member, reworded, people, today):
    texts = shown(member, today)
    services.decline(member=member, texts=texts, by=people.sid, on=today)

    assert "silence.accepted" not in {ground for _, _, ground in duty(member, "R1")}
    [row] = selectors.to_sign(member, reworded, on=today)
    assert row.declined
    with pytest.raises(services.NothingToSign, match="was not declined before"):
        services.decline(member=member, texts=texts, by=people.sid, on=today)
    sign(member, people.sid, today)
    assert duty(member, "R1")[-1] == ("met", today, "fact.recorded")


def test_silence_is_nothing_where_the_edition_does_not_say_so(people, today, work_due):
    silent = WITH_DEED.replace('  silence: {after: {days: 60}, clause: "10.4"}\n', "")
    make_edition(silent, by=people.sam)
    member = make_member("Ada & Co", signatory=people.sid)
    sign(member, people.sid, date(2025, 6, 1))
    row = make_edition(after(silent, ("No worker pays for", "Nobody ever pays for")))
    services.notify_edition(edition_id=row.pk, served_on=today, by=people.sam, on=today)
    work_due()

    assert duty(member, "R1")[-1][0] == "missed"


# Reminders


def test_reminders_are_written_once_each_at_the_days_that_the_edition_names(
    member, reworded, people
):
    """Due 60 days after 1 January: on 2 March; 30 and 7 days before, Eve's member is told too."""

    def remind(day):
        return services.remind_to_sign(by=system_user(), on=day)

    assert remind(date(2026, 1, 30)) == 0
    assert [remind(date(2026, 1, 31)), remind(date(2026, 2, 3))] == [2, 0]
    assert [remind(date(2026, 2, 23)), remind(date(2026, 2, 24))] == [2, 0]
    assert remind(date(2026, 3, 3)) == 0
    written = Letter.objects.filter(member=member, template="sign-due", to=people.sid)
    assert written.count() == 2
    body = written.first().body
    assert "- No fees (clause 3.1)" in body
    assert "counts as accepted on 11 Mar 2026 (clause 10.4)" in body
    assert Entry.objects.filter(event="members.signing.reminded").count() == 2


def test_a_run_that_comes_late_reminds_once_and_what_was_declined_not_at_all(
    member, reworded, people
):
    late = date(2026, 2, 26)
    assert services.remind_to_sign(by=system_user(), on=late) == 2
    other = make_member("Late Lamps", signatory=people.eve, admitted_on=date(2026, 2, 1))
    assert services.remind_to_sign(by=system_user(), on=date(2026, 3, 28)) == 1
    assert Letter.objects.filter(member=other, template="sign-due").count() == 1
    Letter.objects.filter(member=member).delete()
    texts = shown(member, late)
    services.decline(member=member, texts=texts, by=people.sid, on=late)
    assert services.remind_to_sign(by=system_user(), on=late) == 0


def test_an_edition_that_names_no_days_reminds_nobody_and_only_the_daily_run_may(people, today):
    make_edition(LAMPS + SIGNING[: SIGNING.index("reminders:")])
    make_member("Ada & Co", signatory=people.sid, admitted_on=today - timedelta(days=50))
    assert services.remind_to_sign(by=system_user(), on=today) == 0
    with pytest.raises(PermissionDenied):
        services.remind_to_sign(by=people.sid, on=today)


# Pages


def page(client, member, user, **fields):
    client.force_login(user)
    return client.post(reverse("members:sign", args=[member.code]), fields, follow=True)


def fields(member, on, **more):
    return {f"text:{code}": text for code, text in shown(member, on).items()} | more


def test_a_signature_in_a_tab_left_open_over_a_new_edition_is_not_half_given(
    client, member, people
):
    today = timezone.localdate()
    typed = "الموقع الثالث يحتفظ بنسخ"
    old = fields(member, today, edition="lamps-2024", all="1", **{"reservation:R2": typed})
    make_edition(after(WITH_DEED, ("No worker pays for", "Nobody ever pays for")))

    told = page(client, member, people.sid, **old).content.decode()
    assert (
        "Nothing was signed: Rulebook 2024 of the Fair Lamps Initiative has been in force" in told
    )
    assert typed in told
    assert 'value="R2" checked' in told
    assert untouched()


def test_a_mandate_that_ended_while_the_page_was_open_signs_nothing(client, member, people):
    today = timezone.localdate()
    old = fields(member, today, all="1")
    mandate = member.mandates.get(user=people.sid)
    services.end_mandate(mandate_id=mandate.pk, by=people.sam, on=today)

    told = page(client, member, people.sid, **old)
    assert told.redirect_chain == [("/", 302)]
    assert (
        "Nothing was signed: your mandate to sign for Ada &amp; Co ended" in told.content.decode()
    )
    assert untouched()
    assert client.post(reverse("members:decline", args=[member.code])).status_code == 302


def test_a_text_of_twenty_thousand_characters_from_right_to_left_is_shown_and_signed(
    client, people
):
    text = ("لا يدفع أي عامل مقابل الوظيفة. " * 700)[:20_000].strip()
    make_edition(WITH_DEED.replace("No worker pays for the job.", f'"{text}"'), by=people.sam)
    member = make_member("Ada & Co", signatory=people.sid)
    client.force_login(people.sid)
    url = reverse("members:requirements", args=[member.code])
    told = client.get(url, {"language": "ar"}).content.decode()

    assert text in told
    assert '<p class="signed-text" dir="auto" lang="en">' in told
    assert "Not translated into ar: it is shown, and signed as read, in en." in told
    assert "Where a text and its translation differ" in told
    posted = fields(member, timezone.localdate(), all="1", language="ar")
    assert "3 requirements signed" in page(client, member, people.sid, **posted).content.decode()
    assert set(Signature.objects.values_list("language", flat=True)) == {"en"}


@pytest.mark.parametrize("bad", ["\x00", "‮", "x" * 50_000, "R1\nR2"])
def test_bad_codes_and_languages_sign_nothing(client, member, people, bad):
    today = timezone.localdate()
    for wrong in ({"sign": bad}, {"language": bad, "all": "1"}, {"edition": bad, "all": "1"}):
        posted = page(client, member, people.sid, **fields(member, today), **wrong)
        assert posted.status_code in (200, 400)
    assert untouched()


def test_the_page_shows_what_the_member_is_held_to(client, member, people):
    client.force_login(people.sid)
    told = client.get(reverse("members:requirements", args=[member.code])).content.decode()

    assert "Swiss law." in told
    assert "How it is measured: " in told
    assert "Recruitment fees paid back" in told
    assert "What follows a breach: " in told
    assert "the member is suspended" in told
    assert "It is signed as it stands: the edition allows no reservation." in told
    assert "Name the site. (clause 3.4)" in told


def test_a_document_is_handed_in_on_the_page(client, people):
    make_edition(PROVEN, by=people.sam)
    member = make_member("Ada & Co", signatory=people.sid, representative=people.ada)
    client.force_login(people.sid)
    url = reverse("members:lodge", args=[member.code])
    for file, says in (
        (b"", "is no PDF"),
        (PDF + b"x" * 5_300_000, "5242880 (5 MB) are allowed"),
        (PDF, "proves your mandate is kept"),
    ):
        upload = {"document": SimpleUploadedFile("p.pdf", file)} if file else {}
        assert says in client.post(url, upload, follow=True).content.decode()
    assert MandateDocument.objects.get().size == len(PDF)
    client.force_login(people.ada)
    assert client.post(url, {}).status_code == 403


IN_ARABIC = WITH_DEED.replace(
    '    survives_exit: [{says: An open case goes on., clause: "8.4"}]\n',
    """    survives_exit: [{says: An open case goes on., clause: "8.4"}]
    translations:
      - language: ar
        title: سند الانضمام
        binds: العضو وكل شركة يسيطر عليها.
        governing_law: القانون السويسري.
        forum: محاكم جنيف.
        publication: تنشر التدابير.
        processing: تحفظ الأسماء.
        survives_exit: [تستمر القضية المفتوحة.]
""",
)


def test_a_deed_is_read_and_signed_in_a_language_and_what_is_not_translated_in_its_own(
    client, people
):
    edition = make_edition(IN_ARABIC, by=people.sam)
    member = make_member("Ada & Co", signatory=people.sid)
    client.force_login(people.sid)
    url = reverse("members:requirements", args=[member.code])
    told = client.get(url, {"language": "ar"}).content.decode()

    assert "القانون السويسري." in told
    assert "Swiss law." not in told
    assert told.count("Not translated into ar") == 2
    today = timezone.localdate()
    page(client, member, people.sid, **fields(member, today, all="1", language="ar"))
    assert dict(Signature.objects.values_list("requirement", "language")) == {
        "deed": "ar", "R1": "en", "R2": "en",
    }  # fmt: skip
    said = Entry.objects.get(event="members.requirements.signed").data
    assert said["languages"] == ["en", "en", "ar"]
    row = Signature.objects.get(requirement="deed")
    form = selectors.form_of(row, edition.document.signing.deed)
    assert form["language"] == "ar"
    assert signed_sha256(form) == row.signed_sha256


def test_the_hash_of_a_deed_is_that_of_its_own_words_whatever_it_is_translated_into():
    plain, translated = (Edition.load(text).signing.deed for text in (WITH_DEED, IN_ARABIC))
    assert plain.text_sha256 == translated.text_sha256
    form = {"edition": "e", "legal_text": None, "deed": None, "language": "en", "capacity": "c",
            "document": "", "reservation": ""}  # fmt: skip
    assert "translations" not in signed_form(plain, **form)["text"]
    assert signed_form(translated, **form)["text"]["translations"][0]["language"] == "ar"


def twice_a_signatory(people, *capacities, text=WITH_DEED):
    make_edition(text, by=people.sam)
    member = make_member("Ada & Co")
    for capacity in capacities:
        services.give_mandate(
            member=member,
            user=people.sid,
            post=Post.SIGNATORY,
            capacity=capacity,
            by=people.sam,
            on=timezone.localdate(),
        )
    return member


def test_whoever_holds_two_mandates_chooses_one_and_signs_in_it(client, people):
    member = twice_a_signatory(people, "Chief executive", "Head of sourcing", "chief EXECUTIVE")
    today = timezone.localdate()
    _, head = selectors.signing_mandates(member, people.sid, on=today)
    with pytest.raises(services.MayNotSign, match="Chief executive or Head of sourcing"):
        sign(member, people.sid, today)

    posted = fields(member, today, all="1")
    told = page(client, member, people.sid, **posted).content.decode()
    assert "choose in which capacity you sign" in told
    assert untouched()
    told = page(client, member, people.sid, **posted, mandate=head.pk).content.decode()
    assert "3 requirements signed" in told
    assert set(Signature.objects.values_list("mandate", "capacity")) == {
        (head.pk, "Head of sourcing")
    }


def test_a_capacity_kept_apart_from_one_signed_in_cannot_be_chosen(client, people):
    member = twice_a_signatory(people, "Signatory", "Trade union secretary")
    today = timezone.localdate()
    first, second = selectors.signing_mandates(member, people.sid, on=today)
    texts = shown(member, today)
    deed_and_one = {code: texts[code] for code in ("deed", "R1")}
    sign(member, people.sid, today, deed_and_one, mandate=first.pk)

    client.force_login(people.sid)
    told = client.get(reverse("members:requirements", args=[member.code])).content.decode()
    assert f'value="{second.pk}" disabled' in told
    assert "you signed as Signatory, clause 2.6 keeps them apart" in told
    with pytest.raises(services.MayNotSign, match="keeps that apart from Trade union secretary"):
        sign(member, people.sid, today, {"R2": texts["R2"]}, mandate=second.pk)
    assert Signature.objects.count() == 2


def test_a_mandate_of_somebody_else_or_for_another_member_signs_nothing(client, people):
    member = twice_a_signatory(people, "Chief executive")
    other = make_member("Other", signatory=people.sid)
    foreign = other.mandates.get()
    today = timezone.localdate()

    with pytest.raises(services.MayNotSign, match="choose in which capacity"):
        sign(member, people.sid, today, mandate=foreign.pk)
    told = page(client, member, people.sid, **fields(member, today, all="1"), mandate="x" * 30)
    assert told.status_code == 200
    assert Signature.objects.filter(member=other).count() == 0


def test_who_answers_for_a_merged_member_holds_no_mandate_to_sign_for_it(member, people, today):
    other = make_member("Other", signatory=people.eve)
    choices = services.Choices("end", "stay", "stay", history=True, reasons="Asked for.")
    services.merge(member=member, into=other, choices=choices, by=people.sam, on=today)

    with pytest.raises(services.MayNotSign, match="no mandate to sign"):
        sign(member, people.eve, today, {"R1": "x" * 64})
