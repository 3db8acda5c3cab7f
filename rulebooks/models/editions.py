"""Editions of the rulebook, as they were adopted."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.rules import Permission, allows
from ledger.models import Entry
from rulebooks.rules import document, edition

MOST_DOCUMENTS = 64
DOCUMENTS: dict[str, edition.Edition] = {}


class EditionQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> EditionQuerySet:
        """Adopted editions are public; drafts are for those who write, compare or decide them."""
        if user.is_authenticated and allows(user.roles, Permission.EDITION_READ_DRAFTS):
            return self.all()
        return self.adopted()

    def adopted(self) -> EditionQuerySet:
        return self.exclude(status=Edition.Status.DRAFT)


class Edition(models.Model):
    """One dated version of the rulebook. A trigger keeps an adopted one from being changed."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ADOPTED = "adopted", "Adopted"
        SUPERSEDED = "superseded", "Superseded"

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    in_force_from = models.DateField()
    drafted_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="editions_adopted"
    )
    decision = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", adopted_at=None, adopted_by=None)
                | ~Q(status="draft") & Q(adopted_at__isnull=False, adopted_by__isnull=False),
                name="edition_adopted_at_and_by_together",
            ),
            models.UniqueConstraint(
                fields=["in_force_from"],
                condition=~Q(status="draft"),
                name="edition_one_takes_effect_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def document(self) -> edition.Edition:
        """The parsed document, kept for this process under the hash of its text.

        A row that was read without its text reads it only when it has to be parsed.
        """
        found = DOCUMENTS.get(self.sha256)
        if found is None:
            if len(DOCUMENTS) >= MOST_DOCUMENTS:
                DOCUMENTS.clear()
            found = DOCUMENTS[self.sha256] = document.load(self.text, edition.Edition)
        return found
