"""The legal text that a draft encodes, and the second person who compares the two."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import PurePosixPath

from django.db import transaction
from django.utils import timezone

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from rulebooks import events, selectors
from rulebooks.models import Countersignature, Edition, LegalText
from rulebooks.services.drafting import NotADraft

MOST_BYTES = 20_000_000


class NotTheText(ValueError):
    """The file is not the legal text that the draft names."""


class CannotCountersign(ValueError):
    """The draft cannot be countersigned by this person, or not yet."""


@transaction.atomic
def receive_legal_text(
    *, edition_id: int, name: str, content: bytes, by: User, on: date
) -> LegalText:
    """Keep the legal text that a draft names. The same file again changes nothing.

    :raises PermissionDenied: ``by`` may not draft editions.
    :raises NotADraft: the edition has been adopted, and names another text for good.
    :raises NotTheText: the draft names no legal text or one with another hash, or the file is
        empty, too large, or neither a PDF nor text in UTF-8.
    """
    access.require(by, Permission.EDITION_DRAFT)
    row = Edition.objects.visible_to(by).select_for_update().get(pk=edition_id)
    named = row.document.legal_text
    found = sha256(content).hexdigest()
    if named is None:
        raise NotTheText(
            f"the draft names no legal text; its SHA-256 is {found}: write it into the draft as "
            "legal_text.sha256, with the resolution and the body that adopted it"
        )
    if problem := named.mismatch(content):
        raise NotTheText(problem)
    if len(content) > MOST_BYTES:
        raise NotTheText(f"{len(content):,} bytes are too many; at most {MOST_BYTES:,}")
    text, created = LegalText.objects.get_or_create(
        sha256=found,
        defaults={
            "name": PurePosixPath(name.replace("\\", "/")).name[:200] or named.file,
            "media_type": _media_type(content),
            "content": content,
            "size": len(content),
            "received_at": timezone.now(),
            "received_by": by,
        },
    )
    if created:
        event = events.LegalTextReceived(edition=row.code, sha256=found, size=len(content))
        ledger.record(event, subject=text, actor=by, on=on)
    return text


def _media_type(content: bytes) -> str:
    if not content:
        raise NotTheText("the file is empty")
    if content.startswith(b"%PDF-"):
        return LegalText.MediaType.PDF
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise NotTheText("the file is neither a PDF nor text in UTF-8")
    return LegalText.MediaType.TEXT


@transaction.atomic
def countersign(
    *, edition_id: int, sha256: str, legal_sha256: str, by: User, on: date
) -> Countersignature:
    """Countersign a draft as a true encoding of its legal text, both known by what was read.

    It holds for these two texts: a later change of the draft voids it. Twice is once.

    :raises PermissionDenied: ``by`` may not countersign.
    :raises NotADraft: the edition has been adopted.
    :raises CannotCountersign: ``by`` wrote at the draft, its legal text is not here, or either
        text is no longer the one that was read.
    """
    access.require(by, Permission.EDITION_COUNTERSIGN)
    row = Edition.objects.visible_to(by).select_for_update().get(pk=edition_id)
    if row.status != Edition.Status.DRAFT:
        raise NotADraft(f"edition {row.code} is {row.status}")
    text = selectors.legal_text(row)
    if text is None:
        raise CannotCountersign("the legal text is not here yet; upload it, to compare the two")
    if (row.sha256, text.sha256) != (sha256, legal_sha256):
        raise CannotCountersign("the draft was changed since you opened it; read it again")
    if selectors.wrote_at(row, by):
        raise CannotCountersign("you wrote at this draft; a second person compares the two texts")
    signature, created = Countersignature.objects.get_or_create(
        edition=row,
        sha256=row.sha256,
        signed_by=by,
        defaults={"legal_sha256": text.sha256, "signed_at": timezone.now()},
    )
    if created:
        event = events.EditionCountersigned(
            edition=row.code, sha256=row.sha256, legal_sha256=text.sha256
        )
        ledger.record(event, subject=row, actor=by, on=on)
    return signature
