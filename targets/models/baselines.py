"""Baselines of collective targets that were worked out anew."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from ledger.models import Entry
from rulebooks.models import Edition
from targets.models.promises import NUMBER, REASONS
from targets.rules.baselines import change_in_percent


class NewBaseline(models.Model):
    """The baseline of a target of an edition, worked out anew: why, what shows it, by how much.

    It never changes. ``number`` counts those of one target; ``before`` is the value of the one
    before, of the first that of the edition. ``above_percent`` is the edition's threshold.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="new_baselines")
    target = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    before = models.DecimalField(**NUMBER)
    value = models.DecimalField(**NUMBER)
    because = models.CharField(max_length=20, choices=REASONS)
    evidence = models.TextField()
    above_percent = models.DecimalField(**NUMBER)
    clause = models.CharField(max_length=200)
    taken_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "target", "number"], name="new_baseline_once_per_number"
            ),
            models.CheckConstraint(
                condition=~Q(value=F("before")), name="new_baseline_is_another_value"
            ),
            models.CheckConstraint(
                condition=~Q(evidence="") & ~Q(because=""), name="new_baseline_rests_on_evidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.value.normalize():f} instead of {self.before.normalize():f}"

    @property
    def change(self) -> Decimal | None:
        """By how many percent it moved; None from a baseline of nothing."""
        return change_in_percent(self.before, self.value)
