"""Mistakes found in adopted editions."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User
from rulebooks.models.editions import Edition
from rulebooks.rules.erratum import Rests, resting_on


class ErratumQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> ErratumQuerySet:
        """Errata are as public as the edition that they speak of."""
        return self.filter(edition__in=Edition.objects.visible_to(user))


class Erratum(models.Model):
    """An adopted edition says at ``path`` something else than the legal text does.

    The edition stays as it is; a later one ``corrects`` it. A trigger keeps the erratum as it was
    recorded.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="errata")
    path = models.CharField(max_length=200)
    encoded = models.TextField()
    text_says = models.TextField()
    clause = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ErratumQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "path"], name="erratum_once_per_field"),
        ]

    def __str__(self) -> str:
        return f"{self.edition.code}: {self.path}"

    @property
    def rests(self) -> frozenset[Rests]:
        """The kinds of acts that may rest on the mistake."""
        return resting_on(self.path)
