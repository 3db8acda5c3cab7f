"""Who follows up at all; and looking up what an act is about, locked with its member.

Locking the member keeps its facts, and so the stage that they lead to, still until the act is
recorded.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied

from accounts.access import can
from accounts.models import User
from accounts.rules import Permission
from members.models import Fact, Member
from suspensions.models import Breach, Case
from suspensions.rules.procedure import IllegalAction


def require_follow_up(user: User) -> None:
    """Raise PermissionDenied unless ``user`` follows up for the initiative or acts for a member."""
    if not can(user, Permission.CASE_VIEW) and not Member.objects.followed_up_by(user).exists():
        raise PermissionDenied("breaches and cases are for staff, and for who acts for the member")


def locked_breach(breach_id: int, *, by: User, on: date) -> Breach:
    """Return a breach with its ``state`` on a day, for an act of that day.

    :raises Breach.DoesNotExist: there is none that ``by`` may see.
    :raises IllegalAction: something is recorded about it for a later day.
    """
    breaches = Breach.objects.visible_to(by)
    member_id = breaches.values_list("member", flat=True).get(pk=breach_id)
    Member.objects.select_for_update().get(pk=member_id)
    breach = (
        breaches.with_state(on).select_related("member__organisation", "edition").get(pk=breach_id)
    )
    require_last(breach.member, breach.key, on)
    return breach


def locked_case(case_id: int, *, by: User, on: date) -> Case:
    """Return a case with its ``stage`` on a day, for an act of that day.

    :raises Case.DoesNotExist: there is none that ``by`` may see.
    :raises IllegalAction: something is recorded in it for a later day.
    """
    cases = Case.objects.visible_to(by)
    member_id = cases.values_list("member", flat=True).get(pk=case_id)
    Member.objects.select_for_update().get(pk=member_id)
    case = cases.with_stage(on).select_related("member__organisation", "edition").get(pk=case_id)
    require_last(case.member, case.code, on)
    return case


def require_last(member: Member, key: str, on: date) -> None:
    """Refuse an act dated before what has happened already: nothing is back-dated."""
    later = Fact.objects.filter(member=member, key=key, about_on__gt=on).order_by("-about_on")
    if last := later.first():
        raise IllegalAction(f"{key}: an act of {on} cannot follow one of {last.about_on}")
