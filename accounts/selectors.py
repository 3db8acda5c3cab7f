"""Questions about users."""

from __future__ import annotations

from accounts.models import User
from accounts.rules import Role


def system_user() -> User:
    """Return the platform itself, as which jobs and the daily run act."""
    return User.objects.get(roles_held__role=Role.SYSTEM, roles_held__until_on=None)
