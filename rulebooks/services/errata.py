"""Recording that an adopted edition does not say what the legal text says."""

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
from rulebooks.models import Edition, Erratum
from rulebooks.rules import erratum as rules


class NoErratum(ValueError):
    """There is nothing to record: a draft is corrected, and a known mistake is known."""


@transaction.atomic
def record_erratum(
    *, edition_id: int, path: str, text_says: str, clause: str, by: User, on: date
) -> Erratum:
    """Record that an edition encodes ``clause`` wrongly at ``path``. Nothing else changes.

    Scores and decisions stand as they were taken; ``suspensions.selectors.touched`` lists them for
    review. A new edition, with ``corrects``, is in force from its own day on.

    :raises PermissionDenied: ``by`` may not draft editions.
    :raises NoSuchPlace: the edition has nothing at ``path``.
    :raises NoErratum: it is a draft, nothing is said of the text, or it is recorded already.
    """
    access.require(by, Permission.EDITION_DRAFT)
    row = Edition.objects.visible_to(by).select_for_update().get(pk=edition_id)
    if row.status == Edition.Status.DRAFT:
        raise NoErratum(f"{row.code} is a draft: correct it")
    if not text_says.strip() or not clause.strip():
        raise NoErratum("say what the legal text says, and at which clause")
    if row.errata.filter(path=path).exists():
        raise NoErratum(f"an erratum about {path} in {row.code} is recorded already")
    found = rules.encoded(row.document, path)
    erratum = Erratum.objects.create(
        edition=row,
        path=path,
        encoded=found,
        text_says=text_says.strip(),
        clause=clause.strip(),
        recorded_at=timezone.now(),
        recorded_by=by,
    )
    digest = sha256("\n".join((path, found, erratum.text_says, erratum.clause)).encode())
    event = events.ErratumRecorded(
        edition=row.code, erratum_id=erratum.pk, sha256=digest.hexdigest()
    )
    ledger.record(event, subject=row, actor=by, on=on)
    return erratum
