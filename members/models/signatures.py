"""What a member signed, and the documents that prove who may sign for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from ledger.models import Entry
from members.models.membership import Mandate, Member
from members.models.scopes import MemberScopedQuerySet
from rulebooks.models import Edition


class MandateDocument(models.Model):
    """A document that proves a mandate: a power of attorney, an extract from a register.

    Its content is known by its SHA-256; a newer one is another row.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="documents")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    content = models.BinaryField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "sha256"], name="mandate_document_once_per_content"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="mandate_document_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.mandate_id} {self.sha256[:12]}"


class Signature(models.Model):
    """A signatory signed the exact text of one requirement, or of the deed, for a member.

    ``text_sha256`` is the hash of that text alone. ``signed_sha256`` covers all that was signed:
    the text with the deed's terms, the language it was read in, capacity, document and reservation;
    it is empty for signatures from before it was kept, which hold for their text.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="signatures")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    requirement = models.CharField(max_length=40)
    text_sha256 = models.CharField(max_length=64)
    deed_sha256 = models.CharField(max_length=64, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+")
    document = models.ForeignKey(
        MandateDocument, models.PROTECT, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=100)
    language = models.CharField(max_length=10, blank=True)
    reservation = models.TextField(blank=True)
    signed_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "requirement", "text_sha256"], name="signature_once_per_text"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} signed {self.requirement}"
