"""What an edition is made from: the text at work with all its versions, and the legal text."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from accounts.rules import Permission, allows
from rulebooks.models.editions import Edition


class ManuscriptQuerySet(models.QuerySet):
    def visible_to(self, user: User | AnonymousUser) -> ManuscriptQuerySet:
        """Texts at work are for those who write or compare them."""
        may = user.is_authenticated and allows(user.roles, Permission.EDITION_READ_DRAFTS)
        return self.all() if may else self.none()

    def at_work(self) -> ManuscriptQuerySet:
        """Those that no adopted edition was made of, the newest first."""
        adopted = models.Q(edition__isnull=False) & ~models.Q(edition__status="draft")
        return self.exclude(adopted).select_related("edition").order_by("-opened_at", "-pk")

    def with_newest(self) -> ManuscriptQuerySet:
        """Annotate the newest version's number, moment, author's name and count of problems."""
        newest = Version.objects.filter(manuscript=models.OuterRef("pk")).order_by("-number")
        names = {"number": "number", "at": "saved_at", "by": "saved_by__name", "wrong": "problems"}
        return self.annotate(
            **{
                f"newest_{name}": models.Subquery(newest.values(field)[:1])
                for name, field in names.items()
            }
        )


class Manuscript(models.Model):
    """A text at work, valid or not. Nothing that was saved is lost: each saving is a version."""

    name = models.CharField(max_length=200)
    edition = models.OneToOneField(
        Edition, models.PROTECT, null=True, blank=True, related_name="manuscript"
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ManuscriptQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("rulebooks:manuscript", args=[self.pk])


class Version(models.Model):
    """One saving of a manuscript. ``problems`` is how many faults it had; only 0 is a draft."""

    manuscript = models.ForeignKey(Manuscript, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    problems = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["manuscript", "number"], name="version_once_per_manuscript"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.manuscript}, version {self.number}"


class LegalText(models.Model):
    """A legal text as adopted, known by its SHA-256. Editions name the one that they encode."""

    class MediaType(models.TextChoices):
        PDF = "application/pdf", "PDF"
        TEXT = "text/plain", "Text"

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=20, choices=MediaType)
    content = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="legal_text_is_not_empty")
        ]

    def __str__(self) -> str:
        return self.name


class CountersignatureQuerySet(models.QuerySet):
    def standing(self) -> CountersignatureQuerySet:
        """Those given to the text as it is now; a later change of the draft voids them."""
        return self.filter(sha256=models.F("edition__sha256"))


class Countersignature(models.Model):
    """A second person compared a draft with the legal text and found it a true encoding.

    It holds for the two texts with these hashes and for no others.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="countersignatures")
    sha256 = models.CharField(max_length=64)  # of the draft
    legal_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = CountersignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "sha256", "signed_by"], name="countersignature_once_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition} by {self.signed_by}"
