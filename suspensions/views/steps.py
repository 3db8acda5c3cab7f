"""Steps that the rules propose, and that nobody has taken up yet."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from suspensions import selectors
from suspensions.access import require_follow_up
from suspensions.views.acts import page_of


@require_safe
@login_required
def steps(request: HttpRequest) -> HttpResponse:
    require_follow_up(request.user)
    today = timezone.localdate()
    spans = selectors.steps_due(request.user, on=today)
    page = page_of(spans.select_related("member__organisation"), request)
    context = {
        "steps": list(selectors.with_steps(page["rows"])),
        "count": spans.count(),
        "next_url": page["next_url"],
        "today": today,
    }
    return render(request, "suspensions/steps.html", context)
