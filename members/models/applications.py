"""Applications for membership."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.rules import Permission, allows
from members.models.organisations import Organisation
from rulebooks.models import Edition


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> ApplicationQuerySet:
        """All for those who decide on them; else those of the user's own organisations."""
        if not user.is_authenticated:
            return self.none()
        if allows(user.roles, Permission.APPLICATION_DECIDE):
            return self.all()
        return self.filter(organisation__affiliations__user=user)

    def open(self) -> ApplicationQuerySet:
        return self.filter(decided_at=None)


class Application(models.Model):
    """An organisation's wish to become a member, in a class and chamber."""

    class Outcome(models.TextChoices):
        OPEN = "", "Open"
        ADMITTED = "admitted", "Admitted"
        REFUSED = "refused", "Refused"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="applications")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    member_class = models.CharField(max_length=40)
    chamber = models.CharField(max_length=40)
    statement = models.TextField(blank=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    reason = models.TextField(blank=True)  # a refusal names its criterion
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(decided_at=None),
                name="application_one_open_per_organisation",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | ~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="application_decided_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(reason=""),
                name="application_refused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} for {self.member_class}"
