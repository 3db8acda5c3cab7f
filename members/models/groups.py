"""Corporate groups: organisations under one owner."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.models.organisations import Organisation
from members.models.scopes import DatedQuerySet


class CorporateGroup(models.Model):
    """Organisations under one owner. Members of one group may count as one: see the edition."""

    name = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name


class GroupMembership(models.Model):
    """An organisation belongs to a group, for a time, as a source says."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="group_memberships")
    group = models.ForeignKey(CorporateGroup, models.PROTECT, related_name="memberships")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)  # "Annual report 2025, page 40"

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(until_on=None),
                name="organisation_in_one_group_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="group_membership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.group}"
