"""What auditors made of the values in returns."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from kpis.models.returns import Return, Value
from members.models import Member, MemberScopedQuerySet
from rulebooks.rules.answers import Answer, counts_of
from rulebooks.rules.answers import State as AnswerState


class VerificationQuerySet(MemberScopedQuerySet):
    def of_return(self, of_return: Return) -> VerificationQuerySet:
        return self.filter(value__of_return=of_return)

    def latest(self) -> VerificationQuerySet:
        """The newest word on each value."""
        return self.order_by("value", "-pk").distinct("value")


class Verification(models.Model):
    """The word of an auditor, or of the secretariat, on one value.

    A later word stands beside the earlier one and counts.
    """

    class Outcome(models.TextChoices):
        VERIFIED = "verified", "Verified"
        ADJUSTED = "adjusted", "Adjusted"
        UNSUPPORTED = "unsupported", "Unsupported"
        APPROVED = "approved", "Does not apply: approved"
        REFUSED = "refused", "Does not apply: refused"
        JUDGED = "judged", "Judged"

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    value = models.ForeignKey(Value, models.PROTECT, related_name="verifications")
    outcome = models.CharField(max_length=12, choices=Outcome)
    number = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    numerator = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    denominator = models.DecimalField(max_digits=36, decimal_places=12, null=True, blank=True)
    labels = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    counts = models.JSONField(default=dict, blank=True)  # severity → how many
    reason = models.TextField(blank=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = VerificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="verified") | ~Q(reason=""),
                name="verification_gives_reasons_unless_verified",
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: value {self.value_id}"

    @property
    def answer(self) -> Answer:
        """The value that counts instead; only of an adjusted or judged one."""
        numbers = (self.number, self.numerator, self.denominator)
        counts = counts_of(self.counts)
        return Answer(AnswerState.ANSWERED, *numbers, tuple(self.labels), counts)
