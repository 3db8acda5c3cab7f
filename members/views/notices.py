"""Telling the members of an adopted edition, and recording the day on which they knew."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.rules import Permission
from members import access, selectors, services
from members.forms import NoticeForm
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, code: str) -> HttpResponse:
    access.require(request.user, Permission.EDITION_ADOPT)
    row = get_object_or_404(Edition.objects.adopted(), code=code)
    today = timezone.localdate()
    form = NoticeForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        served_on = form.cleaned_data["served_on"]
        try:
            services.notify_edition(
                edition_id=row.pk, served_on=served_on, by=request.user, on=today
            )
        except services.CannotNotify as error:
            form.add_error(None, f"Nothing was recorded: {error}.")
        else:
            messages.success(request, "The notice is recorded as served.")
            return redirect("rulebooks:edition", code=code)
    context = {
        "row": row,
        "form": form,
        "served_on": rulebooks.notice(row),
        "letters": selectors.announcements(row),
    }
    return render(request, "members/notice.html", context)
