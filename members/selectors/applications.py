"""Applications, and who may file one for whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import User
from accounts.rules import Permission, allows
from members.models import (
    Application,
    Condition,
    Organisation,
)

CONDITION = "condition:"  # how the key of such an obligation begins


def may_apply_for(user: User) -> QuerySet[Organisation]:
    """Return the organisations that ``user`` may file an application for today, by name."""
    open_ones = Application.objects.open().values("organisation")
    free = Organisation.objects.filter(member=None).exclude(pk__in=open_ones)
    if not allows(user.roles, Permission.APPLICATION_FILE):
        free = free.filter(affiliations__user=user)
    return free.order_by("name", "pk")


def applications_of(user: User) -> QuerySet[Application]:
    """Return the applications that ``user`` may read, the newest first."""
    found = Application.objects.visible_to(user).select_related("organisation").distinct()
    return found.order_by("-filed_at", "-pk")


def condition_texts(keys: Iterable[str]) -> dict[str, str]:
    """Return what members were admitted on, by the keys of those obligations that are conditions.

    For whoever may read the obligations.
    """
    codes = [key.removeprefix(CONDITION) for key in keys if key.startswith(CONDITION)]
    if not codes:
        return {}
    rows = Condition.objects.filter(code__in=codes).order_by("pk")
    return {f"{CONDITION}{code}": text for code, text in rows.values_list("code", "text")}
