"""In which sectors of the edition an organisation works."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.models.organisations import Organisation
from members.models.scopes import DatedQuerySet


class InSector(models.Model):
    """An organisation works in a sector, for a time, as a source says."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="in_sectors")
    sector = models.CharField(max_length=40)  # the code of the edition
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)  # "Application A00012", "Annual report 2025, page 4"

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sector"],
                condition=Q(until_on=None),
                name="sector_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="sector_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.sector}"
