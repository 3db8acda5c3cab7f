"""For whom a report is made."""

from __future__ import annotations

from accounts.models import User
from accounts.rules import Permission, allows
from kpis.access import acts_for, classes_seen
from members import access
from members.models import Member
from reports.rules.parts import Reader

WORDS = {
    "counsel": "legal counsel",
    "staff": "the secretariat",
    "member": "the member",
    "auditor": "the assigned auditor",
}


def reader_of(user: User, member: Member) -> Reader:
    """Return the class of readers that ``user`` belongs to for ``member`` today.

    All who belong to one class see the same of a member.
    """
    roles = access.roles_for(user, member)
    if allows(roles, Permission.COUNSEL_VIEW):
        code = "counsel"
    elif allows(roles, Permission.MEMBER_VIEW_ALL):
        code = "staff"
    else:
        code = "member" if acts_for(user, member) else "auditor"
    allowed = tuple(sorted(classes_seen(user, member)))
    return Reader(code, WORDS[code], allowed, allows(roles, Permission.CASE_VIEW))
