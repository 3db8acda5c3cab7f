"""What a clerk sees of changes of membership: those that await a body, and what it decided."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.rules import Permission
from governance import selectors, services
from governance.forms import MembershipForm
from governance.models import Body, MembershipDecision
from governance.rules import NotAsked

RECENT = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def memberships(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.DECISION_RECORD)
    today = timezone.localdate()
    deciders = selectors.membership_deciders(on=today)
    chosen = {name: request.GET.get(name, "")[:20] for name in ("matter", "member")}
    form = MembershipForm(request.POST or None, initial=chosen, matters=deciders, today=today)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _recorded(request, form, deciders):
            return redirect("governance:memberships")
        status = 409 if form.non_field_errors() else 400
    recorded = MembershipDecision.objects.visible_to(request.user)
    context = {
        "awaiting": selectors.memberships_awaiting(on=today),
        "recorded": recorded.select_related("member__organisation", "body").order_by("-pk")[
            :RECENT
        ],
        "asked": bool(deciders),
        "form": form,
        "today": today,
    }
    return render(request, "governance/memberships.html", context, status=status)


def _recorded(request: HttpRequest, form: MembershipForm, deciders: dict[str, str]) -> bool:
    """Record what the form says; if that is refused, say so in the form."""
    said = form.cleaned_data
    code = deciders[said["matter"]]
    body = Body.objects.filter(code=code).first()
    if body is None:
        form.add_error(None, f"The edition names {code}, and there is no such body here yet.")
        return False
    try:
        made = services.decide_on_membership(
            member=said["member"], body=body, matter=said["matter"], outcome=said["outcome"],
            reasons=said["reasons"], by=request.user, on=said["taken_on"],
        )  # fmt: skip
    except NotAsked as error:
        form.add_error(None, f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return False
    told = f"Recorded as number {made.entry_id} of the record"
    messages.success(request, f"{told}. The secretariat names it when it carries this out.")
    return True
