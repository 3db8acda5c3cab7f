"""Applications for membership: what the applicant sent, and the links by which it comes back."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from accounts.rules import Permission, allows
from ledger.models import Entry
from members.models.organisations import Organisation
from rulebooks.models import Edition
from rulebooks.rules.joining import Admission


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> ApplicationQuerySet:
        """Those filed: all for those who decide on them; else those of the user's organisations.

        A draft is the applicant's alone, who reads it through a link and not as a user.
        """
        if not user.is_authenticated:
            return self.none()
        filed = self.filter(filed_at__isnull=False)
        if allows(user.roles, Permission.APPLICATION_DECIDE):
            return filed
        return filed.filter(organisation__affiliations__user=user)

    def open(self) -> ApplicationQuerySet:
        """Those filed and not decided."""
        return self.filter(filed_at__isnull=False, decided_at=None)

    def undecided(self) -> ApplicationQuerySet:
        """Those filed that wait for a decision, on an appeal too."""
        return self.filter(Q(decided_at=None) | Q(appeal__outcome=""), filed_at__isnull=False)

    def drafts(self) -> ApplicationQuerySet:
        return self.filter(filed_at=None, decided_at=None)


class Application(models.Model):
    """An organisation's wish to become a member, in a class and chamber.

    It is a draft until it is filed. ``organisation`` is null until the secretariat has said which
    one it is; ``name`` and ``country`` are as the applicant wrote them.
    """

    class Outcome(models.TextChoices):
        OPEN = "", "Open"
        ADMITTED = "admitted", "Admitted"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="applications", null=True, blank=True
    )
    name = models.CharField(max_length=200)
    sort = models.CharField(max_length=12, choices=Organisation.Sort, blank=True)
    country = models.CharField(max_length=60, blank=True)
    email = models.EmailField(max_length=254, blank=True)  # blank: applied for by an account
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    member_class = models.CharField(max_length=40)
    chamber = models.CharField(max_length=40)
    statement = models.TextField(blank=True)
    # What was typed: answers by question, contacts by role, sites, the corporate group.
    content = models.JSONField(default=dict, blank=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)
    filer = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    criterion = models.CharField(max_length=40, blank=True)  # the code that a refusal cites
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="+")

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
                | Q(outcome="withdrawn", decided_at__isnull=False)
                | Q(
                    outcome__in=["admitted", "refused"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="application_decided_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(reason=""),
                name="application_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["admitted", "refused"])
                | Q(filed_at__isnull=False, organisation__isnull=False)
                | Q(filed_at__isnull=False, outcome="refused"),
                name="application_decided_once_filed",
            ),
            models.CheckConstraint(
                condition=~Q(email="") | Q(organisation__isnull=False),
                name="application_can_be_answered",
            ),
        ]
        indexes = [models.Index(fields=["email"], name="application_by_email")]

    def __str__(self) -> str:
        return f"{self.name} for {self.member_class}"

    def get_absolute_url(self) -> str:
        return reverse("members:application", args=[self.pk])

    @property
    def code(self) -> str:
        """An opaque name for the record."""
        return f"A{self.pk:05d}"

    @property
    def admission(self) -> Admission | None:
        """How the edition has this class admitted on the day of filing, today for a draft."""
        moment: datetime = self.filed_at or self.saved_at
        document = self.edition.document
        return document.admission_to(self.member_class, on=document.day_of(moment))


class ResumeLink(models.Model):
    """A link that was mailed to an applicant. Only a keyed hash of what it holds is kept."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link to application {self.application_id}"


class ApplicationDocument(models.Model):
    """A document that an applicant handed in. Its content is known by its SHA-256."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="documents")
    asked = models.CharField(max_length=40)  # the code that the edition asks for it by
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "asked", "sha256"], name="document_once_per_application"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.asked} {self.sha256[:12]}"
