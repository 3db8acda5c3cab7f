"""Applying, being admitted or refused, leaving."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events, selectors
from members.models import Application, Member, Organisation
from members.services.facts import state
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts


class NotOpen(ValueError):
    """The class or chamber is not open to applicants, or the application is decided already."""


@transaction.atomic
def file_application(
    *,
    organisation: Organisation,
    member_class: str,
    chamber: str,
    statement: str,
    by: User,
    on: date,
) -> Application:
    """File an application under the edition in force on ``on``.

    :raises PermissionDenied: ``by`` does not belong to the organisation and may not file for it.
    :raises NotOpen: the edition has no such class, or the class is not open to that chamber.
    :raises rulebooks.NoEdition: no edition is in force.
    """
    _require_belonging(by, organisation)
    edition = rulebooks.edition_in_force(on)
    classes = {c.code: c for c in edition.document.classes}
    if member_class not in classes:
        raise NotOpen(f"there is no class {member_class}; choose one of {', '.join(classes)}")
    if chamber not in classes[member_class].chambers:
        open_to = ", ".join(classes[member_class].chambers)
        raise NotOpen(f"class {member_class} is open to {open_to}, not to {chamber}")
    if Member.objects.filter(organisation=organisation).exists():
        raise NotOpen(f"{organisation} is a member already")
    if organisation.applications.open().exists():
        raise NotOpen(f"{organisation} has an application that is not yet decided")
    application = Application.objects.create(
        organisation=organisation,
        edition=edition,
        member_class=member_class,
        chamber=chamber,
        statement=statement,
        filed_at=timezone.now(),
        filed_by=by,
    )
    event = events.ApplicationFiled(
        edition=edition.code, member_class=member_class, chamber=chamber
    )
    ledger.record(event, subject=application, actor=by, on=on)
    return application


def _require_belonging(by: User, organisation: Organisation) -> None:
    if not organisation.affiliations.filter(user=by).exists():
        access.require(by, Permission.APPLICATION_FILE)


@transaction.atomic
def admit(*, application_id: int, by: User, on: date) -> Member:
    """Admit an applicant in the class and chamber applied for, from ``on``.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises NotOpen: it was decided already.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    application = _decide(application_id, Application.Outcome.ADMITTED, "", by)
    member = Member.objects.create(
        code=selectors.next_code(),
        organisation=application.organisation,
        member_class=application.member_class,
        chamber=application.chamber,
        admitted_on=on,
    )
    event = events.MemberAdmitted(
        member=member.code, member_class=member.member_class, chamber=member.chamber
    )
    entry = ledger.record(event, subject=member, actor=by, on=on)
    what = facts.MemberAdmitted(member_class=member.member_class, chamber=member.chamber)
    state(what, member=member, about_on=on, entry=entry)
    return member


@transaction.atomic
def refuse(*, application_id: int, reason: str, by: User, on: date) -> Application:
    """Refuse an applicant, with the reason.

    :raises PermissionDenied: ``by`` may not decide on applications.
    :raises NotOpen: it was decided already.
    :raises ValueError: no reason is given.
    """
    access.require(by, Permission.APPLICATION_DECIDE)
    if not reason.strip():
        raise ValueError("a refusal names the criterion that is not met")
    application = _decide(application_id, Application.Outcome.REFUSED, reason.strip(), by)
    ledger.record(events.ApplicationRefused(), subject=application, actor=by, on=on)
    return application


def _decide(application_id: int, outcome: str, reason: str, by: User) -> Application:
    application = (
        Application.objects.visible_to(by).select_for_update(of=("self",)).get(pk=application_id)
    )
    if application.outcome:
        raise NotOpen(f"the application of {application.organisation} is {application.outcome}")
    application.outcome, application.reason = outcome, reason
    application.decided_at, application.decided_by = timezone.now(), by
    application.save(update_fields=["outcome", "reason", "decided_at", "decided_by"])
    return application


@transaction.atomic
def leave(*, member: Member, by: User, on: date) -> None:
    """End a membership on ``on``, the first day without it. Open cases go on.

    :raises PermissionDenied: ``by`` may not manage members.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    entry = ledger.record(events.MemberLeft(member=member.code), subject=member, actor=by, on=on)
    state(facts.MemberLeft(), member=member, about_on=on, entry=entry)
