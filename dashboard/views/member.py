"""The overview of one member, composed from all apps."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rules import Permission
from dashboard import selectors
from dashboard.views import figures
from members import access
from members.models import Member, Span
from members.views import record
from rulebooks import selectors as rulebooks
from rulebooks.rules.timeline.changes import Kind
from suspensions.rules.words import BREACHES, STAGES


@login_required
@require_safe
def member(request: HttpRequest, code: str) -> HttpResponse:
    visible = Member.objects.visible_to(request.user).select_related("organisation")
    found = get_object_or_404(visible, code=code)
    user, today = request.user, timezone.localdate()
    cards = selectors.published_cards(found, user=user)
    breaches = selectors.breaches(found, user=user)
    clocks = selectors.corrections(breaches, on=today)
    context = {
        "member": found,
        "today": today,
        "standing": selectors.standing_of(found, on=today),
        "strip": _strip(found, user, today),
        "texts": selectors.texts(found, rulebooks.current_document(today)),
        "targets": selectors.targets(found),
        "origins": selectors.origins(found, user=user),
        "people": found.mandates.in_force(today).select_related("user").order_by("post", "pk"),
        "owed": selectors.owed(found, user=user, on=today),
        "cards": [{"card": card, "band": figures.band_of(card)} for card in cards],
        "trend": figures.trend(cards),
        "returns": selectors.returns(found, user=user),
        "breaches": [
            {
                "breach": breach,
                "title": selectors.breach_title(breach),
                "word": BREACHES[breach.status][0],
                "look": BREACHES[breach.status][1],
                "clock": clocks.get((breach.member_id, breach.key)),
            }
            for breach in breaches
        ],
        "cases": [
            {"case": c, "word": STAGES[c.stage][0], "look": STAGES[c.stage][1]}
            for c in selectors.cases(found, user=user, on=today)
            if c.stage
        ],
        "follows_up": visible.followed_up_by(user).filter(pk=found.pk).exists(),
        "may_report": access.can(user, Permission.REPORT_ISSUE, member=found),
    }
    return render(request, "dashboard/member_overview.html", context)


def _strip(member: Member, user: User, today: date) -> dict | None:
    """Return standing over the years, None before there is any."""
    spans = Span.objects.visible_to(user).of(Kind.STANDING).filter(member=member)
    return record.strip(member, list(spans.order_by("from_on", "pk")), on=today)
