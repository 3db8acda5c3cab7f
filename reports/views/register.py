"""The public register, for everybody; and the acts of publication, for the secretariat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import Permission
from members import access
from members.models import Member
from members.rules import standing_words
from reports import selectors, services
from reports.filters import RegisterFilter
from reports.models import Publication
from reports.rules.publicity import require_public
from reports.views.issuing import changed
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from targets.models import Period

PAGE = 50
NAMED = 100  # differences that the page of acts lists


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    lines = selectors.entries(request.user)
    filtered = RegisterFilter(request.GET, lines)
    found = filtered.qs if filtered.is_valid() else lines
    query = request.GET.copy()
    query.pop("after", None)
    count = found.count()
    after = lines.filter(member__code=request.GET.get("after", "")).first()
    if after is not None:
        name = after.member.organisation.name
        same = Q(member__organisation__name=name, member__gt=after.member_id)
        found = found.filter(Q(member__organisation__name__gt=name) | same)
    rows = list(found[: PAGE + 1])
    edition = rulebooks.current_document(timezone.localdate())
    last = rows[PAGE - 1].member.code if len(rows) > PAGE else ""
    context = {
        "rows": [_entry(line) for line in rows[:PAGE]],
        "count": count,
        "q": query.get("q", ""),
        "edition": edition,
        "standings": RegisterFilter.base_filters["standing"].extra["choices"],
        "filtered": any(query.get(name) for name in ("q", "member_class", "standing")),
        "first_url": f"?{query.urlencode()}" if after else "",
        "next_url": f"?{changed(query, after=last)}" if last else "",
        "may_publish": access.can(request.user, Permission.REGISTER_PUBLISH),
    }
    return render(request, "reports/register.html", context)


def _entry(line: Publication) -> dict:
    words, kind = standing_words(line.standing) if line.standing else ("", "none")
    return {"line": line, "member": line.member, "words": words, "kind": kind}


@require_safe
def entry(request: HttpRequest, code: str) -> HttpResponse:
    lines = selectors.lines_by_code(request.user, code)
    if not lines:
        raise Http404("no such member stands in the register")
    by_sort = {line.sort: line for line in lines}
    context = {
        "member": lines[0].member,
        "membership": by_sort.get(Publication.Sort.MEMBERSHIP),
        "standing": by_sort.get(Publication.Sort.STANDING),
        "scores": [line for line in lines if line.sort == Publication.Sort.SCORE],
        "edition": rulebooks.current_document(timezone.localdate()),
    }
    return render(request, "reports/entry.html", context)


@login_required
@require_safe
def publishing(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.REGISTER_PUBLISH)
    today = timezone.localdate()
    differences = selectors.differences(on=today)
    edition = rulebooks.current_document(today)
    periods = selectors.begun_periods(today)
    context = {
        "edition": edition,
        "differences": [_difference(d, edition, today) for d in differences[:NAMED]],
        "more": max(len(differences) - NAMED, 0),
        "not_in": selectors.not_in_register(on=today).count(),
        "periods": selectors.score_acts(periods),
    }
    return render(request, "reports/publishing.html", context)


def _difference(found: selectors.Difference, edition: Edition | None, today: date) -> dict:
    """Return a row with why its measure cannot be published today, if it cannot."""
    words, kind = standing_words(found.span.state) if found.span else ("", "none")
    return {"of": found, "words": words, "kind": kind, "kept": _kept(found, edition, today)}


def _kept(found: selectors.Difference, edition: Edition | None, today: date) -> str:
    if found.span is None or edition is None:
        return ""
    since, state = found.span.from_on, found.span.state
    try:
        require_public(edition, "measure", happened_on=since, on=today, standing=state)
    except services.NotPublic as error:
        return str(error)
    return ""


@login_required
@require_POST
def publish_standing(request: HttpRequest, code: str) -> HttpResponse:
    member = get_object_or_404(Member.objects.visible_to(request.user), code=code)
    return _act(
        request,
        lambda **by: services.publish_standing(member=member, **by),
        lambda line: f"Published: {member} is {line.content['words'].lower()}.",
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    access.require(request.user, Permission.REGISTER_PUBLISH)
    get_object_or_404(Publication.objects.visible_to(request.user), pk=pk)
    return _act(
        request,
        lambda **by: services.withdraw(publication_id=pk, **by),
        lambda line: f"Withdrawn: the line about {line.member}.",
    )


@login_required
@require_POST
def publish_memberships(request: HttpRequest) -> HttpResponse:
    return _act(
        request,
        services.publish_memberships,
        lambda count: f"{count} members entered the register.",
    )


@login_required
@require_POST
def publish_scores(request: HttpRequest, code: str) -> HttpResponse:
    period = get_object_or_404(Period.objects.select_related("edition"), code=code)
    return _act(
        request,
        lambda **by: services.publish_scores(period=period, **by),
        lambda count: f"{count} scores of {period} entered the register.",
    )


@login_required
@require_POST
def withdraw_scores(request: HttpRequest, code: str) -> HttpResponse:
    period = get_object_or_404(Period.objects.select_related("edition"), code=code)
    return _act(
        request,
        lambda **by: services.withdraw_scores(period=period, **by),
        lambda count: f"{count} scores of {period} left the register.",
    )


def _act(request: HttpRequest, act: Callable, said: Callable) -> HttpResponse:
    try:
        messages.success(request, said(act(by=request.user, on=timezone.localdate())))
    except (services.NotPublic, services.NothingToPublish) as error:
        messages.error(request, f"Nothing was changed: {error}.")
    return redirect("reports:publishing")
