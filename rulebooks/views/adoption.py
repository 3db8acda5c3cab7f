"""Countersigning a draft, and adopting it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.rules import Permission
from accounts.rules.addressing import row_number
from rulebooks import selectors, services
from rulebooks.forms import CountersignForm
from rulebooks.models import Edition


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def countersign(request: HttpRequest, code: str) -> HttpResponse:
    access.require(request.user, Permission.EDITION_COUNTERSIGN)
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    text = selectors.legal_text(row)
    form = CountersignForm(
        request.POST or None,
        initial={"sha256": row.sha256, "legal_sha256": text.sha256 if text else ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.countersign(
                edition_id=row.pk,
                sha256=form.cleaned_data["sha256"],
                legal_sha256=form.cleaned_data["legal_sha256"],
                by=request.user,
                on=timezone.localdate(),
            )
        except (services.CannotCountersign, services.NotADraft) as error:
            form.add_error(None, f"Nothing was signed: {error}.")
        else:
            messages.success(request, f"{row.title} is countersigned as a true encoding.")
            return redirect("rulebooks:edition", code=code)
    context = {
        "row": row,
        "form": form,
        "text": text,
        "named": row.document.legal_text,
        "wrote": selectors.wrote_at(row, request.user),
    }
    return render(request, "rulebooks/countersign.html", context)


@login_required
@require_POST
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    access.require(request.user, Permission.EDITION_ADOPT)
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    try:
        services.adopt_edition(
            edition_id=row.pk,
            decision=row_number(request.POST.get("decision", "")) or 0,
            by=request.user,
            on=timezone.localdate(),
        )
    except services.NotADraft:
        messages.error(request, f"{row.title} was adopted already; nothing has changed.")
    except services.CannotAdopt as error:
        messages.error(request, f"{row.title} is not adopted: {error}.")
    else:
        messages.success(request, f"{row.title} is adopted and can no longer be changed.")
    return redirect("rulebooks:edition", code=code)
