"""The calendar, who has filed, and what a member owes."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access as own_right
from accounts.rules import Permission
from members import access
from members.models import Member
from targets import selectors, services
from targets.forms import ExtensionForm
from targets.models import Period
from targets.rules import Phase, Window

STATES = {
    "open": "not filed yet",
    "overdue": "overdue",
    "missed": "missed",
    "met": "filed in time",
    "met_late": "filed late",
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
    rows = list(Period.objects.select_related("edition").order_by("-about_from", "-pk"))
    sees_all = own_right.can(request.user, Permission.MEMBER_VIEW_ALL)
    filing = selectors.filing_by_period(rows, user=request.user, on=today) if sees_all else {}
    lines = [
        {"period": row, "filing": filing.get(row.code), "phase": _phase(row, today)} for row in rows
    ]
    context = {
        "lines": lines,
        "open": [row for row in rows if row.opens_on <= today <= row.late_until],
        "sees_all": sees_all,
        "today": today,
    }
    return render(request, "targets/periods.html", context)


def _phase(period: Period, today) -> tuple[str, str]:
    window = Window(period.opens_on, period.due_on, period.late_until)
    return PHASES[window.phase(today)]


@require_safe
@login_required
def period(request: HttpRequest, code: str) -> HttpResponse:
    """Who has filed for a period, and who is late."""
    own_right.require(request.user, Permission.MEMBER_VIEW_ALL)
    found = get_object_or_404(Period.objects.select_related("edition"), code=code)
    today, wanted = timezone.localdate(), request.GET.get("state", "")
    filing = selectors.filing(found, user=request.user, on=today)
    rows = selectors.filing_rows(
        found, user=request.user, on=today, states=[wanted] if wanted in STATES else []
    )
    after = request.GET.get("after", "")
    part = selectors.slice_after(
        rows, after=int(after) if after.isdecimal() else None, key="member_id"
    )
    kept = {"state": wanted} if wanted in STATES else {}
    context = {
        "period": found,
        "phase": _phase(found, today),
        "filing": filing,
        "count": filing.by_state.get(wanted, 0) if kept else filing.owed,
        "on": [{"label": STATES[wanted], "clear_url": "?"}] if kept else [],
        "choices": [
            {"label": f"{word}:", "count": filing.by_state[state], "url": f"?state={state}"}
            for state, word in STATES.items()
            if state in filing.by_state and state != wanted
        ],
        "lines": [{"span": row, "word": STATES[row.state]} for row in part.rows],
        "first_url": f"?{urlencode(kept)}" if part.begun else "",
        "next_url": f"?{urlencode({**kept, 'after': part.next})}" if part.next else "",
        "may_extend": own_right.can(request.user, Permission.EXTENSION_GRANT)
        and today <= found.due_on,
        "today": today,
    }
    return render(request, "targets/period.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def extend(request: HttpRequest, code: str, member: str) -> HttpResponse:
    """Grant one member more time, with the reason."""
    members = Member.objects.visible_to(request.user).select_related("organisation")
    who = get_object_or_404(members, code=member)
    found = get_object_or_404(Period.objects.select_related("edition"), code=code)
    access.require(request.user, Permission.EXTENSION_GRANT, member=who)
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.grant_extension(
                member=who,
                period=found,
                by=request.user,
                on=timezone.localdate(),
                **form.cleaned_data,
            )
        except services.CannotExtend as error:
            form.add_error(None, f"Nothing was granted: {error}.")
        else:
            messages.success(request, f"{who} may file its return for {found} until then.")
            return redirect("targets:period", code)
    context = {
        "form": form,
        "member": who,
        "period": found,
        "window": selectors.window(who, found),
        "today": timezone.localdate(),
    }
    return render(request, "targets/extend.html", context)


@require_safe
@login_required
def obligations(request: HttpRequest, code: str) -> HttpResponse:
    """All that a member owes or owed: what presses first, and how each day was computed."""
    members = Member.objects.visible_to(request.user).select_related("organisation")
    member = get_object_or_404(members, code=code)
    today = timezone.localdate()
    duties = selectors.obligations(member, on=today)
    done = {"met", "met_late"}
    context = {
        "member": member,
        "pressing": [duty for duty in duties if duty.state in {"overdue", "open"}],
        "missed": [duty for duty in duties if duty.state == "missed"],
        "ahead": [duty for duty in duties if duty.state == "ahead"],
        "met": [duty for duty in duties if duty.state in done],
        "next": next((duty for duty in duties if duty.state == "open"), None),
        "today": today,
    }
    return render(request, "targets/obligations.html", context)
