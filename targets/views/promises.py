"""Targets of members' own: proposed, looked at by whoever decides, approved or refused."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access as own_right
from accounts.models import User
from accounts.rules import Permission
from members import access
from members.models import Member
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from rulebooks.rules.reading import targets as words
from rulebooks.rules.targets import OwnTarget
from targets import selectors, services
from targets.forms import DecisionForm, ProposalForm
from targets.models import MemberTarget
from targets.rules.ambition import NotAllowed

SHOWN = 100
POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits to be decided by this reader, and by others where staff look."""
    own_right.require(request.user, Permission.TARGET_DECIDE)
    today = timezone.localdate()
    rows = MemberTarget.objects.visible_to(request.user).waiting()
    rows = rows.select_related("member__organisation", "edition").order_by("proposed_at", "pk")
    context = {
        "count": rows.count(),
        "lines": [_line(row, request.user) for row in rows[:SHOWN]],
        "today": today,
    }
    return render(request, "targets/proposals.html", context)


def _line(row: MemberTarget, user: User) -> dict:
    document = row.edition.document
    return {
        "target": row,
        "kpi": document.kpi(row.kpi),
        "rule": document.own_target(row.rule),
        "deciding": selectors.deciding(row, user, on=timezone.localdate()),
    }


@POST
@login_required
def own_target(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """One target of a member's own; whoever may decide about it does so here."""
    rows = MemberTarget.objects.visible_to(request.user)
    rows = rows.select_related("member__organisation", "edition", "revises", "decided_by")
    row = get_object_or_404(rows, member__code=code, code=key)
    form = DecisionForm(request.POST or None)
    if request.method == "POST":
        took_back = request.POST.get("act") == "withdraw"
        if (_withdrawn if took_back else _decided)(request, row, form):
            return redirect(row)
    line = _line(row, request.user)
    rule, document = line["rule"], row.edition.document
    context = line | {
        "form": form,
        "floor": words.floor(rule),
        "recalculated": words.recalculated(rule),
        "approver": words.approver(rule, document),
        "because": dict(words.REASONS).get(row.because, ""),
        "way": words.WAYS[row.trajectory],
        "may_withdraw": not row.outcome
        and access.can(request.user, Permission.TARGET_PROPOSE, member=row.member),
        "reads_member": Member.objects.visible_to(request.user).filter(pk=row.member_id).exists(),
        "today": timezone.localdate(),
    }
    return render(request, "targets/own_target.html", context)


def _withdrawn(request: HttpRequest, row: MemberTarget, form: DecisionForm) -> bool:
    """Take a proposal back for the member; False where it was decided meanwhile."""
    try:
        services.withdraw_target(target_id=row.pk, by=request.user, on=timezone.localdate())
    except services.CannotWithdraw as error:
        form.is_valid()
        form.add_error(None, f"Nothing was withdrawn: {error}.")
        return False
    messages.success(request, f"{row.code} is withdrawn; nobody decides about it any more.")
    return True


def _decided(request: HttpRequest, row: MemberTarget, form: DecisionForm) -> bool:
    """Decide what was asked for; False where nothing was decided, or it was refused."""
    own_right.require(request.user, Permission.TARGET_DECIDE)
    if not form.is_valid():
        return False
    acts = {"target_id": row.pk, "by": request.user, "on": timezone.localdate()}
    try:
        if request.POST.get("act") == "approve":
            services.approve_target(**acts)
            messages.success(request, f"{row.code} is approved and holds from today.")
        else:
            services.refuse_target(reason=form.cleaned_data["reason"], **acts)
            messages.success(request, f"{row.code} is not approved; the member reads why.")
    except services.CannotDecide as error:
        form.add_error(None, f"Nothing was decided: {error}.")
        return False
    return True


@POST
@login_required
def propose(request: HttpRequest, code: str, rule: str) -> HttpResponse:
    """Propose a target of a member's own, or one in place of the one that stands."""
    members = Member.objects.visible_to(request.user).select_related("organisation")
    member = get_object_or_404(members, code=code)
    access.require(request.user, Permission.TARGET_PROPOSE, member=member)
    today = timezone.localdate()
    own = next((one for one in selectors.own_rules(member, on=today) if one.code == rule), None)
    if own is None:
        raise Http404
    document = rulebooks.current_document(today)
    stands = [one for one in (selectors.standing_target(member, k) for k in own.kpis) if one]
    form = ProposalForm(
        request.POST or None,
        kpis=[(k, f"{document.kpi(k).title} ({document.kpi(k).unit})") for k in own.kpis],
        stands=bool(stands),
        initial=_initial(stands[0]) if stands else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.propose_target(
                member=member,
                rule=own.code,
                proposal=form.proposal(),
                reason=form.cleaned_data["reason"],
                anew=form.anew(),
                by=request.user,
                on=today,
            )
        except NotAllowed as error:
            form.add_error(_place(form, error), f"Nothing was proposed: {error}.")
        else:
            messages.success(request, f"{made.code} is proposed and waits to be decided.")
            return redirect(made)
    return render(request, "targets/propose.html", _about(own, document, member, form, stands))


def _place(form: ProposalForm, error: NotAllowed) -> str | None:
    return error.field if error.field in form.fields else None


def _about(
    own: OwnTarget,
    document: Edition,
    member: Member,
    form: ProposalForm,
    stands: list[MemberTarget],
) -> dict:
    return {
        "own": own,
        "member": member,
        "form": form,
        "stands": stands,
        "floor": words.floor(own),
        "recalculated": words.recalculated(own),
        "approver": words.approver(own, document),
        "optional": {"due_on", "milestones", "because", "evidence"}
        | (set() if stands else {"reason"}),
        "today": timezone.localdate(),
    }


def _initial(standing: MemberTarget) -> dict:
    """Return what stands, as it would be typed."""
    given = asdict(standing.proposal)
    given["milestones"] = "\n".join(f"{year}: {value:f}" for year, value in given["milestones"])
    for name in ("baseline_value", "goal_value"):
        given[name] = f"{given[name]:f}"
    return given
