"""What was shown: reports issued, and what stands in the public register."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import User
from members.models import Member, MemberScopedQuerySet
from targets.models import Period


class IssuedReport(models.Model):
    """One accountability report that was made for a reader: what it was made from, and its hash."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="reports")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_to = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="issued_report_by_hash")]

    def __str__(self) -> str:
        return f"{self.member} in {self.period_id}"


class PublicationQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> PublicationQuerySet:
        """Everybody, signed in or not: what was published and not withdrawn."""
        return self.filter(withdrawn_at=None)


class Publication(models.Model):
    """One line of the public register. Nothing adverse stands there without such an act."""

    class Sort(models.TextChoices):
        MEMBERSHIP = "membership", "Membership"
        STANDING = "standing", "Standing"
        SCORE = "score", "Score"

    member = models.ForeignKey(Member, models.PROTECT, related_name="publications")
    sort = models.CharField(max_length=12, choices=Sort)
    about = models.CharField(max_length=40, blank=True)  # the period of a score
    content = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "sort", "about"],
                condition=Q(withdrawn_at=None),
                name="publication_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="publication_withdrawn_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_sort_display()}"
