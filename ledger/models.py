"""The append-only record, and the work that each entry starts."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL

from ledger import rules


class TransactionIdField(models.Field):
    """PostgreSQL's ``xid8``: the 64-bit number of the transaction that wrote the row."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else str(value)


class Entry(models.Model):
    """One act. Subject and actor are plain text, so that the record outlives what it describes.

    A trigger and the grants of the web role refuse UPDATE, DELETE and TRUNCATE.
    """

    event = models.CharField(max_length=80)  # "app.noun.verbed"
    subject = models.CharField(max_length=80)  # "app.Model:pk"
    actor = models.CharField(max_length=80)  # "accounts.User:pk"
    effective_on = models.DateField()
    data = models.JSONField()
    recorded_at = models.DateTimeField()
    tx = TransactionIdField(db_default=RawSQL("pg_current_xact_id()", ()), editable=False)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="entry_by_subject"),
            models.Index(fields=["event", "id"], name="entry_by_event"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="entry_digest_is_sha256",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.event} {self.subject}"

    def canonical_fields(self) -> dict[str, Any]:
        """Return what the digest covers. Neither the number of the row nor of the transaction."""
        return {
            "event": self.event,
            "subject": self.subject,
            "actor": self.actor,
            "effective_on": self.effective_on.isoformat(),
            "data": self.data,
            "recorded_at": self.recorded_at.isoformat(),
        }

    def expected_digest(self) -> str:
        return rules.digest(self.canonical_fields())


class DueQuerySet(models.QuerySet):
    def open(self) -> DueQuerySet:
        return self.filter(done_at=None)


class Due(models.Model):
    """One reaction that an entry started, until it is done."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="due")
    reaction = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    not_before = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "due"
        constraints = [
            models.UniqueConstraint(fields=["entry", "reaction"], name="due_once_per_reaction")
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(done_at=None),
                name="due_still_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reaction} for #{self.entry_id}"
