"""Organisations, and who belongs to them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from accounts.models import User
from members.models.search import Folded


class NameKey(models.Func):
    """A name without case, accents and punctuation, as the index of names alike holds it."""

    function = "name_key"
    output_field = models.TextField()


class WordSimilarity(models.Func):
    """How much of the first text is found in the second, by trigrams: 0 to 1."""

    function = "word_similarity"
    output_field = models.FloatField()

    def __init__(self, text: str, of: NameKey) -> None:
        super().__init__(models.Value(text), of)


class Organisation(models.Model):
    """A company, union or NGO; also an audit firm. Being a member is something it may become."""

    class Sort(models.TextChoices):
        COMPANY = "company", "Company"
        NGO = "ngo", "NGO"
        UNION = "union", "Union"
        AUDIT_FIRM = "audit_firm", "Audit firm"
        INITIATIVE = "initiative", "Initiative"
        OTHER = "other", "Other"

    name = models.CharField(max_length=200)
    sort = models.CharField(max_length=12, choices=Sort)
    country = models.CharField(max_length=60, blank=True)
    identifier = models.CharField(max_length=60, blank=True)  # LEI, registry number, import key
    sought = models.GeneratedField(
        expression=Folded(Concat(F("name"), Value(" "), F("identifier"), Value(" "), F("country"))),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identifier"],
                condition=~Q(identifier=""),
                name="organisation_once_per_identifier",
            )
        ]
        indexes = [
            models.Index(fields=["name"], name="organisation_by_name"),
            GinIndex(
                fields=["sought"], opclasses=["gin_trgm_ops"], name="organisation_by_any_part"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EarlierName(models.Model):
    """A name that an organisation had until a day, the first under its next one.

    Or whoever held its membership before: a membership is found by every name that it had.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="earlier_names")
    name = models.CharField(max_length=200)
    until_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "until_on"], name="earlier_name_ends_once_a_day"
            )
        ]
        indexes = [models.Index(fields=["name"], name="organisation_by_earlier_name")]

    def __str__(self) -> str:
        return f"{self.name} until {self.until_on:%-d %b %Y}"


class Affiliation(models.Model):
    """A user who belongs to an organisation."""

    user = models.ForeignKey(User, models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="affiliations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="affiliation_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.organisation}"
