"""Applying with an account, and leaving."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events
from members.models import Application, Member, Organisation
from members.services.facts import state
from members.services.places import NotOpen, require_free, require_open, require_place
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts


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
    """File an application under the edition in force on ``on``, for a class without further steps.

    :raises PermissionDenied: ``by`` does not belong to the organisation and may not file for it.
    :raises NotOpen: the edition has no such class, it is not open to that chamber or on that day,
        it asks for more than this, or the organisation is a member, applies already or must wait.
    :raises rulebooks.NoEdition: no edition is in force.
    """
    _require_belonging(by, organisation)
    edition = rulebooks.edition_in_force(on)
    require_place(edition.document, member_class, chamber)
    require_open(edition.document, member_class, on=on)
    admission = edition.document.admission_to(member_class, on=on)
    if admission is not None:
        raise NotOpen(f"class {member_class} is applied for on the public form, which asks more")
    require_free(organisation, admission, on=on)
    now = timezone.now()
    application = Application.objects.create(
        organisation=organisation,
        name=organisation.name,
        sort=organisation.sort,
        country=organisation.country,
        edition=edition,
        member_class=member_class,
        chamber=chamber,
        statement=statement,
        started_at=now,
        saved_at=now,
        filed_at=now,
        filer=by,
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
def leave(*, member: Member, by: User, on: date) -> None:
    """End a membership on ``on``, the first day without it. Open cases go on.

    :raises PermissionDenied: ``by`` may not manage members.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    entry = ledger.record(events.MemberLeft(member=member.code), subject=member, actor=by, on=on)
    state(facts.MemberLeft(), member=member, about_on=on, entry=entry)
