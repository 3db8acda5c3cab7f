"""Sites of members: the places whose answers are rolled up into the member's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from members.models.membership import Member
from members.models.scopes import MemberScopedQuerySet


class Site(models.Model):
    """A place of a member, such as a factory or a farm, known to it by its own code."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="sites")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=60, blank=True)

    objects = MemberScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "code"], name="site_once_per_code"),
            models.CheckConstraint(condition=~Q(code=""), name="site_has_a_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.member}"
