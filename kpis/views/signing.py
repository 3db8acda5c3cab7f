"""The signatory's page: read what was submitted, then sign it or send it back."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import Permission
from kpis import selectors, services
from kpis.access import readable_kpis
from kpis.forms.returns import ReasonForm
from kpis.models import Return
from kpis.views.drafts import REFUSALS, sentence
from members import access
from targets import selectors as targets


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that is signed; sign it."""
    rows = Return.objects.visible_to(request.user).with_context()
    waiting = get_object_or_404(rows, pk=pk)
    access.require(request.user, Permission.RETURN_SIGN_OFF, member=waiting.member)
    if request.method == "POST":
        return _sign(request, waiting)
    if waiting.status != Return.Status.SUBMITTED:
        return redirect(waiting)
    context = {
        "of_return": waiting,
        "lines": selectors.sheet(waiting, kpis=readable_kpis(request.user, waiting)),
        "window": targets.window(waiting.member, waiting.period),
        "form": ReasonForm(),
        "today": timezone.localdate(),
    }
    return render(request, "kpis/sign_off.html", context)


def _sign(request: HttpRequest, waiting: Return) -> HttpResponse:
    try:
        seen = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        messages.error(request, "Open the return again and read it before you sign it.")
        return redirect("kpis:sign-off", waiting.pk)
    try:
        signed = services.sign_off(
            return_id=waiting.pk,
            seen=seen,
            by=request.user,
            on=targets.filing_day(waiting.period),
        )
    except REFUSALS as error:
        messages.error(request, f"{sentence(error)}.")
    else:
        messages.success(request, f"Signed. The return for {signed.period} is filed.")
    return redirect(waiting)


@require_POST
@login_required
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a submitted return back to the representatives, with the reason."""
    waiting = get_object_or_404(Return.objects.visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST)
    try:
        services.send_back(
            return_id=waiting.pk,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            by=request.user,
            on=timezone.localdate(),
        )
    except REFUSALS as error:
        messages.error(request, f"{sentence(error)}.")
        return redirect("kpis:sign-off", pk)
    messages.success(request, "Sent back. The representatives can change it and submit it again.")
    return redirect(waiting)
