"""What changes a membership: each act shows what it would bring before it is confirmed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.rules import Permission
from members import access, selectors, services
from members.models import Member
from members.views import record
from members.views.acts import ACTS, Act, Asked
from rulebooks import selectors as rulebooks
from rulebooks.rules import reading

REFUSALS = (
    selectors.NoSuchPlace,
    selectors.NotDecided,
    services.CannotChange,
    services.NoNotice,
    services.NoSuchSector,
    rulebooks.NoEdition,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str, act: str) -> HttpResponse:
    members = Member.objects.visible_to(request.user).select_related("organisation")
    asked = Asked(request, get_object_or_404(members, code=code), timezone.localdate())
    if act not in ACTS:
        raise Http404(f"no change of a membership is called {act}")
    found = ACTS[act]
    access.require(request.user, found.permission, member=asked.member)
    form = found.form(asked)
    shown = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("confirm") == "yes" and _done(found, asked, form):
            messages.success(request, f"{found.title}: recorded.")
            return redirect("members:membership", code=code)
        if not form.errors and _tried(found, asked, form):
            shown = _shown(found, asked, form)
    context = {
        "member": asked.member,
        "act": found,
        "form": form,
        "shown": shown,
        "cases": selectors.open_cases(asked.member, on=asked.today)
        if access.can(request.user, Permission.CASE_VIEW, member=asked.member)
        else [],
        "today": asked.today,
    }
    return render(request, "members/change.html", context)


def _done(act: Act, asked: Asked, form: forms.Form) -> bool:
    try:
        act.do(asked, form.cleaned_data | {"form": form})
    except REFUSALS as error:
        form.add_error(None, f"{error}.")
        return False
    return True


def _tried(act: Act, asked: Asked, form: forms.Form) -> bool:
    """Do an act and undo it: what would be refused is refused before anybody reads what it brings.

    So a preview needs no rules of its own, which could part from those of the act.
    """
    with transaction.atomic():
        done = _done(act, asked, form)
        transaction.set_rollback(True)
    return done


def _shown(act: Act, asked: Asked, form: forms.Form) -> dict:
    """Return what would be other: in lists, in a table, or nothing but that it can be confirmed."""
    table = act.table(asked, form.cleaned_data) if act.table else None
    if act.would is None:
        return {"says": act.says, "lists": [], "table": table}
    what, on, key = act.would(asked, form.cleaned_data)
    found = selectors.preview(asked.member, what, on=on, key=key)
    edition = rulebooks.current_document(on)
    lists = [
        ("It gains", [reading.right(one.key, edition) for one in found.gains]),
        ("It loses", [reading.right(one.key, edition) for one in found.loses]),
        ("It owes or signs from then on", [_duty(one, edition) for one in found.begins]),
        ("It no longer owes or signs", [_duty(one, edition) for one in found.ends]),
        ("What began before goes on", [_duty(one, edition) for one in found.goes_on]),
    ]
    return {"says": act.says, "on": on, "lists": lists, "table": table}


def _duty(change, edition) -> str:
    state = record.STATES.get(change.state, change.state).lower()
    due = f", due {change.falls_due:%-d %b %Y}" if change.falls_due else ""
    return f"{reading.duty(change.key, edition)}: {state}{due}"
