"""Reporting periods, and the extensions granted in them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from members.models import Member, MemberScopedQuerySet
from rulebooks.models import Edition


class PeriodQuerySet(models.QuerySet):
    def open(self, on: date) -> PeriodQuerySet:
        """Those whose window, late window included, is open on a day."""
        return self.filter(opens_on__lte=on, late_until__gte=on)

    def begun(self, on: date) -> PeriodQuerySet:
        return self.filter(opens_on__lte=on)


class Period(models.Model):
    """A reporting period of the calendar, under the edition that governs it. All days inclusive."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="periods")
    about_from = models.DateField()
    about_until = models.DateField()
    opens_on = models.DateField()
    due_on = models.DateField()
    late_until = models.DateField()

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


class Extension(models.Model):
    """A member may file its return for a period until another day."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="extensions")
    period = models.ForeignKey(Period, models.PROTECT, related_name="extensions")
    until_on = models.DateField()
    reason = models.TextField()
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "period"], name="extension_once_per_period"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.period_id} until {self.until_on}"
