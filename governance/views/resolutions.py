"""What a body resolved about a draft of the rulebook, as the clerk records it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.rules import Permission
from governance import services
from governance.forms import ResolutionForm
from rulebooks.models import Edition


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request: HttpRequest, code: str) -> HttpResponse:
    access.require(request.user, Permission.DECISION_RECORD)
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    form = ResolutionForm(
        request.POST or None, today=timezone.localdate(), initial={"sha256": row.sha256}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        named = {name: given[name] for name in ("sha256", "body", "reference", "outcome")}
        try:
            services.record_resolution(
                edition_id=row.pk,
                votes=given.get("votes"),
                by=request.user,
                on=given["taken_on"],
                **named,
            )
        except services.NotBefore as error:
            form.add_error(None, f"Nothing was recorded: {error}.")
        else:
            messages.success(request, "The resolution is recorded. The secretariat carries it out.")
            return redirect("rulebooks:edition", code=code)
    return render(request, "governance/resolve.html", {"row": row, "form": form})
