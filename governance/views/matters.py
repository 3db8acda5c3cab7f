"""What a clerk sees: the matters that await a body, and the form that records what it decided."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.rules import Permission
from governance import selectors, services
from governance.forms import DecisionForm
from governance.models import Decision
from governance.rules import NotAsked

RECENT = 20


@require_safe
@login_required
def matters(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.DECISION_RECORD)
    names = selectors.body_names()
    recorded = Decision.objects.visible_to(request.user).select_related(
        "member__organisation", "body"
    )
    context = {
        "matters": [
            (matter, names.get(matter.step.decided_by, matter.step.decided_by))
            for matter in selectors.matters_awaiting(on=timezone.localdate())
        ],
        "recorded": recorded.order_by("-pk")[:RECENT],
        "today": timezone.localdate(),
    }
    return render(request, "governance/matters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def record(request: HttpRequest, code: str) -> HttpResponse:
    access.require(request.user, Permission.DECISION_RECORD)
    today = timezone.localdate()
    matter = next((m for m in selectors.matters_awaiting(on=today) if m.code == code), None)
    if matter is None:
        raise Http404(f"no matter {code} awaits a decision")
    form = DecisionForm(request.POST or None, matter=matter, today=today)
    status = 200 if request.method != "POST" else 400
    if form.is_valid():
        try:
            services.record_decision(
                member=matter.member, body=form.cleaned_data["body"], matter=code,
                outcome=form.cleaned_data["outcome"], reasons=form.cleaned_data["reasons"],
                by=request.user, on=form.cleaned_data["taken_on"],
            )  # fmt: skip
        except NotAsked as error:
            form.add_error(None, f"{str(error)[:1].upper()}{str(error)[1:]}.")
            status = 409
        else:
            messages.success(request, f"Recorded. The case officer carries out {code} next.")
            return redirect("governance:matters")
    context = {"matter": matter, "form": form, "today": today}
    return render(request, "governance/record.html", context, status=status)
