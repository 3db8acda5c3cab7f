"""What was shown: reports issued, and what stands in the public register."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission, allows
from members.models import Member, MemberScopedQuerySet, Span
from rulebooks.models import Edition
from rulebooks.rules.timeline.changes import Kind
from rulebooks.rules.timeline.standing import LISTING
from targets.models import Period


class IssuedReportQuerySet(MemberScopedQuerySet):
    def visible_to(self, user: User | AnonymousUser) -> IssuedReportQuerySet:
        """Staff see all; everybody else what was issued to themselves, of members they may read."""
        reports = super().visible_to(user)
        if user.is_authenticated and allows(user.roles, Permission.MEMBER_VIEW_ALL):
            return reports
        return reports.filter(issued_to=user.pk)


class IssuedReport(models.Model):
    """One accountability report that was made for a reader: of what, for which class, its hash."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="reports")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    reader = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)  # of the file
    content_sha256 = models.CharField(max_length=64)  # of the report.json inside
    issued_at = models.DateTimeField()  # also the moment as known on which it speaks
    issued_to = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = IssuedReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="issued_report_by_hash")]

    def __str__(self) -> str:
        return f"{self.member} in {self.period_id}"


class IssuedCertificate(models.Model):
    """One certificate of what a member had signed: of which edition, for whom, its hash."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)  # of the file
    content_sha256 = models.CharField(max_length=64)  # of the certificate.json inside
    issued_at = models.DateTimeField()
    issued_to = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = IssuedReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="issued_certificate_by_hash")]

    def __str__(self) -> str:
        return f"{self.member}: signatures"


class PublicationQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> PublicationQuerySet:
        """Everybody, signed in or not: what was published and not withdrawn.

        While a measure hides a member's listing, only who may read the member's data sees it here.
        """
        hidden = (
            Span.objects.in_force(timezone.localdate())
            .of(Kind.PUBLISHED)
            .filter(member=OuterRef("member"), key=LISTING, state="hidden")
        )
        listed = ~Exists(hidden) | Q(member__in=Member.objects.visible_to(user))
        return self.filter(listed, withdrawn_at=None)

    def of(self, sort: str) -> PublicationQuerySet:
        return self.filter(sort=sort)

    def with_published_standing(self) -> PublicationQuerySet:
        """Annotate ``standing``: the standing that stands beside the line, null for none."""
        beside = Publication.objects.filter(
            member=OuterRef("member"), sort=Publication.Sort.STANDING, withdrawn_at=None
        )
        return self.annotate(standing=models.Subquery(beside.values("state")[:1]))


class Publication(models.Model):
    """One line of the public register. Nothing adverse stands there without such an act.

    ``state`` is the class of a membership, the standing, or the band of a score; ``content`` the
    words and numbers that go with it, as published.
    """

    class Sort(models.TextChoices):
        MEMBERSHIP = "membership", "Membership"
        STANDING = "standing", "Standing"
        SCORE = "score", "Score"

    member = models.ForeignKey(Member, models.PROTECT, related_name="publications")
    sort = models.CharField(max_length=12, choices=Sort)
    about = models.CharField(max_length=40, blank=True)  # the period of a score
    state = models.CharField(max_length=40, blank=True)
    since_on = models.DateField()
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
        indexes = [
            models.Index(
                fields=["sort", "state", "member"],
                condition=Q(withdrawn_at=None),
                name="publication_by_state",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_sort_display()}"
