"""Builders of applications, each step by whoever's step it is."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from accounts.selectors import system_user
from governance import services as governance
from governance.models import AdmissionDecision
from members import services
from members.models import Application
from members.selectors import Applicant
from tests.factories import LAMPS

ADMISSION = """
admissions:
  - code: companies
    applies_to: [full]
    opens_on: 2026-01-01
    questions:
      - {code: why, title: Why do you apply?, answer: text, at_most: 4000, clause: "2.7"}
      - code: disputes
        title: Which disputes are before a court?
        answer: text
        required: false
        seen_by: staff
        clause: "2.7"
      - {code: people, title: How many people?, answer: number, min: 1, clause: "2.7"}
    documents: [{code: register, title: Extract of the register, clause: "2.7"}]
    sites: required
    corporate_group: required
    contacts: [{code: head, name: Head of the organisation, clause: "2.7"}]
    criteria:
      - {code: sells-lamps, text: It makes or sells lamps., clause: "2.6"}
      - {code: good-faith, text: It is willing to meet the requirements., clause: "2.6"}
    due_diligence:
      - {code: register, text: Does the register confirm who it is?, clause: "2.8"}
      - {code: sanctions, text: Is it on a list of sanctions?, clause: "2.8"}
    check_within: {days: 20}
    objections: {window: {days: 14}, reply: {days: 10}, competitors: same_class, clause: "2.9"}
    decided_by: board
    decide_within: {days: 60}
    appeal: {to: appeal-panel, within: {days: 30}, decide_within: {days: 45}, clause: "2.11"}
    reapplying: {after_refusal: {months: 6}, after_exclusion: {years: 2}, clause: "2.12"}
    clause: "2.6"
"""
JOINING = LAMPS + ADMISSION
ANSWERS = {"why": "We make lamps, and want to show how.", "people": "40"}
CONTENT = {
    "answers": ANSWERS,
    "contacts": {"head": {"name": "Hedda Lund", "email": "hedda@newlamps.example"}},
    "sites": [{"name": "Mill Street", "country": "India"}],
    "group": "none",
}
EMAIL = "hedda@newlamps.example"


def begin(on: date, *, name: str = "New Lamps", email: str = EMAIL, **fields) -> Application:
    given = {"country": "India", "member_class": "full", "chamber": "companies"} | fields
    return services.applying.begin(name=name, email=email, by=system_user(), on=on, **given)


def holder(application: Application) -> Applicant:
    """Return whoever opened the link of an application."""
    return Applicant(application.pk, timezone.now() + timedelta(hours=1))


def fill(application: Application, on: date, **content) -> None:
    services.applying.keep_draft(
        application_id=application.pk,
        name=application.name,
        country=application.country,
        statement="",
        content=CONTENT | content,
        by=holder(application),
        on=on,
    )
    hand_in(application, on)


def hand_in(application: Application, on: date, content: bytes = b"extract"):
    return services.applying.hand_in(
        application_id=application.pk,
        asked="register",
        file=SimpleUploadedFile("extract.pdf", content, "application/pdf"),
        by=holder(application),
        on=on,
    )


def filed(on: date, **fields) -> Application:
    """Return an application that was begun, filled in and filed."""
    application = begin(on, **fields)
    fill(application, on)
    act = {"application_id": application.pk, "by": holder(application), "on": on}
    return services.applying.file_draft(**act)


def checked(application: Application, sam, on: date, organisation=None) -> None:
    """Match and check an application, as somebody of the staff without a tie."""
    act = {"application_id": application.pk, "by": sam, "on": on}
    services.scrutiny.match(organisation=organisation, **act)
    services.scrutiny.declare_tie(has_tie=False, text="", **act)
    for item in ("register", "sanctions"):
        services.scrutiny.check(item=item, result="clear", finding="Looked it up.", **act)
    application.refresh_from_db()


def comment(application: Application, member, by, on: date, **fields):
    given = {
        "criterion": "good-faith",
        "text": "It charged fees in May.",
        "evidence": "Court of Pune, 12/2026.",
        "file": None,
        "competitor": False,
    }
    return services.scrutiny.object_to(
        application_id=application.pk, member=member, by=by, on=on, **given | fields
    )


def decided(application: Application, pat, outcome: str, on: date, **fields) -> AdmissionDecision:
    """Record what the body that is asked decided."""
    governance.create_body(code="board", name="Board", by=_secretary(), on=on)
    governance.create_body(code="appeal-panel", name="Appeal panel", by=_secretary(), on=on)
    given = {"reasons": "As the file shows."}
    if outcome == "refuse":
        given["criterion"] = "good-faith"
    return governance.record_admission(
        application_id=application.pk, outcome=outcome, by=pat, on=on, **given | fields
    )


def _secretary() -> User:
    return User.objects.get(name="Sam")
