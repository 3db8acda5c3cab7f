"""What members ask of the initiative about their own membership."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from members.models.membership import Member
from members.models.scopes import MemberScopedQuerySet


class ClassRequestQuerySet(MemberScopedQuerySet):
    def open(self) -> ClassRequestQuerySet:
        return self.filter(outcome="")


class ClassRequest(models.Model):
    """A member's wish to belong to another class or chamber from a day on."""

    class Outcome(models.TextChoices):
        OPEN = "", "Open"
        GRANTED = "granted", "Granted"
        DECLINED = "declined", "Declined"

    member = models.ForeignKey(Member, models.PROTECT, related_name="class_requests")
    member_class = models.CharField(max_length=40)
    chamber = models.CharField(max_length=40)
    from_on = models.DateField()
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ClassRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(outcome=""), name="class_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | Q(outcome__gt="", decided_at__isnull=False, decided_by__isnull=False),
                name="class_request_decided_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} asks for {self.member_class}"
