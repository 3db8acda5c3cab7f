"""What holds for all members: moratoriums, outages, cancelled periods."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.rules import Permission
from rulebooks import selectors as rulebooks
from targets import selectors, services
from targets.forms import CircularForm
from targets.models import Circular, Period

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def circulars(request: HttpRequest) -> HttpResponse:
    """What all members were told about the calendar; the secretariat tells them more."""
    may_tell = access.can(request.user, Permission.PERIOD_ANNOUNCE)
    if request.method == "POST":
        access.require(request.user, Permission.PERIOD_ANNOUNCE)
    today = timezone.localdate()
    form = CircularForm(request.POST or None, **_choices())
    if request.method == "POST" and form.is_valid():
        try:
            told = _tell(form.cleaned_data, by=request.user, on=today)
        except services.CannotTell as error:
            form.add_error(None, f"Nothing was told: {error}.")
        else:
            messages.success(request, f"{told.get_sort_display()}: all members are told.")
            return redirect("targets:circulars")
    rows = Circular.objects.select_related("told_by").order_by("-told_at", "-pk")
    context = {
        "rows": rows[:SHOWN],
        "running": sorted(selectors.moratoriums(on=today)),
        "form": form if may_tell else None,
        "today": today,
    }
    return render(request, "targets/circulars.html", context)


def _choices() -> dict[str, list[tuple[str, str]]]:
    titles = {o.code: o.title for e in rulebooks.adopted_documents() for o in e.obligations}
    cancelled = selectors.cancelled_periods()
    periods = Period.objects.of_all().exclude(code__in=cancelled).order_by("-about_from", "-pk")
    return {
        "obligations": sorted(titles.items()),
        "periods": list(periods.values_list("code", "name")),
    }


def _tell(typed: dict[str, Any], **acts: Any) -> Circular:
    acts["reason"] = typed["reason"]
    sort = typed["sort"]
    if sort == Circular.Sort.MORATORIUM:
        return services.declare_moratorium(
            obligation=typed["obligation"] or "all", until_on=typed["until_on"], **acts
        )
    if sort == Circular.Sort.MORATORIUM_ENDED:
        return services.end_moratorium(obligation=typed["obligation"] or "all", **acts)
    if sort == Circular.Sort.OUTAGE:
        return services.record_outage(from_on=typed["from_on"], until_on=typed["until_on"], **acts)
    period = Period.objects.get(code=typed["period"])
    return services.cancel_period(period=period, **acts)
