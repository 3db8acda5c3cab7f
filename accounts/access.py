"""Whether a user may do a thing in their own right."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.rules import Permission, allows


def can(user: User | AnonymousUser, permission: Permission) -> bool:
    """Return whether ``user`` holds ``permission`` in their own right."""
    return user.is_authenticated and user.is_active and allows(user.roles, permission)


def require(user: User | AnonymousUser, permission: Permission) -> None:
    """Raise PermissionDenied unless :func:`can`. Django and DRF both answer it with 403."""
    if not can(user, permission):
        raise PermissionDenied(f"this needs the permission {permission}")
