"""A private calendar feed: opened and revoked by its owner, read by a calendar program."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rulebooks import selectors as rulebooks
from targets import selectors, services
from targets.rules.feed import as_calendar


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def feed(request: HttpRequest) -> HttpResponse:
    """Say whether there is a feed; open a new one, whose address is shown once, or revoke it."""
    today, address = timezone.localdate(), ""
    if request.method == "POST" and request.POST.get("act") == "revoke":
        if services.revoke_feed(by=request.user, on=today):
            messages.success(request, "The feed is revoked: its address opens nothing any more.")
        return redirect("targets:feed")
    if request.method == "POST":
        secret = services.open_feed(by=request.user, on=today)
        address = request.build_absolute_uri(reverse("targets:feed_file", args=[secret]))
    context = {"address": address, "made_at": selectors.feed_made_at(request.user)}
    return render(request, "targets/feed.html", context)


@require_safe
@never_cache
def feed_file(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer a calendar program that knows the secret; nobody needs to be signed in."""
    found = selectors.feed_of(secret)
    if found is None:
        raise Http404
    today = timezone.localdate()
    document = rulebooks.current_document(today)
    text = as_calendar(
        selectors.falling_due(found, base=request.build_absolute_uri("/")[:-1], on=today),
        name=f"{document.initiative}: due days" if document else "Due days",
        zone=document.time_zone if document else settings.TIME_ZONE,
        domain=settings.MAIL_DOMAIN,
    )
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="due-days.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
