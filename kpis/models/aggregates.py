"""How all members came out together in a period, as it may be shown."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import User
from kpis.models.scores import ScoreRun
from targets.models import Period


class AggregateQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> AggregateQuerySet:
        """What is public to all, what is for members and bodies to whoever is signed in."""
        if user.is_authenticated:
            return self.all()
        return self.filter(public=True)

    def latest(self) -> AggregateQuerySet:
        """The table of each period that was drawn last."""
        return self.order_by("period", "-pk").distinct("period")


class Aggregate(models.Model):
    """Members by band, along the edition's fixed lines, held to the rule of disclosure.

    ``table`` has what may be shown and nothing else: ``columns`` of bands, ``total`` and ``rows``,
    each with its counts or none. It was drawn from the scores that stood when ``run`` was
    published, and is never changed; a later table of the period is another row. ``placed`` is the
    hash of what each member was counted along.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="aggregates")
    run = models.OneToOneField(ScoreRun, models.PROTECT, related_name="aggregate")
    table = models.JSONField()
    placed = models.CharField(max_length=64, blank=True)
    public = models.BooleanField()
    drawn_on = models.DateField()
    drawn_at = models.DateTimeField()

    objects = AggregateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(table__has_keys=["columns", "total", "rows"]),
                name="aggregate_has_its_table",
            )
        ]

    def __str__(self) -> str:
        return f"{self.period}, drawn on {self.drawn_on}"
