"""Applying without an account: a draft behind a mailed link, filed once it is complete."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.selectors import system_user
from ledger.models import Entry
from members import selectors, services
from members.forms import BeginForm
from members.models import Application, Letter, LetterTemplate, Organisation, ResumeLink
from members.rules import Mode
from members.selectors import Applicant
from members.services.applying import Incomplete, NotNow
from tests.factories import LAMPS, make_edition, make_member, make_organisation
from tests.members import applying
from tests.members.applying import ADMISSION, EMAIL, JOINING, holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def joining(people):
    return make_edition(JOINING, by=people.sam)


def links_mailed() -> list[str]:
    while services.letters.send_next(by=system_user()):
        pass
    return re.findall(rf"{re.escape(settings.SITE_URL)}/apply/open/([\w-]+)/", str(
        [sent.body for sent in mail.outbox]
    ))  # fmt: skip


def test_a_link_is_mailed_at_once_and_only_its_keyed_hash_is_kept(joining, today):
    application = applying.begin(today)
    assert Letter.LINK in Letter.objects.get(application=application).body
    [token] = links_mailed()

    kept = ResumeLink.objects.get(application=application)
    assert kept.digest == selectors.link_digest(token)
    assert token not in str(list(Letter.objects.values())) + str(list(Entry.objects.values()))
    assert mail.outbox[0].to == [EMAIL]
    assert selectors.applicant(token, at=timezone.now()).application_id == application.pk
    assert selectors.applicant(token[:-1], at=timezone.now()) is None
    assert selectors.applicant(token, at=kept.expires_at) is None


def test_the_secretariat_can_hold_the_letter_with_the_link(joining, people, today):
    applying.begin(today)
    assert LetterTemplate.objects.get(code="application-link").mode == Mode.AUTOMATIC
    services.letters.set_mode(template="application-link", mode=Mode.HELD, by=people.sam, on=today)
    applying.begin(today, email="other@lamps.example")

    held = Letter.objects.get(application__email="other@lamps.example")
    assert held.status == Letter.Status.HELD


def test_the_record_holds_neither_name_nor_address(joining, today):
    applying.filed(today)
    written = str([(entry.subject, entry.actor, entry.data) for entry in Entry.objects.all()])

    assert "New Lamps" not in written
    assert EMAIL not in written
    assert "members.Application:" in Entry.objects.get(event="members.application.filed").actor


def test_one_address_has_few_drafts_and_gets_their_links_instead_of_more(joining, today):
    for number in range(5):
        assert applying.begin(today, name=f"Lamps {number}") is not None

    assert applying.begin(today, name="Lamps 6") is None
    assert Application.objects.count() == 5


def test_whoever_asks_for_links_learns_nothing_and_only_the_address_gets_them(joining, today):
    applying.begin(today)
    Letter.objects.all().delete()
    by = {"by": system_user(), "on": today}

    assert services.applying.send_links(email="stranger@x.example", **by) == 0
    assert services.applying.send_links(email=EMAIL.upper(), **by) == 1
    assert Letter.objects.count() == 1


def test_only_the_platform_begins_and_mails(joining, people, today):
    with pytest.raises(PermissionDenied):
        services.applying.begin(
            name="x", country="", email="x@x.example", member_class="full",
            chamber="companies", by=people.sam, on=today,
        )  # fmt: skip
    with pytest.raises(PermissionDenied):
        services.applying.send_links(email=EMAIL, by=people.ada, on=today)


@pytest.mark.parametrize("wrong", ["another", "expired"])
def test_another_link_or_an_expired_one_opens_nothing(joining, today, wrong):
    application, other = applying.begin(today), applying.begin(today, email="o@x.example")
    by = holder(other)
    if wrong == "expired":
        by = Applicant(application.pk, timezone.now() - timedelta(seconds=1))
    act = {"application_id": application.pk, "by": by, "on": today}

    for service, more in (
        (services.applying.file_draft, {}),
        (services.applying.withdraw, {}),
        (services.applying.take_out, {"document_id": 1}),
        (services.appeal, {"text": "x"}),
        (services.reply, {"objection_id": 1, "text": "x"}),
        (
            services.applying.keep_draft,
            {"name": "x", "country": "", "statement": "", "content": {}},
        ),
        (services.applying.hand_in, {"asked": "register", "file": SimpleUploadedFile("a", b"a")}),
    ):
        with pytest.raises(PermissionDenied):
            service(**act, **more)


def test_an_incomplete_draft_says_what_is_missing_and_stays_a_draft(joining, today):
    application = applying.begin(today)

    with pytest.raises(Incomplete) as raised:
        services.applying.file_draft(
            application_id=application.pk, by=holder(application), on=today
        )
    assert [gap.field for gap in raised.value.gaps] == [
        "answer-why",
        "answer-people",
        "group",
        "sites",
        "contact-head-name",
        "document-register",
    ]
    application.refresh_from_db()
    assert application.filed_at is None
    assert not Entry.objects.filter(event="members.application.filed").exists()


def test_a_country_is_written_as_members_have_it(joining):
    Organisation.objects.filter(member=make_member("Bulbs")).update(country="Viet Nam")

    form = BeginForm({"country": " viet  nam"}, edition=joining.document, address="::1")
    other = BeginForm({"country": "Peru"}, edition=joining.document, address="::1")
    form.is_valid(), other.is_valid()

    assert form.cleaned_data["country"] == "Viet Nam"
    assert other.cleaned_data["country"] == "Peru"
    assert '<option value="Viet Nam">' in str(form["country"])
    assert form.errors["name"] == ["Missing: fill it in, or choose one."]


def test_filing_twice_files_once(joining, today):
    application = applying.filed(today)

    act = {"application_id": application.pk, "by": holder(application), "on": today}
    with pytest.raises(NotNow, match="can no longer be changed"):
        services.applying.file_draft(**act)
    with pytest.raises(NotNow):
        applying.fill(application, today)
    assert Entry.objects.filter(event="members.application.filed").count() == 1


def test_a_class_that_closed_yesterday_takes_no_application(people, today):
    text = JOINING.replace("    opens_on: 2026-01-01\n", f"    closes_on: {today}\n")
    make_edition(text, by=people.sam)
    application = applying.begin(today)
    applying.fill(application, today)
    tomorrow = today + timedelta(days=1)

    act = {"application_id": application.pk, "by": holder(application)}
    with pytest.raises(services.NotOpen, match=rf"closed on {today} \(clause 2.6\)"):
        services.applying.file_draft(**act, on=tomorrow)
    with pytest.raises(services.NotOpen, match="closed on"):
        applying.begin(tomorrow, email="late@x.example")
    application.refresh_from_db()
    assert application.content["answers"] == applying.ANSWERS  # nothing lost
    assert services.applying.file_draft(**act, on=today).filed_at


def test_huge_and_right_to_left_text_is_kept_as_typed(joining, today):
    text = "نحن نصنع المصابيح " * 200
    application = applying.begin(today, name="مصابيح جديدة")
    applying.fill(application, today, answers={"why": text, "people": "3"})
    assert selectors.missing_from(Application.objects.get(pk=application.pk)) == ()

    applying.fill(application, today, answers={"why": text * 2, "people": "3"})
    [gap] = selectors.missing_from(Application.objects.get(pk=application.pk))
    assert "at most 4,000 are taken" in gap.message


@pytest.mark.parametrize(
    ("content", "says"), [(b"", "empty"), (b"x" * (10 * 2**20 + 1), "at most 10 MB")]
)
def test_a_file_within_limits_is_taken(joining, today, content, says):
    application = applying.begin(today)

    with pytest.raises(services.BadFile, match=says):
        applying.hand_in(application, today, content)
    assert not application.documents.exists()


def test_the_same_document_twice_is_one_and_is_known_by_its_hash(joining, today):
    application = applying.begin(today)
    first = applying.hand_in(application, today)

    assert applying.hand_in(application, today) == first
    assert (len(first.sha256), first.size) == (64, 7)
    services.applying.take_out(
        application_id=application.pk, document_id=first.pk, by=holder(application), on=today
    )
    assert not application.documents.exists()


def test_a_draft_is_the_applicants_alone(joining, people, today):
    applying.begin(today)

    assert not Application.objects.visible_to(people.sam).exists()
    applying.filed(today, email="o@x.example")
    assert Application.objects.visible_to(people.sam).count() == 1
    assert not Application.objects.visible_to(people.cam).exists()


def test_two_applications_of_one_address_under_two_spellings_are_one(joining, today):
    applying.filed(today, name="Müller & Söhne GmbH")

    with pytest.raises(services.NotOpen, match="not yet decided"):
        applying.filed(today, name="MULLER UND SOHNE G.m.b.H.")


def test_two_spellings_from_two_addresses_are_shown_to_staff_and_matched_once(
    joining, people, today
):
    known = make_organisation("Müller & Söhne")
    make_organisation("Mill Lamps")
    first = applying.filed(today, name="Müller & Söhne GmbH")
    second = applying.filed(today, name="MULLER UND SOHNE G.m.b.H.", email="o@x.example")

    alike = selectors.organisations_alike(second)
    assert [(one.organisation, one.same) for one in alike][:1] == [(known, True)]
    assert selectors.applications_alike(second) == [first]
    act = {"organisation": known, "by": people.sam, "on": today}
    services.scrutiny.match(application_id=first.pk, **act)
    with pytest.raises(services.NotOpen, match="not yet decided"):
        services.scrutiny.match(application_id=second.pk, **act)


def test_a_name_that_an_organisation_had_before_is_shown_to_staff(joining, people, today, client):
    known = make_organisation("Bright Works")
    known.earlier_names.create(name="Müller & Söhne", until_on=date(2020, 1, 1))
    make_organisation("Mill Lamps")
    application = applying.filed(today, name="MÜLLER & SOHNE GmbH", email="o@x.example")

    alike = selectors.organisations_alike(application)

    assert [(one.organisation, one.same, one.earlier) for one in alike] == [
        (known, True, "Müller & Söhne")
    ]
    client.force_login(people.sam)
    page = client.get(application.get_absolute_url()).content.decode()
    assert "was called <bdi>Müller &amp; Söhne</bdi> · the same but for its spelling" in page


def test_an_applicant_is_registered_only_when_staff_say_so(joining, people, today):
    application = applying.filed(today)
    assert not Organisation.objects.filter(name="New Lamps").exists()

    services.scrutiny.match(
        application_id=application.pk, organisation=None, by=people.sam, on=today
    )
    assert Organisation.objects.get(name="New Lamps").country == "India"


def test_a_member_does_not_apply_again(joining, people, today):
    member = make_member("New Lamps")
    application = applying.filed(today)

    with pytest.raises(services.NotOpen, match="is a member already"):
        services.scrutiny.match(
            application_id=application.pk,
            organisation=member.organisation,
            by=people.sam,
            on=today,
        )


def test_an_application_with_an_account_goes_by_the_form_where_the_edition_asks_more(
    joining, people, today
):
    with pytest.raises(services.NotOpen, match="public form"):
        services.file_application(
            organisation=make_organisation(), member_class="full", chamber="companies",
            statement="", by=people.sam, on=today,
        )  # fmt: skip


def test_withdrawing_ends_it_once(joining, today):
    application = applying.filed(today)
    act = {"application_id": application.pk, "by": holder(application), "on": today}

    assert services.applying.withdraw(**act).outcome == "withdrawn"
    with pytest.raises(NotNow, match="withdrawn"):
        services.applying.withdraw(**act)


def test_a_class_without_steps_is_applied_for_by_the_same_form(people, today):
    make_edition(LAMPS, by=people.sam)
    application = applying.begin(today, member_class="partner", chamber="unions")
    act = {"application_id": application.pk, "by": holder(application), "on": today}

    assert services.applying.file_draft(**act).admission is None
    assert ADMISSION not in LAMPS


def test_a_day_of_the_calendar_decides_and_no_clock(joining, today):
    with pytest.raises(services.NotOpen, match="open on 2026-01-01"):
        applying.begin(date(2025, 12, 31))
