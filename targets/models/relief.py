"""More time, exemptions, and what was told to everybody."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from members.models import Member, MemberScopedQuerySet
from targets.models.periods import Period


class Extension(models.Model):
    """A member may file a return, or do what else it owes, until another day.

    ``key`` is the period's code, or ``obligation:about`` where there is no period. ``kind`` is the
    edition's word for it.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="extensions")
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=40, blank=True)
    period = models.ForeignKey(Period, models.PROTECT, related_name="extensions", null=True)
    until_on = models.DateField()
    reason = models.TextField()
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="extension_once_per_key"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.key} until {self.until_on}"


class Exemption(models.Model):
    """A member owes nothing that falls due under an obligation for a while, and why."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="exemptions")
    key = models.CharField(max_length=100)
    from_on = models.DateField()
    until_on = models.DateField()
    approver = models.CharField(max_length=200)
    clause = models.CharField(max_length=200)
    reason = models.TextField()
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__lte=F("until_on")), name="exemption_days_in_order"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: exempt from {self.key} until {self.until_on}"


class Circular(models.Model):
    """What the initiative told all members about its calendar: days, a pause, an outage."""

    class Sort(models.TextChoices):
        ANNOUNCED = "announced", "Days announced"
        CANCELLED = "cancelled", "Period cancelled"
        MORATORIUM = "moratorium", "Moratorium"
        MORATORIUM_ENDED = "moratorium_ended", "End of a moratorium"
        OUTAGE = "outage", "Outage"

    sort = models.CharField(max_length=20, choices=Sort)
    key = models.CharField(max_length=100)
    on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    reason = models.TextField()
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="circular_has_a_reason"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(on__lte=F("until_on")),
                name="circular_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()}: {self.key}"
