"""The record of drafts that were tried on what is stored."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission, allows
from governance.models import Seat

PAPER_READERS = (Permission.EDITION_SIMULATE, Permission.EDITION_READ_DRAFTS)


class SimulationQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> SimulationQuerySet:
        """Those who may simulate read every run; its paper is for whoever holds a seat, too."""
        if user.is_authenticated and allows(user.roles, Permission.EDITION_SIMULATE):
            return self.all()
        return self.none()


class Simulation(models.Model):
    """The record that a draft edition was simulated: parameters and counts, no member's outcome.

    ``counts`` are all that was counted; ``paper`` is what of it may be shown to others, None where
    only some members were asked about. A ``purpose`` is why somebody looked at names.
    """

    edition = models.CharField(max_length=40)  # the draft's code, and below the hash of its text
    sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    first_on = models.DateField()
    last_on = models.DateField()
    only = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # member codes
    purpose = models.TextField(blank=True)
    names_shown = models.BooleanField()
    counts = models.JSONField()
    paper = models.JSONField(null=True, blank=True)
    ran_at = models.DateTimeField()
    ran_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = SimulationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_on__lte=F("last_on")), name="simulation_of_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(names_shown=False) | ~Q(purpose=""),
                name="simulation_names_for_a_purpose",
            ),
            models.CheckConstraint(
                condition=Q(paper=None) | Q(only=[]), name="simulation_paper_about_all"
            ),
        ]
        indexes = [models.Index(fields=["edition", "id"], name="simulation_by_edition")]

    def __str__(self) -> str:
        return f"{self.edition}, {self.first_on} to {self.last_on}"

    def get_absolute_url(self) -> str:
        return reverse("suspensions:simulation", args=[self.pk])

    def paper_is_for(self, user: User | AnonymousUser) -> bool:
        """Whether ``user`` may read the paper: who reads drafts, and whoever sits on a body."""
        if not user.is_authenticated:
            return False
        if any(allows(user.roles, one) for one in PAPER_READERS):
            return True
        return Seat.objects.in_force(timezone.localdate()).filter(user=user).exists()
