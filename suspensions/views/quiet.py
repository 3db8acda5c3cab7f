"""What quiet facts would have led to, if they had counted: for staff, who open nothing from it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.rules import Permission
from suspensions import selectors
from suspensions.filters import QuietFilter
from suspensions.views.acts import link, page_of


@require_safe
@login_required
def would_have_fired(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.CASE_VIEW)
    visible = selectors.quiet_hits(request.user, on=timezone.localdate())
    found = QuietFilter(request.GET, queryset=visible)
    rows = found.qs if found.is_valid() else visible.none()
    page = page_of(rows.select_related("member__organisation"), request)
    context = {
        "hits": list(selectors.with_rules(page["rows"])),
        "count": rows.count(),
        "choices": _rules(request, visible),
        "narrowed": any(request.GET.get(name) for name in found.filters),
        "next_url": page["next_url"],
        "today": timezone.localdate(),
    }
    return render(request, "suspensions/would_have_fired.html", context)


def _rules(request: HttpRequest, visible: Any) -> list[dict[str, Any]]:
    """Return the rules to narrow the list by, each with how many hits it has."""
    titles = selectors.titles_of_rules()
    return [
        {
            "label": titles.get(code, code),
            "url": link(request, rule=code),
            "count": count,
            "current": request.GET.get("rule") == code,
        }
        for code, count in sorted(selectors.counts_by_rule(visible).items())
    ]
