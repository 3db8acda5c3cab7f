"""The overview of one member, composed from all apps: today, or as it stood on a day."""

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
from dashboard.selectors import Then
from dashboard.views import figures
from kpis.models import Scorecard
from members import access
from members import selectors as members
from members.forms import DaysForm
from members.models import Member, Span
from members.views import record
from rulebooks import selectors as rulebooks
from rulebooks.rules.timeline.changes import Kind
from suspensions.models import Breach, Case
from suspensions.rules.words import BREACHES, STAGES
from targets.rules import say_day


@login_required
@require_safe
def member(request: HttpRequest, code: str) -> HttpResponse:
    visible = Member.objects.visible_to(request.user).select_related("organisation")
    found = get_object_or_404(visible, code=code)
    user, today = request.user, timezone.localdate()
    on, known = DaysForm(request.GET).days()
    then = Then(on or today, known)
    is_past = then != Then(today)
    context = {
        "member": found,
        "today": today,
        "then": then,
        "is_past": is_past,
        "texts": selectors.texts(found, rulebooks.current_document(then.on), then),
        "targets": selectors.targets(found, then),
        "origins": selectors.origins(found, user=user, then=then),
        "people": found.mandates.in_force(then.on).select_related("user").order_by("post", "pk"),
        "follows_up": visible.followed_up_by(user).filter(pk=found.pk).exists(),
        "may_report": not is_past and access.can(user, Permission.REPORT_ISSUE, member=found),
        **(_as_at if is_past else _today)(found, user, then),
    }
    return render(request, "dashboard/member_overview.html", context)


def _today(member: Member, user: User, then: Then) -> dict:
    """Return what the page shows of today."""
    spans = Span.objects.visible_to(user).of(Kind.STANDING).filter(member=member)
    breaches = selectors.breaches(member, user=user)
    clocks = selectors.corrections(breaches, on=then.on)
    cases = [c for c in selectors.cases(member, user=user, on=then.on) if c.stage]
    return {
        "standing": selectors.standing_of(member, on=then.on),
        "strip": record.strip(member, list(spans.order_by("from_on", "pk")), on=then.on),
        "owed": selectors.owed(member, user=user, on=then.on),
        "returns": selectors.returns(member, user=user),
        "breaches": [
            _breach(one, one.status, clocks.get((one.member_id, one.key))) for one in breaches
        ],
        "cases": [_case(one) for one in cases],
        **_scores(selectors.published_cards(member, user=user)),
    }


def _as_at(member: Member, user: User, then: Then) -> dict:
    """Return what the page shows of a day, from what was known on another where one is named."""
    spans, editions = members.spans_of(member, reader=user, known_on=then.known)
    now = [span for span in spans if record.in_force(span, then.on)]
    read = record.read(member, spans, editions, on=then.on)
    word, look = read["standing_word"], read["standing_look"]
    return {
        "standing": {"word": word, "look": look, "span": read["standing"]},
        "strip": read["strip"],
        "owed": [line | {"words": _said(line, then.on)} for line in read["owed"]],
        "returns": selectors.returns_then(member, user=user, then=then),
        "breaches": [
            _breach(one, state)
            for one, state in selectors.breaches_then(member, now, user=user, then=then)
        ],
        "cases": [_case(one) for one in selectors.cases_then(member, now, user=user)],
        **_scores(selectors.cards_then(member, user=user, then=then)),
    }


def _said(line: dict, on: date) -> str:
    due = line["due_on"]
    return f"{line['word']}, due on {say_day(due)}" if due and due >= on else line["word"]


def _scores(cards: list[Scorecard]) -> dict:
    bands = [{"card": card, "band": figures.band_of(card)} for card in cards]
    return {"cards": bands, "trend": figures.trend(cards)}


def _breach(breach: Breach, state: str, clock: object = None) -> dict:
    word, look = BREACHES.get(state, (record.STATES.get(state, state), "none"))
    title = selectors.breach_title(breach)
    return {"breach": breach, "title": title, "word": word, "look": look, "clock": clock}


def _case(case: Case) -> dict:
    word, look = STAGES[case.stage]
    return {"case": case, "word": word, "look": look}
