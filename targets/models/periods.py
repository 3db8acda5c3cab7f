"""Reporting periods."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from rulebooks.models import Edition


class PeriodQuerySet(models.QuerySet):
    def open(self, on: date) -> PeriodQuerySet:
        """Those whose window, late window included, is open on a day."""
        return self.filter(opens_on__lte=on, late_until__gte=on)

    def begun(self, on: date) -> PeriodQuerySet:
        return self.filter(opens_on__lte=on)

    def of_all(self) -> PeriodQuerySet:
        """Those of all members, rather than on days of a member's own."""
        return self.filter(is_own=False)


class Period(models.Model):
    """A reporting period of the calendar, under the edition that governs it. All days inclusive.

    ``rule`` is what the edition calls it. One that falls due on days of a member's own
    (``is_own``) is shared by all for whom it is due that day.
    """

    code = models.CharField(max_length=40, unique=True)
    rule = models.CharField(max_length=40)
    name = models.CharField(max_length=240)
    is_own = models.BooleanField(default=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="periods")
    about_from = models.DateField()
    about_until = models.DateField()
    opens_on = models.DateField()
    due_on = models.DateField()
    late_until = models.DateField()
    evidence_until = models.DateField(null=True, blank=True)
    sanctions_on = models.DateField(null=True, blank=True)
    publication_on = models.DateField(null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("due_on")) & Q(due_on__lte=F("late_until")),
                name="period_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.name
