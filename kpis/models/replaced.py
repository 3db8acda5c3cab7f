"""Provisional cards that were scored anew, kept as they were shown."""

from __future__ import annotations

from django.db import models

from kpis.models.scores import ScoreRun
from members.models import Member, MemberScopedQuerySet


class ReplacedCard(models.Model):
    """A card of a run before its member was scored anew. Published cards are never replaced.

    ``contest_until`` is the last day on which the member may contest what came in its place; None
    where the run had not been shown.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    run = models.ForeignKey(ScoreRun, models.PROTECT, related_name="replaced")
    card = models.TextField()
    inputs = models.TextField()
    digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    replaced_at = models.DateTimeField()
    contest_until = models.DateField(null=True, blank=True)

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["run", "member"], name="replaced_card_of_run")]

    def __str__(self) -> str:
        return f"{self.member} in run {self.run_id}, before {self.replaced_at:%Y-%m-%d}"
