"""Whether a user may do a thing for a member: the one question every write asks first."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission, Role, allows
from members.models import Assignment, Mandate, Member
from members.selectors import Applicant


def roles_for(user: User | AnonymousUser, member: Member | None) -> frozenset[Role]:
    """Return the roles of ``user`` today: their own, and those held for ``member``."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if member is None:
        return user.roles
    today, held = timezone.localdate(), {"user": user, "member": member}
    in_force = Mandate.objects.in_force(today).filter(user=user)
    answers_for = Q(
        member__predecessors__member=member,
        member__predecessors__until_on=None,
        member__predecessors__history=True,
    )
    posts = in_force.filter(Q(member=member) | answers_for).values_list("post", flat=True)
    roles = user.roles | {Role(post) for post in posts}
    if Assignment.objects.in_force(today).filter(**held).exists():
        roles |= {Role.ASSIGNED_AUDITOR}
    return frozenset(roles)


def can(
    user: User | AnonymousUser, permission: Permission, *, member: Member | None = None
) -> bool:
    """Return whether ``user`` holds ``permission``, in their own right or for ``member``."""
    return allows(roles_for(user, member), permission)


def require(
    user: User | AnonymousUser, permission: Permission, *, member: Member | None = None
) -> None:
    """Raise PermissionDenied unless :func:`can`. Django and DRF both answer it with 403."""
    if not can(user, permission, member=member):
        whom = f" for member {member.code}" if member else ""
        raise PermissionDenied(f"this needs the permission {permission}{whom}")


def require_applicant(by: Applicant, application_id: int) -> None:
    """Raise PermissionDenied unless ``by`` opened the link of that application, still in time."""
    if by.application_id != application_id or by.until <= timezone.now():
        raise PermissionDenied("this needs the link of the application, and it may have expired")
