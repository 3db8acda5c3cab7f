"""Which answers of a member a reader may see, by their confidentiality class."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.rules import Permission, Role, allows
from kpis.models import Return
from members.access import roles_for
from members.models import Member
from rulebooks.rules.indicators import Confidentiality

OWN_PEOPLE = frozenset({Role.REPRESENTATIVE, Role.SIGNATORY, Role.ADVISER})
EVERY_CLASS = frozenset[Confidentiality](
    {"public", "aggregate", "secretariat_and_auditor", "counsel"}
)
BUT_COUNSEL = EVERY_CLASS - {"counsel"}


def classes_seen(user: User | AnonymousUser, member: Member) -> frozenset[Confidentiality]:
    """Return the classes of KPIs whose answers of ``member`` the user may see today, one by one.

    - The member's own people: all. They reported every answer themselves, and may check what an
      auditor or counsel made of it.
    - Counsel: all. Other staff and the assigned auditor: all but what is for counsel only.
    - Anybody else: what is public. What is for aggregates only is nobody else's to read singly.
    """
    return _classes(roles_for(user, member))


def _classes(roles: frozenset[Role]) -> frozenset[Confidentiality]:
    if roles & OWN_PEOPLE or allows(roles, Permission.COUNSEL_VIEW):
        return EVERY_CLASS
    if allows(roles, Permission.MEMBER_VIEW_ALL) or Role.ASSIGNED_AUDITOR in roles:
        return BUT_COUNSEL
    return frozenset({"public"})


@dataclass(frozen=True, slots=True)
class Reader:
    """What a user may read of one return, and do with it: asked for once a page."""

    roles: frozenset[Role]
    kpis: frozenset[str]

    @property
    def is_own(self) -> bool:
        return bool(self.roles & OWN_PEOPLE)

    def may(self, permission: Permission) -> bool:
        return allows(self.roles, permission)


def reader(user: User | AnonymousUser, of_return: Return) -> Reader:
    """Return ``user`` as the reader of a return.

    Until it is filed a return is the member's own work: nobody else reads what stands in it.
    """
    roles = roles_for(user, of_return.member)
    if of_return.status != Return.Status.FILED and not roles & OWN_PEOPLE:
        return Reader(roles, frozenset())
    seen, kpis = _classes(roles), of_return.edition.document.kpis
    return Reader(roles, frozenset(kpi.code for kpi in kpis if kpi.confidentiality in seen))


def readable_kpis(user: User | AnonymousUser, of_return: Return) -> frozenset[str]:
    """Return the codes of the KPIs whose answers and evidence ``user`` may read in a return."""
    return reader(user, of_return).kpis


def acts_for(user: User | AnonymousUser, member: Member) -> bool:
    """Return whether ``user`` holds a mandate of ``member`` today."""
    return bool(roles_for(user, member) & OWN_PEOPLE)


OFFICES = {Permission.RETURN_VERIFY: "auditor", Permission.RETURN_JUDGE: "secretariat"}


def offices_that_mark(user: User | AnonymousUser, member: Member) -> frozenset[str]:
    """Return in which offices ``user`` may give words on the values of ``member``'s returns.

    :raises PermissionDenied: in none.
    """
    roles = roles_for(user, member)
    held = frozenset(office for needed, office in OFFICES.items() if allows(roles, needed))
    if not held:
        raise PermissionDenied("values are marked by the assigned auditor and the secretariat")
    return held
