"""What an applicant answers once it has filed: a reply to a comment, an appeal."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from ledger import services as ledger
from members import access, events, selectors
from members.models import Appeal, Objection
from members.selectors import Applicant
from members.services.applying import NotNow, locked
from rulebooks.rules.joining import Stage


@transaction.atomic
def reply(
    *, application_id: int, objection_id: int, text: str, by: Applicant, on: date
) -> Objection:
    """Reply to a comment that was put to the applicant, once and in time.

    :raises PermissionDenied: ``by`` holds no link of it.
    :raises Objection.DoesNotExist: no such comment was put.
    :raises NotNow: it was replied to, its time is over, or nothing is said.
    """
    access.require_applicant(by, application_id)
    application = locked(application_id)
    put = application.objections.select_for_update().filter(put_at__isnull=False)
    comment = put.get(pk=objection_id)
    if application.outcome or comment.replied_at:
        raise NotNow("this comment was replied to, or the application is decided")
    if on > selectors.reply_due(application, comment):
        raise NotNow("the time to reply to this comment is over")
    if not text.strip():
        raise NotNow("a reply says something")
    comment.reply, comment.replied_at = text.strip(), timezone.now()
    comment.save(update_fields=["reply", "replied_at"])
    event = events.CommentAnswered(objection_id=comment.pk)
    ledger.record(event, subject=application, actor=application, on=on)
    return comment


@transaction.atomic
def appeal(*, application_id: int, text: str, by: Applicant, on: date) -> Appeal:
    """Appeal a refusal to the body that the edition names, once and in time.

    :raises PermissionDenied: ``by`` holds no link of it.
    :raises NotNow: it was not refused, there is no appeal, its time is over, or no ground is given.
    """
    access.require_applicant(by, application_id)
    application = locked(application_id)
    if selectors.course_of(application, on=on).stage is not Stage.REFUSED:
        raise NotNow("there is nothing to appeal, the time is over, or an appeal was filed")
    if not text.strip():
        raise NotNow("an appeal says why")
    made = Appeal.objects.create(
        application=application,
        text=text.strip(),
        refused_at=application.decided_at,
        filed_at=timezone.now(),
    )
    ledger.record(events.RefusalAppealed(), subject=application, actor=application, on=on)
    return made
