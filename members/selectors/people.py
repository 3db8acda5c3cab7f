"""Who acts for whom."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from accounts.models import RoleHeld, User
from accounts.rules import Role
from members.models import (
    Mandate,
)


def auditors(*, on: date) -> QuerySet[User]:
    """Return the users who hold the role of an auditor on a day, by name."""
    held = RoleHeld.objects.in_force(on).filter(role=Role.AUDITOR.value)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def posts_of(user: User, *, on: date) -> list[Mandate]:
    """Return the mandates that a user holds on a day, by member."""
    held = Mandate.objects.in_force(on).filter(user=user).select_related("member__organisation")
    return list(held.order_by("member__organisation__name", "member", "post", "pk"))
