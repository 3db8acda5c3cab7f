"""What members say against provisional scores, and what they were answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from kpis.models.scores import Scorecard, ScoreRun
from members.models import Member, MemberScopedQuerySet


class ContestQuerySet(MemberScopedQuerySet):
    def open(self) -> ContestQuerySet:
        return self.filter(outcome="")


class Contest(models.Model):
    """A member's word against one part of its provisional card, and the secretariat's answer.

    ``of`` is the KPI or node contested, empty for the card as a whole. ``digest`` is that of the
    card as it was contested: a provisional card that is scored anew has another.
    """

    class Outcome(models.TextChoices):
        OPEN = "", "Not answered"
        UPHELD = "upheld", "Upheld: it is put right"
        REJECTED = "rejected", "Rejected: the score stands"
        WITHDRAWN = "withdrawn", "Withdrawn"

    member = models.ForeignKey(Member, models.PROTECT, related_name="contests")
    run = models.ForeignKey(ScoreRun, models.PROTECT, related_name="contests")
    digest = models.CharField(max_length=64)
    of = models.CharField(max_length=40, blank=True)
    reasons = models.TextField()
    filed_on = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ContestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "member", "of"],
                condition=Q(outcome=""),
                name="contest_one_open_of_a_part",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at=None, answered_by=None)
                | ~Q(outcome="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="contest_answered_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "withdrawn"]) | ~Q(answer=""),
                name="contest_answered_with_reasons",
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="contest_has_reasons"),
        ]
        indexes = [
            models.Index(fields=["run"], condition=Q(outcome=""), name="contest_open_by_run")
        ]

    def __str__(self) -> str:
        return f"{self.member} contests {self.of or 'the score'}"

    def card(self) -> Scorecard:
        """Return the card as it is now; scored anew since, it has another digest."""
        return self.run.cards.select_related("period", "edition", "run").get(member=self.member_id)

    @property
    def asks(self) -> str:
        """What is contested, as the edition calls it."""
        edition = self.run.edition.document
        part = edition.tree.kpis.get(self.of) or edition.tree.nodes.get(self.of)
        return part.title if part else "the score as a whole"
