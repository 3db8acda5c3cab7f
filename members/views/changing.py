"""What changes a membership: each act shows what it would bring before it is confirmed."""

from __future__ import annotations

from datetime import date

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
    """Return what would be other: in lists, in tables, or nothing but that it can be confirmed."""
    said = form.cleaned_data
    tables = act.tables(asked, said) if act.tables else []
    if act.would is None:
        return {"says": act.says, "lists": [], "tables": tables}
    what, on, key = act.would(asked, said)
    concerned = act.concerned(asked, said)
    lists = [
        (title if len(concerned) == 1 else f"{member.name}: {title[:1].lower()}{title[1:]}", lines)
        for member in concerned
        for title, lines in _lists(selectors.preview(member, what, on=on, key=key), on)
    ]
    return {"says": act.says, "on": on, "lists": lists, "tables": tables}


def _lists(found: selectors.Preview, on: date) -> list[tuple[str, list[str]]]:
    edition = rulebooks.current_document(on)
    return [
        ("It gains", [reading.right(one.key, edition) for one in found.gains]),
        ("It loses", [reading.right(one.key, edition) for one in found.loses]),
        ("It owes or signs from then on", [_duty(one, edition) for one in found.begins]),
        ("It no longer owes or signs", [_duty(one, edition) for one in found.ends]),
        ("What began before goes on", [_duty(one, edition) for one in found.goes_on]),
    ]


def _duty(change, edition) -> str:
    state = record.STATES.get(change.state, change.state).lower()
    due = f", due {change.falls_due:%-d %b %Y}" if change.falls_due else ""
    return f"{reading.duty(change.key, edition)}: {state}{due}"
