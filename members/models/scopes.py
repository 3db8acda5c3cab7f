"""Which rows hold on a day, and which somebody may read: by their member."""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.rules import Permission, allows


def _members() -> models.QuerySet:
    """Return the members: their model decides who reads what, and lies above this module."""
    return apps.get_model("members", "Member").objects.all()


class DatedQuerySet(models.QuerySet):
    """Rows that hold from ``from_on`` until ``until_on`` (exclusive, null for no end)."""

    def in_force(self, on: date) -> DatedQuerySet:
        return self.filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on)


class MemberScopedQuerySet(models.QuerySet):
    """Rows with a ``member`` column: whoever may read the member's data may read them."""

    def visible_to(self, user: User | AnonymousUser) -> MemberScopedQuerySet:
        if user.is_authenticated and allows(user.roles, Permission.MEMBER_VIEW_ALL):
            return self.filter(member__isnull=False)  # all: no need to look each member up
        return self.filter(member__in=_members().visible_to(user))


class ProcedureQuerySet(MemberScopedQuerySet):
    """Rows of many kinds, some of which speak of breaches and cases."""

    of_procedure: tuple[str, ...] = ()

    def visible_to(self, user: User | AnonymousUser) -> ProcedureQuerySet:
        rows = super().visible_to(user)
        if user.is_authenticated and allows(user.roles, Permission.CASE_VIEW):
            return rows
        followed = Q(member__in=_members().followed_up_by(user))
        return rows.filter(~Q(kind__in=self.of_procedure) | followed)
