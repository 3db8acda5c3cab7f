"""What an applicant does without an account until it files: begin, save, hand in, file, withdraw.

Whoever opens the link that was mailed acts for the application; in the record the actor is the
application itself. Beginning one and asking for its link is done by the platform, which answers
the same whether or not there is anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events, selectors
from members.models import Application, ApplicationDocument
from members.selectors import Applicant
from members.services import letters
from members.services.places import (
    NotOpen,
    require_free_as_far_as_told,
    require_open,
    require_place,
)
from members.services.received import read_file
from rulebooks import selectors as rulebooks
from rulebooks.rules.joining import Gap, normalised

LINK_LETTER = "application-link"
MOST_UNFINISHED = 5  # of one e-mail address; more are not begun
MOST_DOCUMENTS = 30
STILL_OF_USE = timedelta(days=366)  # after a decision, its link can be asked for so long


class Incomplete(ValueError):
    """Something that the edition asks for is missing; ``gaps`` name it with its field."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        self.gaps = gaps
        super().__init__("; ".join(gap.message for gap in gaps))


class NotNow(ValueError):
    """The application is at another stage."""


@transaction.atomic
def begin(
    *, name: str, country: str, email: str, member_class: str, chamber: str, by: User, on: date
) -> Application | None:
    """Begin an application and mail its link; None where the address has too many unfinished.

    Then the links of those there are mailed instead.

    :raises PermissionDenied: ``by`` is not the platform.
    :raises NotOpen: the class is not open to that chamber, or takes no application on ``on``.
    """
    access.require(by, Permission.APPLICATION_RECEIVE)
    edition = rulebooks.edition_in_force(on)
    require_place(edition.document, member_class, chamber)
    require_open(edition.document, member_class, on=on)
    if Application.objects.drafts().filter(email__iexact=email).count() >= MOST_UNFINISHED:
        send_links(email=email, by=by, on=on)
        return None
    now = timezone.now()
    application = Application.objects.create(
        name=name,
        country=country,
        email=email,
        edition=edition,
        member_class=member_class,
        chamber=chamber,
        started_at=now,
        saved_at=now,
    )
    event = events.ApplicationBegun(member_class=member_class, chamber=chamber)
    ledger.record(event, subject=application, actor=by, on=on)
    _mail_link(application, now)
    return application


@transaction.atomic
def send_links(*, email: str, by: User, on: date) -> int:
    """Mail the links of what an address has applied for, and return how many there were.

    The caller tells nobody that number.

    :raises PermissionDenied: ``by`` is not the platform.
    """
    access.require(by, Permission.APPLICATION_RECEIVE)
    now = timezone.now()
    found = Application.objects.filter(email__iexact=email).exclude(email="")
    found = found.exclude(decided_at__lt=now - STILL_OF_USE).order_by("-pk")[:MOST_UNFINISHED]
    for application in found:
        _mail_link(application, now)
        ledger.record(events.ApplicationLinkAsked(), subject=application, actor=by, on=on)
    return len(found)


def _mail_link(application: Application, now: datetime) -> None:
    """Queue a letter with a link, one within a minute."""
    key = f"{application.code}:{now:%Y%m%d%H%M}"
    letters.queue_to_applicant(LINK_LETTER, application=application, key=key, context={})


@transaction.atomic
def keep_draft(
    *,
    application_id: int,
    name: str,
    country: str,
    statement: str,
    content: Mapping[str, Any],
    by: Applicant,
    on: date,
) -> Application:
    """Save what was typed so far, however incomplete. The record holds nothing of it.

    :raises PermissionDenied: ``by`` holds no link of it.
    :raises NotNow: it was filed or withdrawn.
    """
    access.require_applicant(by, application_id)
    draft = _draft(application_id)
    draft.name, draft.country, draft.statement = name, country, statement
    draft.content, draft.saved_at = dict(content), timezone.now()
    draft.save(update_fields=["name", "country", "statement", "content", "saved_at"])
    return draft


def _draft(application_id: int) -> Application:
    draft = locked(application_id)
    if draft.filed_at or draft.outcome:
        raise NotNow("the application was filed or withdrawn; it can no longer be changed")
    return draft


def locked(application_id: int) -> Application:
    """Return an application that no other transaction changes meanwhile."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("edition")
    return rows.get(pk=application_id)


@transaction.atomic
def hand_in(
    *, application_id: int, asked: str, file: File, by: Applicant, on: date
) -> ApplicationDocument:
    """Add a document to a draft; the same content twice is one document.

    :raises PermissionDenied: ``by`` holds no link of it.
    :raises NotNow: it was filed, the edition asks for no such document, or there are too many.
    :raises BadFile: it is empty or too large.
    """
    access.require_applicant(by, application_id)
    draft = _draft(application_id)
    admission = draft.admission
    if asked not in {one.code for one in (admission.documents if admission else ())}:
        raise NotNow(f"the edition asks for no document {asked}")
    if draft.documents.count() >= MOST_DOCUMENTS:
        raise NotNow(f"an application holds at most {MOST_DOCUMENTS} documents")
    received = read_file(file)
    document, _ = ApplicationDocument.objects.get_or_create(
        application=draft,
        asked=asked,
        sha256=received.sha256,
        defaults={
            "name": received.name,
            "media_type": received.media_type,
            "size": len(received.content),
            "content": received.content,
            "received_at": timezone.now(),
        },
    )
    return document


@transaction.atomic
def take_out(*, application_id: int, document_id: int, by: Applicant, on: date) -> None:
    """Take a document out of a draft; one that is not there is out already.

    :raises PermissionDenied: ``by`` holds no link of it.
    :raises NotNow: it was filed.
    """
    access.require_applicant(by, application_id)
    _draft(application_id).documents.filter(pk=document_id).delete()


@transaction.atomic
def file_draft(*, application_id: int, by: Applicant, on: date) -> Application:
    """File a draft that is complete, under the edition in force on ``on``.

    :raises PermissionDenied: ``by`` holds no link of it.
    :raises NotNow: it was filed or withdrawn.
    :raises NotOpen: the class takes no application on ``on``, or the applicant has one open, is a
        member, or has to wait and writes for whom that is so.
    :raises Incomplete: something that the edition asks for is missing.
    """
    access.require_applicant(by, application_id)
    draft = _draft(application_id)
    draft.edition = rulebooks.edition_in_force(on)
    draft.saved_at = timezone.now()
    require_place(draft.edition.document, draft.member_class, draft.chamber)
    require_open(draft.edition.document, draft.member_class, on=on)
    _require_no_other(draft)
    require_free_as_far_as_told(draft, on=on)
    if missing := selectors.missing_from(draft):
        raise Incomplete(missing)
    draft.filed_at = timezone.now()
    draft.save(update_fields=["edition", "saved_at", "filed_at"])
    event = events.ApplicationFiled(
        edition=draft.edition.code, member_class=draft.member_class, chamber=draft.chamber
    )
    ledger.record(event, subject=draft, actor=draft, on=on)
    _tell(draft, "application-filed", on)
    return draft


def _require_no_other(draft: Application) -> None:
    """Refuse a second application of the same applicant; others' are for staff to find."""
    others = Application.objects.open().filter(email__iexact=draft.email).exclude(pk=draft.pk)
    if any(normalised(other.name) == normalised(draft.name) for other in others):
        raise NotOpen(f"{draft.name} has an application that is not yet decided")


def _tell(application: Application, template: str, on: date, key: str = "") -> None:
    letters.queue_to_applicant(
        template,
        application=application,
        key=f"{application.code}{key and f':{key}'}",
        context={"course": selectors.course_of(application, on=on)},
    )


@transaction.atomic
def withdraw(*, application_id: int, by: Applicant, on: date) -> Application:
    """Withdraw an application that is not decided; nothing more happens to it.

    :raises PermissionDenied: ``by`` holds no link of it.
    :raises NotNow: it was decided or withdrawn.
    """
    access.require_applicant(by, application_id)
    application = locked(application_id)
    if application.outcome:
        raise NotNow(f"the application is {application.outcome}; it cannot be withdrawn")
    application.outcome, application.decided_at = Application.Outcome.WITHDRAWN, timezone.now()
    application.save(update_fields=["outcome", "decided_at"])
    ledger.record(events.ApplicationWithdrawn(), subject=application, actor=application, on=on)
    return application
