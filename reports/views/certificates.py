"""Certificates of what a member has signed, and checking a file that the platform signed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from members.models import Member
from reports import services
from reports.rules.verification import LARGEST, NotGenuine, verify
from reports.selectors import paper, seal
from reports.views.issuing import pdf_answer


@login_required
@require_POST
def issue(request: HttpRequest, code: str) -> HttpResponse:
    member = get_object_or_404(Member.objects.visible_to(request.user), code=code)
    size = request.POST.get("size", "a4")
    try:
        issued = services.issue_certificate(
            member=member,
            by=request.user,
            on=timezone.localdate(),
            at=timezone.now(),
            size=size if size in paper.SIZES else "a4",
        )
    except (services.NothingSigned, seal.NoKey) as error:
        messages.error(request, f"No certificate: {error}.")
        return redirect("members:requirements", code=code)
    return pdf_answer(issued)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Check a file that anybody hands in; it is looked at and not kept."""
    context = {"known": sorted(seal.known()), "largest": LARGEST // 1024**2}
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            content = file.read(LARGEST + 1) if file else b""
            context["verified"] = verify(content, known=seal.known())
        except NotGenuine as error:
            context["refused"] = str(error)
    return render(request, "reports/verify.html", context)
