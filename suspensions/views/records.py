"""Judgements and findings about a member: what was recorded, and recording more."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import Permission
from members import access
from members.models import Member
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from suspensions import selectors, services
from suspensions.forms import CloseFindingForm, FindingForm, JudgementForm
from suspensions.rules.records import in_words, severities
from suspensions.views.acts import Act, do, page_of

REASONS = {"label": "Reasons", "help_text": "The member reads them. They stay as written."}
# Heading, button and service of each act, by its address.
ACTS = {
    "judgement": ("Record a judgement", "Record the judgement", services.record_judgement),
    "finding": ("Record a finding", "Record the finding", services.record_finding),
    "closing": ("Close a finding", "Close the finding", services.close_finding),
}


@require_safe
@login_required
def records(request: HttpRequest, code: str) -> HttpResponse:
    return show(request, visible_member(request, code))


def visible_member(request: HttpRequest, code: str) -> Member:
    visible = Member.objects.visible_to(request.user).followed_up_by(request.user)
    return get_object_or_404(visible.select_related("organisation"), code=code)


def show(
    request: HttpRequest, member: Member, form: Form | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    edition = rulebooks.current_document(today)
    facts = selectors.recorded(member).select_related("reason__written_by")
    page = page_of(facts, request)
    may = access.can(request.user, Permission.BREACH_CONFIRM)
    context = {
        "member": member,
        "edition": edition,
        "lines": [(f, in_words(edition, f.kind, f.key, f.data)) for f in page["rows"]],
        "count": facts.count(),
        "open": selectors.open_findings(member).count(),
        "acts": [act(name, member, edition, form, request) for name in ACTS] if may else [],
        "may_record": may,
        "next_url": page["next_url"],
    }
    return render(request, "suspensions/records.html", context, status=status)


def act(
    name: str, member: Member, edition: Edition | None, sent: Form | None, request: HttpRequest
) -> Act | None:
    """Return an act with its form, or the form that was sent; None where nothing can be chosen."""
    heading, label, _ = ACTS[name]
    url = reverse("suspensions:record", args=[member.code, name])
    if sent is not None and url == request.path:
        return Act(sent, url, heading, label)
    form = form_of(name, member, edition)
    return Act(form, url, heading, label) if next(iter(form)).field.choices else None


def form_of(name: str, member: Member, edition: Edition | None, data: dict | None = None) -> Form:
    """Return the form of an act, with what the edition in force allows to choose."""
    prefix = {"data": data, "auto_id": f"id_{name}_%s"}
    if name == "judgement":
        matters = edition.judgements if edition else ()
        return JudgementForm(matters=matters, **prefix, **REASONS)
    if name == "finding":
        known = severities(edition) if edition else ()
        return FindingForm(severities=known, **prefix, **REASONS)
    found = selectors.open_findings(member)
    words = [(fact.key, f"{fact.key}, {fact.data['severity']}") for fact in found]
    return CloseFindingForm(findings=words, **prefix, **REASONS)


@require_POST
@login_required
def record(request: HttpRequest, code: str, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404(act)
    member = visible_member(request, code)
    access.require(request.user, Permission.BREACH_CONFIRM)
    today = timezone.localdate()
    form = form_of(act, member, rulebooks.current_document(today), request.POST)
    named = form.named() if form.is_valid() else {}
    return do(
        request, form, ACTS[act][2], again=partial(show, request, member),
        said="Recorded.", member=member, on=today, **named,
    )  # fmt: skip
