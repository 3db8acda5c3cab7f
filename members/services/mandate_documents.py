"""Documents that prove who may sign for a member."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events
from members.models import Mandate, MandateDocument

LARGEST = 5 * 1024 * 1024  # bytes
BEGINS = b"%PDF-"


class CannotLodge(ValueError):
    """The file is no PDF, is empty or too large, or the mandate has ended."""


@transaction.atomic
def lodge_mandate_document(
    *, mandate_id: int, content: bytes, by: User, on: date
) -> MandateDocument:
    """Keep a PDF that proves a signatory's mandate; the same file twice is one document.

    :raises PermissionDenied: ``by`` neither manages members nor signs for this one.
    :raises Mandate.DoesNotExist: ``by`` cannot see such a mandate.
    :raises CannotLodge: the file is no PDF or too large, or the mandate is not in force.
    """
    mandate = Mandate.objects.visible_to(by).select_related("member").get(pk=mandate_id)
    _require_may_lodge(by, mandate)
    if not Mandate.objects.in_force(on).filter(pk=mandate.pk).exists():
        raise CannotLodge("the mandate is not in force; a new one needs its own document")
    if not content.startswith(BEGINS):
        raise CannotLodge("the file is no PDF; scan or print the document as PDF")
    if len(content) > LARGEST:
        raise CannotLodge(f"the file has {len(content)} bytes; {LARGEST} (5 MB) are allowed")
    document, created = MandateDocument.objects.get_or_create(
        mandate=mandate,
        sha256=sha256(content).hexdigest(),
        defaults={
            "member": mandate.member,
            "size": len(content),
            "content": content,
            "received_at": timezone.now(),
            "received_by": by,
        },
    )
    if created:
        event = events.MandateDocumentLodged(
            member=mandate.member.code, mandate_id=mandate.pk, sha256=document.sha256
        )
        ledger.record(event, subject=document, actor=by, on=on)
    return document


def _require_may_lodge(by: User, mandate: Mandate) -> None:
    if not access.can(by, Permission.MEMBER_MANAGE):
        access.require(by, Permission.REQUIREMENT_SIGN, member=mandate.member)
