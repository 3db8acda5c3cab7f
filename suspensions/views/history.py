"""What happened before, for whoever has to weigh it when a member asks to come back."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from suspensions import selectors


@require_safe
@login_required
def history(request: HttpRequest, code: str) -> HttpResponse:
    """The past of the member of a case, for staff and, where it is to be weighed, for the body."""
    today = timezone.localdate()
    case = selectors.case_to_weigh(code, user=request.user, on=today)
    if case is None:
        raise Http404(f"no case {code} whose history you weigh")
    context = {
        "case": case,
        "way": case.aim.reinstatement,
        "past": selectors.history_to_weigh(case.member, on=today),
        "today": today,
    }
    return render(request, "suspensions/history.html", context)
