"""Changes of due days: which day became which, by whom, since when, and why."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from members.models import Member
from targets import selectors


@require_safe
@login_required
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """What moved the due days of one member."""
    members = Member.objects.visible_to(request.user).select_related("organisation")
    member = get_object_or_404(members, code=code)
    context = {"member": member, "changes": selectors.changes_of([member])[member.pk]}
    return render(request, "targets/changes.html", context)


@require_safe
@login_required
def recent_changes(request: HttpRequest) -> HttpResponse:
    """What moved due days, of all members that the reader may see and of everybody at once."""
    before = _moment(request.GET.get("before", ""))
    acts, rest = selectors.recent_acts(request.user, before=before)
    context = {
        "acts": acts,
        "first_url": "?" if before else "",
        "next_url": f"?{urlencode({'before': rest.isoformat()})}" if rest else "",
    }
    return render(request, "targets/recent_changes.html", context)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if timezone.is_aware(found) else None
