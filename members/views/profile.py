"""The profile of one member: how it stands, what it owes, signed and promised, and why."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.rules import Permission
from members import access, selectors
from members.forms import DaysForm
from members.models import Member
from members.views import record


@login_required
@require_safe
def member(request: HttpRequest, code: str) -> HttpResponse:
    members = Member.objects.visible_to(request.user).select_related("organisation")
    found = get_object_or_404(members, code=code)
    today = timezone.localdate()
    on, known = DaysForm(request.GET).days()
    on = on or today
    spans, editions = selectors.spans_of(found, reader=request.user, known_on=known)
    people = found.mandates.in_force(today).select_related("user").order_by("post", "from_on", "pk")
    auditors = found.assignments.in_force(today).select_related("user").order_by("from_on", "pk")
    context = {
        "member": found,
        "on": on,
        "known": known,
        "today": today,
        "people": people,
        "auditors": auditors,
        "may_manage": access.can(request.user, Permission.MEMBER_MANAGE),
        "may_sign": access.can(request.user, Permission.REQUIREMENT_SIGN, member=found),
        "signed_count": found.signatures.count(),
        "unsigned": selectors.unsigned(found, on=today),
        **record.read(found, spans, editions, on=on),
    }
    return render(request, "members/member.html", context)
