"""First steps: what is here of a first month, what comes next, and the button that begins it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.rules import Permission
from dashboard.selectors.start import Beginning, beginning
from targets.rules import say_day


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Lead the secretariat of an empty platform through its first month."""
    access.require(request.user, Permission.MEMBER_MANAGE)
    today = timezone.localdate()
    steps = _steps(beginning(request.user, on=today))
    following = next((step for step in steps if not step["done"]), None)
    for step in steps:
        step["is_next"] = step is following
    context = {"steps": steps, "done": sum(step["done"] for step in steps), "next": following}
    return render(request, "dashboard/start.html", context)


def _steps(found: Beginning) -> list[dict]:
    return [_rulebook(found), _members(found), _contacts(found), _period(found), _letters(found)]


def _step(title: str, says: str, done: bool, name: str, label: str) -> dict:
    return {"title": title, "says": says, "done": done, "name": name, "label": label}


def _rulebook(found: Beginning) -> dict:
    says = "Who can belong, what is owed, and when, stands in an edition. first-month.yaml is one."
    if found.adopted:
        says = f"{_counted(found.adopted, 'edition')} adopted."
    elif found.drafts:
        says = f"{_counted(found.drafts, 'draft')} to be compared, countersigned and adopted."
    name = "rulebooks:editions" if found.drafts or found.adopted else "rulebooks:draft"
    label = "Go on with the rulebook" if found.drafts else "Draft the first edition"
    return _step("Rulebook", says, found.adopted > 0, name, label)


def _members(found: Beginning) -> dict:
    says = f"{_counted(found.members, 'member')} here."
    if not found.members:
        says = "Register an organisation, file its application, and admit it; or import a list."
    if found.applications:
        says += f" {_counted(found.applications, 'application')} not yet decided."
    name = "members:applications" if found.applications else "members:organisations"
    return _step("Members", says, found.members > 0, name, "Add the first member")


def _contacts(found: Beginning) -> dict:
    reached = found.members > 0 and not found.unreachable
    says, where = "Every member has somebody who gets its letters.", "members:directory"
    if not found.members:
        says = "Each member needs somebody who acts for it and gets its letters."
    elif found.unreachable:
        says = f"{_counted(found.unreachable, 'member')} without anybody to write to."
        where = "members:unreachable"
    return _step("Contacts", says, reached, where, "Name who acts for them")


def _period(found: Beginning) -> dict:
    says = "The calendar follows from the edition; no period has been laid out yet."
    if found.begun:
        says = f"{found.begun.name} opened on {say_day(found.begun.opens_on)}."
    elif found.ahead:
        says = f"{found.ahead.name} opens on {say_day(found.ahead.opens_on)}."
    return _step(
        "First period", says, found.begun is not None, "targets:periods", "See the periods"
    )


def _letters(found: Beginning) -> dict:
    says = "Reminders wait in the outbox until you release them, or let their kind go by itself."
    if found.held:
        says = f"{_counted(found.held, 'reminder')} waiting in the outbox."
    elif found.let_go:
        says = "Reminders have been released."
    return _step("Reminders", says, found.let_go, "members:outbox", "Look into the outbox")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
