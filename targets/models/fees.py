"""Fees: what was invoiced and what came in. The payment itself is made elsewhere."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from ledger.models import Entry
from members.models import Member, MemberScopedQuerySet
from rulebooks.models import Edition

PLACES = {"max_digits": 16, "decimal_places": 2}


class InvoiceQuerySet(MemberScopedQuerySet):
    def with_paid(self) -> InvoiceQuerySet:
        """Annotate ``paid``, the sum of what came in so far."""
        money = models.DecimalField(**PLACES)
        return self.annotate(paid=Coalesce(Sum("payments__amount"), 0, output_field=money))


class Invoice(models.Model):
    """What a member owes as a fee for a year, and how that came about."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="invoices")
    code = models.CharField(max_length=80, unique=True)  # stands in the record
    obligation = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    amount = models.DecimalField(**PLACES)
    currency = models.CharField(max_length=3)
    how = models.TextField()
    clause = models.CharField(max_length=200)
    issued_on = models.DateField()
    due_on = models.DateField()
    settled_on = models.DateField(null=True, blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "obligation", "year"], name="invoice_once_a_year"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="invoice_not_below_zero"),
        ]
        indexes = [models.Index(fields=["due_on", "id"], name="invoice_by_due_day")]

    def __str__(self) -> str:
        return self.code


class Payment(models.Model):
    """Money that came in for an invoice, as the secretariat recorded it."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="payments")
    member = models.ForeignKey(Member, models.PROTECT, related_name="payments")
    amount = models.DecimalField(**PLACES)
    paid_on = models.DateField()
    reference = models.CharField(max_length=100)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "reference"], name="payment_recorded_once_by_reference"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.invoice}"
