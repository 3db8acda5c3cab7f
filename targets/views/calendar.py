"""The calendar: which periods there are, who has filed, which days are announced."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.rules import Permission
from accounts.rules.addressing import row_number
from rulebooks.models import Edition
from targets import selectors, services
from targets.forms import AnnouncementForm
from targets.models import Period
from targets.rules import Phase, Window

STATES = {
    "open": "not filed yet",
    "overdue": "overdue",
    "missed": "missed",
    "met": "filed in time",
    "met_late": "filed late",
    "extended": "on an extension",
    "incomplete": "incomplete",
    "moratorium": "at rest",
    "exempt": "exempt",
}
PHASES = {
    Phase.AHEAD: ("Not yet open", "none"),
    Phase.OPEN: ("Open", "soon"),
    Phase.LATE: ("Late window", "breach"),
    Phase.CLOSED: ("Closed", "none"),
}


@require_safe
@login_required
def periods(request: HttpRequest) -> HttpResponse:
    """The calendar of periods; for staff with how many have filed."""
    today = timezone.localdate()
    common = Period.objects.of_all().select_related("edition")
    rows = list(common.order_by("-about_from", "-pk"))
    editions = Edition.objects.adopted().order_by("in_force_from", "pk")
    sees_all = access.can(request.user, Permission.MEMBER_VIEW_ALL)
    filing = selectors.filing_by_period(rows, user=request.user, on=today) if sees_all else {}
    cancelled = selectors.cancelled_periods()
    lines = [
        {
            "period": row,
            "filing": filing.get(row.code),
            "phase": CANCELLED if row.code in cancelled else _phase(row, today),
        }
        for row in rows
    ]
    context = {
        "lines": lines,
        "own": selectors.own_counts(editions, user=request.user, on=today),
        "open": [
            row
            for row in rows
            if row.opens_on <= today <= row.late_until and row.code not in cancelled
        ],
        "may_tell": access.can(request.user, Permission.PERIOD_ANNOUNCE),
        "sees_all": sees_all,
        "today": today,
    }
    return render(request, "targets/periods.html", context)


CANCELLED = ("Cancelled", "none")


def _phase(period: Period, today) -> tuple[str, str]:
    window = Window(period.opens_on, period.due_on, period.late_until)
    return PHASES[window.phase(today)]


@require_safe
@login_required
def period(request: HttpRequest, code: str) -> HttpResponse:
    """Who has filed for a period, and who is late."""
    access.require(request.user, Permission.MEMBER_VIEW_ALL)
    found = get_object_or_404(Period.objects.select_related("edition"), code=code)
    today, wanted = timezone.localdate(), request.GET.get("state", "")
    filing = selectors.filing(found, user=request.user, on=today)
    rows = selectors.filing_rows(
        found, user=request.user, on=today, states=[wanted] if wanted in STATES else []
    )
    after = row_number(request.GET.get("after", ""))
    part = selectors.slice_after(rows, after=after, key="member_id")
    kept = {"state": wanted} if wanted in STATES else {}
    context = {
        "period": found,
        "phase": _phase(found, today),
        "filing": filing,
        "count": filing.by_state.get(wanted, 0) if kept else filing.listed,
        "on": [{"label": STATES[wanted], "clear_url": "?"}] if kept else [],
        "choices": [
            {"label": f"{word}:", "count": filing.by_state[state], "url": f"?state={state}"}
            for state, word in STATES.items()
            if state in filing.by_state and state != wanted
        ],
        "lines": [{"span": row, "word": STATES.get(row.state, row.state)} for row in part.rows],
        "first_url": f"?{urlencode(kept)}" if part.begun else "",
        "next_url": f"?{urlencode({**kept, 'after': part.next})}" if part.next else "",
        "may_extend": access.can(request.user, Permission.EXTENSION_GRANT)
        and (today <= found.due_on or selectors.extends_late(found)),
        "may_announce": access.can(request.user, Permission.PERIOD_ANNOUNCE)
        and bool(selectors.announced_days(found)),
        "today": today,
    }
    return render(request, "targets/period.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def announce(request: HttpRequest, code: str) -> HttpResponse:
    """Announce the days of a period that the edition leaves open."""
    access.require(request.user, Permission.PERIOD_ANNOUNCE)
    found = get_object_or_404(Period.objects.select_related("edition"), code=code)
    rules = selectors.announced_days(found)
    if not rules:
        raise Http404
    stand = {name: getattr(found, name) for name in rules}
    form = AnnouncementForm(request.POST or None, rules=rules, stand=stand)
    if request.method == "POST" and form.is_valid():
        try:
            services.announce_period(
                period=found,
                days=form.days(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                on=timezone.localdate(),
            )
        except services.CannotTell as error:
            form.add_error(None, f"Nothing was announced: {error}.")
        else:
            messages.success(request, f"The days of {found} are announced.")
            return redirect("targets:periods")
    context = {"form": form, "period": found, "today": timezone.localdate()}
    return render(request, "targets/announce.html", context)
