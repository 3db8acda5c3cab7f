"""What is done with an application before it is decided: matched, checked, commented on."""

from __future__ import annotations

from datetime import date

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events, selectors
from members.models import (
    Application,
    DiligenceCheck,
    Member,
    Objection,
    Organisation,
    TieDeclaration,
)
from members.services import letters
from members.services.mandates import register_organisation
from members.services.places import require_free
from members.services.received import Received, read_file
from rulebooks.rules.joining.market import SAME_GROUP, marks


class NotForYou(ValueError):
    """Who has a tie to the applicant, or has not said that there is none, does not check it."""


class NotNow(ValueError):
    """The application is at another stage, or what was sent is not what is asked."""


@transaction.atomic
def match(
    *, application_id: int, organisation: Organisation | None, by: User, on: date
) -> Application:
    """Say which organisation the applicant is; None registers it as a new one.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises NotNow: it is decided, or one with the number that it gave is registered.
    :raises NotOpen: the organisation is a member, has an open application, or still has to wait.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    application = _open(application_id, by)
    if organisation is None:
        organisation = _registered(application, by=by, on=on)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    require_free(organisation, application.admission, on=on, besides=application)
    application.organisation = organisation
    application.save(update_fields=["organisation"])
    event = events.ApplicantMatched(organisation_id=organisation.pk)
    ledger.record(event, subject=application, actor=by, on=on)
    return application


def _registered(application: Application, *, by: User, on: date) -> Organisation:
    """Register the applicant as a new organisation, under the number that it gave."""
    number = application.content.get("number", "").strip()
    if number and Organisation.objects.filter(identifier__iexact=number).exists():
        raise NotNow(f"an organisation with the number {number} is registered; choose that one")
    return register_organisation(
        name=application.name,
        sort=application.sort or Organisation.Sort.OTHER,
        country=application.country,
        identifier=number,
        by=by,
        on=on,
    )


def _open(application_id: int, by: User) -> Application:
    rows = Application.objects.visible_to(by).select_for_update(of=("self",))
    application = rows.select_related("edition", "organisation").get(pk=application_id)
    if application.outcome:
        raise NotNow(f"the application of {application.name} is {application.outcome}")
    return application


@transaction.atomic
def declare_tie(
    *, application_id: int, has_tie: bool, text: str, by: User, on: date
) -> TieDeclaration:
    """Say whether ``by`` has a tie to the applicant. Who has one does not check it.

    Said twice, it is said once.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises NotNow: it is decided, or a tie is declared and not described.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    application = _open(application_id, by)
    if has_tie and not text.strip():
        raise NotNow("say what the tie is: work, family, ownership or money")
    last = application.ties.filter(user=by).order_by("-pk").first()
    if last is not None and (last.has_tie, last.text) == (has_tie, text.strip()):
        return last
    made = TieDeclaration.objects.create(
        application=application,
        user=by,
        has_tie=has_tie,
        text=text.strip(),
        declared_at=timezone.now(),
    )
    event = events.TieDeclared(has_tie=has_tie)
    ledger.record(event, subject=application, actor=by, on=on)
    return made


@transaction.atomic
def check(
    *, application_id: int, item: str, result: str, finding: str, by: User, on: date
) -> DiligenceCheck:
    """Record what looking into one item of the due diligence found; the last finding counts.

    The same finding twice in a row is one.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises NotForYou: ``by`` has a tie to the applicant, or has not said that there is none.
    :raises NotNow: it is decided, the edition has no such item, or no finding is stated.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    application = _open(application_id, by)
    require_no_tie(application, by)
    admission = application.admission
    if item not in {one.code for one in (admission.due_diligence if admission else ())}:
        raise NotNow(f"the edition asks for no check {item}")
    if not finding.strip():
        raise NotNow("a check states what was found and where")
    last = application.checks.filter(item=item).order_by("-pk").first()
    found = (by.pk, on, result, finding.strip())
    if last and (last.checked_by_id, last.checked_on, last.result, last.finding) == found:
        return last
    made = DiligenceCheck.objects.create(
        application=application,
        item=item,
        result=DiligenceCheck.Result(result),
        finding=finding.strip(),
        checked_on=on,
        checked_by=by,
        made_at=timezone.now(),
    )
    event = events.ApplicationChecked(item=item, result=made.result)
    ledger.record(event, subject=application, actor=by, on=on)
    return made


def require_no_tie(application: Application, by: User) -> None:
    """Refuse whoever belongs to the applicant, declared a tie, or has not declared that none is.

    :raises NotForYou: saying which.
    """
    why = selectors.tie_of(application, by)
    if why:
        raise NotForYou(why)


@transaction.atomic
def object_to(
    *,
    application_id: int,
    member: Member,
    criterion: str,
    text: str,
    evidence: str,
    file: File | None,
    competitor: bool,
    by: User,
    on: date,
) -> Objection:
    """Comment on an application for a member: about a criterion, with evidence, in the window.

    ``competitor`` is what the member says of itself; the edition's own rule is asked too, and
    whether it is of the applicant's corporate group. A comment is no vote: one of a member on a
    criterion is all there is.

    :raises PermissionDenied: ``by`` may not comment for the member.
    :raises NotNow: the window is over, there is no such criterion, evidence is missing, or the
        member commented on it before.
    :raises BadFile: the file is empty or too large.
    """
    access.require(by, Permission.APPLICATION_COMMENT, member=member)
    rows = Application.objects.select_for_update(of=("self",))
    application = rows.select_related("edition", "organisation").get(pk=application_id)
    _require_window(application, member, on)
    said = application.admission
    if criterion not in {one.code for one in said.criteria}:
        raise NotNow("a comment is about one of the criteria of admission")
    received = read_file(file) if file else None
    if not text.strip() or not (evidence.strip() or received):
        raise NotNow("a comment says what is so, and carries evidence: a text or a file")
    if application.objections.filter(member=member, criterion=criterion).exists():
        raise NotNow("the member has commented on this criterion; that comment counts")
    grounds = marks(
        said.objections.competitors,
        selectors.standing_of_member(member, on=on),
        selectors.standing_of_applicant(application, on=on),
        declared=competitor,
    )
    made = Objection.objects.create(
        member=member,
        application=application,
        criterion=criterion,
        text=text.strip(),
        evidence=evidence.strip(),
        competitor=bool(set(grounds) - {SAME_GROUP}),
        declared=competitor,
        grounds=list(grounds),
        made_at=timezone.now(),
        made_by=by,
        **_file(received),
    )
    event = events.ApplicationCommented(
        member=member.code, criterion=criterion, competitor=made.competitor
    )
    ledger.record(event, subject=application, actor=by, on=on)
    return made


def _file(received: Received | None) -> dict[str, object]:
    if received is None:
        return {}
    return {
        "file_name": received.name,
        "file_sha256": received.sha256,
        "file_content": received.content,
    }


def _require_window(application: Application, member: Member, on: date) -> None:
    if application.filed_at is None or application.outcome:
        raise NotNow("there is no open application of that number")
    if member.organisation_id == application.organisation_id:
        raise NotNow("a member does not comment on its own application")
    running = {clock.code for clock in selectors.course_of(application, on=on).clocks}
    if "objections" not in running:
        raise NotNow("the time to comment on this application is over")


@transaction.atomic
def put_to_applicant(*, objection_id: int, substance: str, by: User, on: date) -> Objection:
    """Put a comment to the applicant in substance, without saying whose it is.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises NotForYou: ``by`` has a tie to the applicant, or has not said that there is none.
    :raises NotNow: it was put before, nothing is said, or it names the member that commented.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    comment = (
        Objection.objects.visible_to(by).select_related("member__organisation").get(pk=objection_id)
    )
    application = _open(comment.application_id, by)
    comment = Objection.objects.visible_to(by).select_for_update(of=("self",)).get(pk=objection_id)
    require_no_tie(application, by)
    if comment.put_at:
        raise NotNow("this comment was put to the applicant already")
    if not substance.strip():
        raise NotNow("write the substance of the comment for the applicant")
    if comment.member.name.casefold() in substance.casefold() or comment.member.code in substance:
        raise NotNow("the text names the member that commented; leave its name out")
    comment.substance, comment.put_at, comment.put_by = substance.strip(), timezone.now(), by
    comment.save(update_fields=["substance", "put_at", "put_by"])
    event = events.CommentPut(objection_id=comment.pk)
    ledger.record(event, subject=application, actor=by, on=on)
    letters.queue_to_applicant(
        "application-comment",
        application=application,
        key=f"{application.code}:{comment.pk}",
        context={
            "substance": comment.substance,
            "reply_by": selectors.reply_due(application, comment),
        },
    )
    return comment
