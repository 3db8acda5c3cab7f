"""Targets that members set themselves: which stand, which wait, and who may decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission, Role, allows
from governance.models import Seat
from members import selectors as members
from members.models import Affiliation, Assignment, Mandate, Member
from rulebooks import selectors as rulebooks
from rulebooks.rules.answers import Line
from rulebooks.rules.edition import Edition
from rulebooks.rules.schema import selects
from rulebooks.rules.targets import OwnTarget
from targets.models import MemberTarget
from targets.rules.ties import Concerned, Decider, ties


@dataclass(frozen=True, slots=True)
class Deciding:
    """Whether somebody may decide about a proposal, and if not, why not."""

    may: bool
    why_not: str = ""


def own_rules(member: Member, *, on: date) -> tuple[OwnTarget, ...]:
    """Return the kinds of targets that a member may set itself, under the edition of a day."""
    document = rulebooks.current_document(on)
    if document is None:
        return ()
    return tuple(
        rule for rule in document.member_targets if selects(rule.applies_to, member.member_class)
    )


def standing_target(member: Member, kpi: str) -> MemberTarget | None:
    """Return the approved target of a member on a KPI that no other has replaced, if any."""
    rows = MemberTarget.objects.standing().filter(member=member, kpi=kpi)
    return rows.select_related("member__organisation").order_by("-decided_at", "-pk").first()


def own_lines(member_ids: Sequence[int], edition: Edition) -> dict[int, dict[str, Line]]:
    """Return the lines of members' own approved targets, by member and KPI, in one query.

    Only of KPIs that the edition reads on them, and of the kinds that it names.
    """
    read = {kpi.code: kpi.scale.own for kpi in edition.kpis if kpi.reads_own_line}
    if not read:
        return {}
    rows = MemberTarget.objects.standing().filter(member__in=member_ids, kpi__in=read)
    found: dict[int, dict[str, Line]] = {}
    for row in rows.order_by("decided_at", "pk"):
        if row.rule == read[row.kpi]:
            found.setdefault(row.member_id, {})[row.kpi] = row.proposal.line
    return found


def reads_own_targets(user: User, member: Member) -> bool:
    """Return whether a user reads what a member sets itself: its own people and staff do."""
    if allows(user.roles, Permission.MEMBER_VIEW_ALL):
        return True
    return Mandate.objects.in_force(timezone.localdate()).filter(user=user, member=member).exists()


def ties_to(member: Member, user: User, *, on: date) -> tuple[str, ...]:
    """Return in words what ties a user to a member, or makes them its competitor."""
    return ties(_concerned(member, on=on), _decider(user, on=on))


def deciding(target: MemberTarget, user: User, *, on: date) -> Deciding:
    """Return whether ``user`` may decide about a proposal, or why not."""
    if not allows(user.roles, Permission.TARGET_DECIDE):
        return Deciding(False, "they do not decide about targets")
    if not _approves(target, user, on=on):
        who = target.body or target.role.replace("_", " ")
        return Deciding(False, f"the rulebook lets the {who} decide")
    if target.proposed_by_id == user.pk:
        return Deciding(False, "they proposed it")
    if found := ties_to(target.member, user, on=on):
        return Deciding(False, f"somebody decides who has no tie: this person {found[0]}")
    return Deciding(True)


def _approves(target: MemberTarget, user: User, *, on: date) -> bool:
    if target.body:
        seats = Seat.objects.in_force(on).filter(user=user, body__code=target.body)
        return seats.exists()
    return Role(target.role) in user.roles


def _concerned(member: Member, *, on: date) -> Concerned:
    groups = frozenset(members.groups_of_members([member.pk], on=on).values())
    sectors = members.sectors_of([member.organisation_id], on=on)
    return Concerned(member.pk, member.organisation_id, member.chamber, groups, sectors)


def _decider(user: User, *, on: date) -> Decider:
    organisations = frozenset(
        Affiliation.objects.filter(user=user).values_list("organisation", flat=True)
    )
    acts_for = frozenset(
        Mandate.objects.in_force(on).filter(user=user).values_list("member", flat=True)
    )
    audited = Assignment.objects.in_force(on).filter(user=user).values_list("member", flat=True)
    of = Member.objects.filter(pk__in=acts_for) | Member.objects.filter(
        organisation__in=organisations
    )
    seats = Seat.objects.in_force(on).filter(user=user).values_list("chamber", flat=True)
    return Decider(
        organisations=organisations,
        members=acts_for,
        audited=frozenset(audited),
        groups=members.groups_of_users([user], on=on)[user.pk]
        | frozenset(members.groups_of_members(acts_for, on=on).values()),
        chambers=frozenset(of.values_list("chamber", flat=True)) | frozenset(seats) - {""},
        sectors=members.sectors_of(
            [*of.values_list("organisation", flat=True), *organisations], on=on
        ),
    )
