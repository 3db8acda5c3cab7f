"""Members propose targets of their own; somebody without a tie approves or refuses them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access
from members import services as members
from members.models import Member
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts
from rulebooks.rules.schema import selects
from rulebooks.rules.targets import OwnTarget
from targets import events, selectors
from targets.models import MemberTarget
from targets.rules.ambition import (
    NotAllowed,
    Proposal,
    require_allowed,
    require_recalculated,
    require_same_baseline,
)


class CannotDecide(ValueError):
    """It was decided already, or by the wrong person; saying which."""


class CannotWithdraw(ValueError):
    """It does not wait to be decided any more; saying what became of it."""


@dataclass(frozen=True, slots=True)
class Anew:
    """Why a baseline is worked out anew, and what shows it."""

    because: str
    evidence: str


@transaction.atomic
def propose_target(
    *,
    member: Member,
    rule: str,
    proposal: Proposal,
    reason: str = "",
    anew: Anew | None = None,
    by: User,
    on: date,
) -> MemberTarget:
    """Propose a target of a member's own; where one stands on the KPI, it is a revision of that.

    A revision keeps the baseline and says why. With ``anew`` the baseline is worked out anew, for
    a reason and above the threshold that the edition names. Nothing changes until it is approved.

    :raises PermissionDenied: ``by`` may not propose for the member.
    :raises NotAllowed: not set by members, below the floor, no reason, or one waits already.
    """
    access.require(by, Permission.TARGET_PROPOSE, member=member)
    member = Member.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    own = _rule(member, rule, on=on)
    waiting = MemberTarget.objects.waiting().filter(member=member, kpi=proposal.kpi).first()
    if waiting is not None:
        raise NotAllowed(f"{waiting.code} on the same KPI waits to be decided", "kpi")
    document = rulebooks.current_document(on)
    if proposal.kpi not in own.kpis:
        allowed = ", ".join(own.kpis)
        message = f"{proposal.kpi!r} is not set by members here; allowed: {allowed}"
        raise NotAllowed(message, "kpi")
    require_allowed(own, document.kpi(proposal.kpi), proposal)
    standing = selectors.standing_target(member, proposal.kpi)
    _require_revisable(own, standing, proposal, reason=reason, anew=anew)
    target = _keep(member, own, proposal, standing, reason=reason, anew=anew, by=by, on=on)
    event = events.TargetProposed(
        member=member.code,
        target=target.code,
        rule=rule,
        kpi=proposal.kpi,
        revises=standing and standing.code,
        because=anew and anew.because,
    )
    entry = ledger.record(event, subject=target, actor=by, on=on)
    what = facts.TargetProposed(
        rule, proposal.kpi, standing and standing.code, anew and anew.because
    )
    members.state(what, member=member, about_on=on, entry=entry, key=target.code)
    return target


def _rule(member: Member, code: str, *, on: date) -> OwnTarget:
    document = rulebooks.current_document(on)
    known = {rule.code: rule for rule in document.member_targets} if document else {}
    if code not in known:
        allowed = ", ".join(known) or "none is defined"
        raise NotAllowed(f"{code!r} is no target that members set; allowed: {allowed}", "rule")
    if not selects(known[code].applies_to, member.member_class):
        message = f"members of the class {member.member_class} do not set {code}"
        raise NotAllowed(message, "rule")
    return known[code]


def _require_revisable(
    own: OwnTarget,
    standing: MemberTarget | None,
    proposal: Proposal,
    *,
    reason: str,
    anew: Anew | None,
) -> None:
    if standing is None:
        if anew is not None:
            message = "no target stands whose baseline could be worked out anew"
            raise NotAllowed(message, "because")
        return
    if not reason.strip():
        raise NotAllowed(f"{standing.code} stands; say why another takes its place", "reason")
    if anew is None:
        require_same_baseline(standing.proposal, proposal)
    else:
        require_recalculated(
            own, standing.proposal, proposal, because=anew.because, evidence=anew.evidence
        )


def _keep(
    member: Member,
    own: OwnTarget,
    proposal: Proposal,
    standing: MemberTarget | None,
    *,
    reason: str,
    anew: Anew | None,
    by: User,
    on: date,
) -> MemberTarget:
    number = MemberTarget.objects.filter(member=member).count() + 1
    return MemberTarget.objects.create(
        member=member,
        code=f"T{number}",
        edition=rulebooks.edition_in_force(on),
        rule=own.code,
        kpi=proposal.kpi,
        baseline_year=proposal.baseline_year,
        baseline_value=proposal.baseline_value,
        baseline_source=proposal.baseline_source,
        milestones=[[year, f"{value:f}"] for year, value in proposal.milestones],
        goal_year=proposal.goal_year,
        goal_value=proposal.goal_value,
        due_on=proposal.due_on,
        trajectory=proposal.trajectory,
        reason=reason.strip(),
        revises=standing,
        because=anew.because if anew else "",
        evidence=anew.evidence.strip() if anew else "",
        body=own.approved_by.body or "",
        role=own.approved_by.role or "",
        proposed_at=timezone.now(),
        proposed_by=by,
    )


@transaction.atomic
def approve_target(*, target_id: int, by: User, on: date) -> MemberTarget:
    """Approve a proposal: it holds from ``on``, and takes the place of the one that it revises.

    :raises PermissionDenied: ``by`` may not decide about targets.
    :raises MemberTarget.DoesNotExist: ``by`` cannot see it.
    :raises CannotDecide: decided already, not theirs to decide, or they have a tie to the member.
    """
    access.require(by, Permission.TARGET_DECIDE)
    target = _to_decide(target_id, by=by, on=on)
    _decide(target, MemberTarget.Outcome.APPROVED, "", by=by)
    event = events.TargetApproved(member=target.member.code, target=target.code, rule=target.rule)
    entry = ledger.record(event, subject=target, actor=by, on=on)
    promised = target.proposal
    what = facts.TargetApproved(
        rule=target.rule,
        kpi=target.kpi,
        base_year=promised.baseline_year,
        base_value=promised.baseline_value,
        target_year=promised.goal_year,
        target_value=promised.goal_value,
    )
    members.state(what, member=target.member, about_on=on, entry=entry, key=target.code)
    return target


@transaction.atomic
def refuse_target(*, target_id: int, reason: str, by: User, on: date) -> MemberTarget:
    """Refuse a proposal, with the reason that the member reads.

    :raises PermissionDenied: ``by`` may not decide about targets.
    :raises MemberTarget.DoesNotExist: ``by`` cannot see it.
    :raises CannotDecide: no reason, decided already, not theirs to decide, or they have a tie.
    """
    access.require(by, Permission.TARGET_DECIDE)
    target = _to_decide(target_id, by=by, on=on)
    if not reason.strip():
        raise CannotDecide("the member reads why: give a reason")
    _decide(target, MemberTarget.Outcome.REFUSED, reason.strip(), by=by)
    event = events.TargetRefused(member=target.member.code, target=target.code, rule=target.rule)
    entry = ledger.record(event, subject=target, actor=by, on=on)
    what = facts.TargetRefused(target.rule, target.kpi)
    members.state(what, member=target.member, about_on=on, entry=entry, key=target.code)
    return target


@transaction.atomic
def withdraw_target(*, target_id: int, by: User, on: date) -> MemberTarget:
    """Take a proposal back before it is decided; what stood before goes on standing.

    :raises PermissionDenied: ``by`` may not propose for the member.
    :raises MemberTarget.DoesNotExist: ``by`` cannot see it.
    :raises CannotWithdraw: it was decided, or withdrawn, already.
    """
    rows = MemberTarget.objects.visible_to(by).select_related("member__organisation")
    target = rows.select_for_update(of=("self",)).get(pk=target_id)
    access.require(by, Permission.TARGET_PROPOSE, member=target.member)
    if target.outcome:
        raise CannotWithdraw(f"{target.code} was {target.get_outcome_display().lower()} already")
    _decide(target, MemberTarget.Outcome.WITHDRAWN, "", by=by)
    event = events.TargetWithdrawn(member=target.member.code, target=target.code, rule=target.rule)
    entry = ledger.record(event, subject=target, actor=by, on=on)
    what = facts.TargetWithdrawn(target.rule, target.kpi)
    members.state(what, member=target.member, about_on=on, entry=entry, key=target.code)
    return target


def _to_decide(target_id: int, *, by: User, on: date) -> MemberTarget:
    rows = MemberTarget.objects.visible_to(by).select_related("member__organisation")
    target = rows.select_for_update(of=("self",)).get(pk=target_id)
    if target.outcome:
        raise CannotDecide(f"{target.code} was {target.get_outcome_display().lower()} already")
    if not (found := selectors.deciding(target, by, on=on)).may:
        raise CannotDecide(found.why_not)
    return target


def _decide(target: MemberTarget, outcome: str, reason: str, *, by: User) -> None:
    target.outcome, target.decision_reason = outcome, reason
    target.decided_at, target.decided_by = timezone.now(), by
    fields = ["outcome", "decision_reason", "decided_at", "decided_by"]
    target.save(update_fields=fields)
