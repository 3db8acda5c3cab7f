"""Drafting and adopting editions."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from rulebooks import events
from rulebooks.models import Edition
from rulebooks.rules import document, edition


class NotADraft(ValueError):
    """Only a draft can be changed or adopted."""


@transaction.atomic
def draft_edition(*, text: str, by: User, on: date) -> Edition:
    """Keep ``text`` as a draft; a draft of the same code is replaced.

    :raises PermissionDenied: ``by`` may not draft editions.
    :raises document.Invalid: the text is no valid edition; it lists every problem with its place.
    :raises NotADraft: an edition of that code has been adopted.
    """
    access.require(by, Permission.EDITION_DRAFT)
    content = document.load(text, edition.Edition)
    digest = sha256(text.encode()).hexdigest()
    row = Edition.objects.select_for_update().filter(code=content.code).first()
    if row is not None and row.status != Edition.Status.DRAFT:
        raise NotADraft(f"edition {content.code} is {row.status}; give the new one another code")
    row = row or Edition(code=content.code)
    row.title, row.text, row.sha256 = content.title, text, digest
    row.in_force_from, row.drafted_at = content.in_force_from, timezone.now()
    row.save()
    ledger.record(
        events.EditionDrafted(edition=content.code, sha256=digest), subject=row, actor=by, on=on
    )
    return row


@transaction.atomic
def adopt_edition(*, edition_id: int, by: User, on: date) -> Edition:
    """Adopt a draft. From now on it can no longer be changed.

    :raises PermissionDenied: ``by`` may not adopt editions.
    :raises NotADraft: it has been adopted already.
    """
    access.require(by, Permission.EDITION_ADOPT)
    row = Edition.objects.select_for_update().get(pk=edition_id)
    if row.status != Edition.Status.DRAFT:
        raise NotADraft(f"edition {row.code} is {row.status}")
    row.status, row.adopted_at, row.adopted_by = Edition.Status.ADOPTED, timezone.now(), by
    row.save(update_fields=["status", "adopted_at", "adopted_by"])
    ledger.record(
        events.EditionAdopted(edition=row.code, sha256=row.sha256), subject=row, actor=by, on=on
    )
    return row
