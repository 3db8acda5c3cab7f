"""Why somebody judged or found what they recorded about a member."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from members.models import Fact, Member
from suspensions.models.cases import FollowUpQuerySet


class Reason(models.Model):
    """The reasons for a judgement, a finding, or the closing of one. Never changed.

    What was judged or found is the fact; the reasons may name people, so the record lacks them.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    fact = models.OneToOneField(Fact, models.PROTECT, related_name="reason")
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reason_has_text")]

    def __str__(self) -> str:
        return f"{self.fact.key} of {self.member}"

    def get_absolute_url(self) -> str:
        return reverse("suspensions:records", args=[self.member.code])
