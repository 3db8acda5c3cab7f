"""Mistakes found in the encoding of an edition, and for staff what may rest on each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.rules import Permission
from rulebooks import selectors as rulebooks
from rulebooks import services
from rulebooks.models import Edition, Erratum
from rulebooks.rules.erratum import NoSuchPlace
from suspensions import selectors
from suspensions.forms import ErratumForm

SHOWN = 50  # cases and decisions that a page lists of each erratum; all are counted


@require_http_methods(["GET", "HEAD", "POST"])
def errata(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Edition.objects.adopted().visible_to(request.user), code=code)
    form = ErratumForm(request.POST or None)
    if request.method == "POST":
        access.require(request.user, Permission.EDITION_DRAFT)
        if form.is_valid() and _record(request, row, form):
            return redirect("suspensions:errata", code=code)
    is_staff = access.can(request.user, Permission.CASE_VIEW)
    found = Erratum.objects.visible_to(request.user).filter(edition=row)
    context = {
        "row": row,
        "errata": [
            (one, _touched(request, one) if is_staff else None)
            for one in found.select_related("edition").order_by("-recorded_at", "-pk")
        ],
        "corrected_by": rulebooks.corrected_by(row),
        "form": form if access.can(request.user, Permission.EDITION_DRAFT) else None,
    }
    return render(request, "suspensions/errata.html", context)


def _touched(request: HttpRequest, erratum: Erratum) -> dict:
    touched = selectors.touched(erratum, user=request.user)
    return {
        "counts": [(name, count) for name, count in touched.counts().items() if count],
        "cases": touched.cases[:SHOWN],
        "decisions": touched.decisions.select_related("body")[:SHOWN],
    }


def _record(request: HttpRequest, row: Edition, form: ErratumForm) -> bool:
    today = timezone.localdate()
    try:
        services.record_erratum(edition_id=row.pk, by=request.user, on=today, **form.cleaned_data)
    except NoSuchPlace as error:
        form.add_error("path", f"{error}.")
    except services.NoErratum as error:
        form.add_error(None, f"Nothing was recorded: {error}.")
    else:
        messages.success(request, "The erratum is recorded. A later edition corrects the encoding.")
        return True
    return False
