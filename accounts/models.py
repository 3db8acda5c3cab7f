"""People who sign in, and the roles they hold."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.rules import Role

ROLE_LABELS = {
    Role.SYSTEM: "Platform",
    Role.SECRETARIAT: "Secretariat",
    Role.CASE_OFFICER: "Case officer",
    Role.LEGAL_COUNSEL: "Legal counsel",
    Role.PANEL_CLERK: "Panel clerk",
    Role.BOARD: "Board",
    Role.APPEAL_PANEL: "Appeal panel",
    Role.AUDITOR: "Auditor",
    Role.NGO: "NGO",
    Role.DATA_PROTECTION_OFFICER: "Data-protection officer",
    Role.SYSTEM_ADMINISTRATOR: "System administrator",
    Role.REPRESENTATIVE: "Representative",
    Role.SIGNATORY: "Signatory",
    Role.ADVISER: "Adviser",
    Role.ASSIGNED_AUDITOR: "Assigned auditor",
}
OWN_RIGHT = [
    role
    for role in Role
    if role not in {Role.REPRESENTATIVE, Role.SIGNATORY, Role.ADVISER, Role.ASSIGNED_AUDITOR}
]


class UserManager(BaseUserManager):
    def get_by_natural_key(self, email: str) -> User:
        """Find a user by e-mail, in whatever case it was typed."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person who signs in, or the platform itself, as which jobs act."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_once_per_email")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held today in the user's own right, not those held for one member."""
        held = self.roles_held.in_force(timezone.localdate())
        return frozenset(Role(role) for role in held.values_list("role", flat=True))


class RoleHeldQuerySet(models.QuerySet):
    def in_force(self, on: date) -> RoleHeldQuerySet:
        return self.filter(Q(until_on=None) | Q(until_on__gt=on), since_on__lte=on)


class RoleHeld(models.Model):
    """A role that a user holds from one day until another (exclusive)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="roles_held")
    role = models.CharField(
        max_length=30, choices=[(role.value, ROLE_LABELS[role]) for role in OWN_RIGHT]
    )
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = RoleHeldQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "roles held"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(until_on=None),
                name="role_held_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("since_on")),
                name="role_held_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display()}"
