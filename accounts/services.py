"""Creating users and giving them roles."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import access, events
from accounts.models import RoleHeld, User
from accounts.rules import Permission, Role, opens_member_data
from ledger import services as ledger


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    password: str | None,
    by: User,
    on: date,
    role: Role | None = None,
) -> User:
    """Create a user who signs in with ``email``. Without a password they cannot yet.

    :raises PermissionDenied: ``by`` may not manage users.
    :raises django.db.IntegrityError: somebody has that e-mail already, in whatever case.
    """
    access.require(by, Permission.USER_MANAGE)
    user = User(email=email, name=name)
    user.set_password(password)
    user.save(force_insert=True)
    ledger.record(events.UserCreated(), subject=user, actor=by, on=on)
    if role is not None:
        grant_role(user=user, role=role, by=by, on=on)
    return user


@transaction.atomic
def change_password(*, user: User, password: str, by: User, on: date) -> User:
    """Give ``user`` a new password; their own, or anybody's as who manages users.

    Sessions of the user end with the old one.

    :raises PermissionDenied: it is another's, and ``by`` may not manage users, or may not read
        what a role of theirs opens.
    """
    _require_self_or_manager(by, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    ledger.record(events.PasswordSet(), subject=user, actor=by, on=on)
    return user


def _require_self_or_manager(by: User, user: User) -> None:
    if by.pk == user.pk:
        return
    access.require(by, Permission.USER_MANAGE)
    if any(opens_member_data(role) for role in user.roles):
        access.require(by, Permission.MEMBER_VIEW_ALL)


@transaction.atomic
def grant_role(*, user: User, role: Role, by: User, on: date) -> RoleHeld:
    """Give ``user`` a role from ``on``. A role already held stays as it is.

    :raises PermissionDenied: ``by`` may not manage users, or is the user, or the role opens what
        ``by`` may not read: nobody comes by it through an account of their own making.
    """
    access.require(by, Permission.USER_MANAGE)
    if opens_member_data(role):
        access.require(by, Permission.MEMBER_VIEW_ALL)
    if by.pk == user.pk:
        raise PermissionDenied("nobody gives a role to themselves")
    held, created = RoleHeld.objects.get_or_create(
        user=user, role=role.value, until_on=None, defaults={"since_on": on}
    )
    if created:
        ledger.record(events.RoleGranted(role=role.value), subject=user, actor=by, on=on)
    return held


@transaction.atomic
def end_role(*, user: User, role: Role, by: User, on: date) -> None:
    """End a role of ``user`` on ``on`` (the first day without it).

    :raises PermissionDenied: ``by`` may not manage users.
    :raises RoleHeld.DoesNotExist: the user does not hold it.
    """
    access.require(by, Permission.USER_MANAGE)
    held = RoleHeld.objects.select_for_update().get(user=user, role=role.value, until_on=None)
    held.until_on = on
    held.save(update_fields=["until_on"])
    ledger.record(events.RoleEnded(role=role.value), subject=user, actor=by, on=on)
