"""Moving open returns to the edition that governs their period: a preview, and a second person."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.rules import Permission
from kpis import selectors, services
from kpis.models import Move
from members import access
from rulebooks.models import Edition
from targets.models import Period

SHOWN = 200  # members that a page lists; the rest are counted


def _require_part(user: User) -> None:
    either = (Permission.EDITION_ADOPT, Permission.EDITION_COUNTERSIGN)
    if not any(access.can(user, permission) for permission in either):
        raise PermissionDenied("moving returns is for those who adopt and review editions")


@login_required
@require_safe
def moving(request: HttpRequest) -> HttpResponse:
    _require_part(request.user)
    done = Move.objects.visible_to(request.user).exclude(carried_out_at=None)
    people = ("period", "before", "after", "proposed_by", "carried_out_by")
    context = {
        "groups": selectors.to_move(request.user),
        "done": done.select_related(*people).order_by("-carried_out_at", "-pk")[:20],
    }
    return render(request, "kpis/moving.html", context)


@login_required
@require_safe
def preview(request: HttpRequest, period: str, edition: str) -> HttpResponse:
    _require_part(request.user)
    row = get_object_or_404(Period.objects.select_related("edition"), code=period)
    before = get_object_or_404(Edition.objects.adopted(), code=edition)
    of = selectors.plan_between(before, row.edition)
    old, new = ({kpi.code: kpi for kpi in e.document.kpis} for e in (before, row.edition))
    rows = selectors.previews(request.user, row, before, of, SHOWN)
    move = Move.objects.visible_to(request.user).open().filter(period=row, before=before).first()
    mine = move is not None and move.proposed_by_id == request.user.pk
    context = {
        "period": row,
        "before": before,
        "plan": of,
        "anew": [old[code] for code in of.anew],
        "lost": [old[code] for code in of.lost],
        "gained": [new[code] for code in of.gained],
        "rows": rows,
        "shown": SHOWN,
        "move": move,
        "mine": mine,
        "may_propose": not move and rows and access.can(request.user, Permission.EDITION_ADOPT),
        "may_review": move
        and not mine
        and access.can(request.user, Permission.EDITION_COUNTERSIGN),
    }
    return render(request, "kpis/move.html", context)


@login_required
@require_POST
def propose(request: HttpRequest, period: str, edition: str) -> HttpResponse:
    access.require(request.user, Permission.EDITION_ADOPT)
    row = get_object_or_404(Period, code=period)
    before = get_object_or_404(Edition.objects.adopted(), code=edition)
    today = timezone.localdate()
    try:
        services.propose_move(period_id=row.pk, before_id=before.pk, by=request.user, on=today)
    except services.CannotMove as error:
        messages.error(request, f"Nothing was proposed: {error}.")
    else:
        messages.success(request, "The move is proposed. A second person reviews it.")
    return redirect("kpis:move", period=period, edition=edition)


@login_required
@require_POST
def carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.EDITION_COUNTERSIGN)
    move = get_object_or_404(Move.objects.visible_to(request.user), pk=pk)
    try:
        services.carry_out_move(move_id=move.pk, by=request.user, on=timezone.localdate())
    except services.CannotMove as error:
        messages.error(request, f"Nothing was moved: {error}.")
    else:
        messages.success(request, "The returns were moved. Their members are told.")
    return redirect("kpis:moving")
