"""The baseline of a collective target is worked out anew."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.rules import Permission
from rulebooks import selectors as rulebooks
from rulebooks.rules.reading import targets as words
from targets import selectors, services
from targets.forms import BaselineForm
from targets.rules.baselines import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def baseline(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the baseline is instead, why, and what shows it."""
    access.require(request.user, Permission.TARGET_RECALCULATE)
    today = timezone.localdate()
    edition = rulebooks.current_document(today)
    lines = selectors.lines_of(edition).get(code) if edition else None
    if lines is None or lines.adopted.recalculation is None:
        raise Http404
    target, unit = lines.newest, words.unit(lines.adopted, edition)
    form = BaselineForm(request.POST or None, target=target, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            services.recalculate_baseline(
                target=code, by=request.user, on=today, **form.cleaned_data
            )
        except NotAllowed as error:
            place = error.field if error.field in form.fields else None
            form.add_error(place, f"Nothing was changed: {error}.")
        else:
            messages.success(request, "The baseline is worked out anew; both ways are shown.")
            return redirect("dashboard:targets")
    context = {
        "form": form,
        "target": target,
        "unit": unit,
        "recalculated": words.recalculated(target),
        "today": today,
    }
    return render(request, "targets/baseline.html", context)
