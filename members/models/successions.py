"""Which member answers for one that became part of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from ledger.models import Entry
from members.models.membership import Member
from members.models.scopes import DatedQuerySet, MemberScopedQuerySet


class SuccessionQuerySet(DatedQuerySet, MemberScopedQuerySet):
    pass


class Succession(models.Model):
    """From a day on another member answers for this one: in open cases, for what is still owed.

    With ``history`` the people of the other read this one's record as their own.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Member, models.PROTECT, related_name="predecessors")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    history = models.BooleanField()
    reasons = models.TextField(blank=True)  # for what the edition leaves to choose
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(until_on=None), name="succession_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(member=F("successor")), name="succession_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.successor} for {self.member}"
