"""The initiative's targets, and how far it is."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access as own_right
from accounts.rules import Permission
from kpis import selectors
from members.models import Member
from rulebooks import selectors as rulebooks
from targets.rules import Progress

SHOWN_DECIMALS = 1


@require_safe
@login_required
def targets(request: HttpRequest) -> HttpResponse:
    """Each target with its line; progress as far as it is published."""
    today = timezone.localdate()
    document = rulebooks.current_document(today)
    period = selectors.last_published_period()
    sees_all = own_right.can(request.user, Permission.MEMBER_VIEW_ALL)
    edition = period.edition.document if period else document
    own = [] if sees_all else _own_members(request)
    found = selectors.aims(edition, period, sees_all=sees_all) if period else []
    lines = [
        _line(aim, [(m, selectors.own_progress(m, aim, period)) for m in own]) for aim in found
    ]
    context = {"lines": lines, "edition": edition, "period": period, "today": today}
    return render(request, "kpis/targets.html", context)


def _own_members(request: HttpRequest) -> list[Member]:
    rows = Member.objects.visible_to(request.user).select_related("organisation")
    return list(rows.order_by("pk")[:10])


def _line(aim: selectors.Aim, own: list[tuple[Member, Progress | None]]) -> dict:
    reached = aim.reached
    return {
        "aim": aim,
        "due": _shown(aim.due),
        "reached": _shown(reached.measured) if reached else None,
        "ahead": _shown(reached.ahead) if reached else None,
        "own": [(m, _shown(p.measured), _shown(p.ahead)) for m, p in own if p is not None],
    }


def _shown(number: Fraction) -> Decimal:
    """Round for the eye: what was published stands in the scorecards, exact."""
    return Decimal(round(number * 10**SHOWN_DECIMALS)).scaleb(-SHOWN_DECIMALS)
