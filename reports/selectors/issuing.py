"""Of which members a user may have reports, for which periods."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Subquery

from accounts.models import User
from accounts.rules import Permission, Role, allows
from kpis.models import Return, Scorecard
from members.models import Assignment, Mandate, Member, MemberQuerySet
from targets.models import Period

POSTS = [
    role.value
    for role in (Role.REPRESENTATIVE, Role.SIGNATORY, Role.ADVISER)
    if allows([role], Permission.REPORT_ISSUE)
]


def begun_periods(on: date) -> list[Period]:
    """Return the periods whose window has opened, the newest first."""
    periods = Period.objects.begun(on).select_related("edition").defer("edition__text")
    return list(periods.order_by("-about_from", "-pk"))


def reportable(user: User, *, on: date) -> MemberQuerySet:
    """Return the members about whom ``user`` may have a report made."""
    members = Member.objects.visible_to(user)
    if allows(user.roles, Permission.REPORT_ISSUE):
        return members
    mine = {"member": OuterRef("pk"), "user": user}
    return members.filter(
        Exists(Mandate.objects.in_force(on).filter(post__in=POSTS, **mine))
        | Exists(Assignment.objects.in_force(on).filter(**mine))
    )


def with_period(members: MemberQuerySet, period: Period) -> MemberQuerySet:
    """Annotate ``filed_at``, ``total`` and ``band``: what a report for the period will rest on."""
    filed = Return.objects.filed().filter(member=OuterRef("pk"), period=period)
    cards = Scorecard.objects.published().filter(member=OuterRef("pk"), period=period)
    newest = cards.order_by("-run__published_at", "-run")
    return members.annotate(
        filed_at=Subquery(filed.order_by("-version").values("filed_at")[:1]),
        total=Subquery(newest.values("total")[:1]),
        band=Subquery(newest.values("band")[:1]),
    )
