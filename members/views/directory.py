"""Who belongs: the directory, and the record of one member."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.rules import Permission
from members import access, selectors
from members.filters import MemberFilter
from members.forms import DaysForm
from members.models import Member
from members.rules import STANDING_WORDS, standing_words
from members.views import record
from rulebooks import selectors as rulebooks

PAGE = 50


@login_required
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    mine = Member.objects.visible_to(request.user)
    if not access.can(request.user, Permission.MEMBER_VIEW_ALL) and not mine.exists():
        raise PermissionDenied("the directory is for staff, and for who acts for or audits members")
    filtered = MemberFilter(request.GET, selectors.directory(request.user, on=today))
    found = filtered.qs if filtered.is_valid() else filtered.queryset
    count = found.count()
    after = mine.filter(code=request.GET.get("after", "")).select_related("organisation").first()
    if after is not None:
        same = Q(organisation__name=after.name, pk__gt=after.pk)
        found = found.filter(Q(organisation__name__gt=after.name) | same)
    rows = list(found[: PAGE + 1])
    edition = rulebooks.current_document(today)
    names = _names(edition)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "rows": [_row(member, names) for member in rows[:PAGE]],
        "count": count,
        "first_url": f"?{query.urlencode()}" if after else "",
        "next_url": f"?{_with(query, after=rows[PAGE - 1].code)}" if len(rows) > PAGE else "",
        "standings": _standings(request, query, today),
        "on": _filters_on(query, names),
        "edition": edition,
        "q": query.get("q", ""),
        "may_register": access.can(request.user, Permission.MEMBER_MANAGE),
    }
    return render(request, "members/directory.html", context)


def _with(query, **values: str) -> str:
    changed = query.copy()
    for key, value in values.items():
        changed[key] = value
    return changed.urlencode()


def _standings(request: HttpRequest, query, today) -> list[dict]:
    counts = selectors.counts_by_standing(request.user, on=today)
    return [
        {
            "label": words,
            "url": f"?{_with(query, standing=standing.value)}",
            "count": counts[standing.value],
            "current": query.get("standing") == standing.value,
        }
        for standing, (words, _) in STANDING_WORDS.items()
        if counts.get(standing.value)
    ]


def _row(member: Member, names: dict[str, str]) -> dict:
    word, look = standing_words(member.standing)
    return {"member": member, "word": word, "look": look, **_place(member, names)}


def _place(member: Member, names: dict[str, str]) -> dict[str, str]:
    return {
        "class_name": names.get(member.member_class, member.member_class),
        "chamber_name": names.get(member.chamber, member.chamber),
    }


def _filters_on(query, names: dict[str, str]) -> list[dict]:
    words = {standing.value: said for standing, (said, _) in STANDING_WORDS.items()}
    shown = []
    for key in ("q", "member_class", "chamber", "standing"):
        if value := query.get(key):
            rest = query.copy()
            rest.pop(key)
            label = f"“{value}”" if key == "q" else names.get(value) or words.get(value, value)
            shown.append({"label": label, "clear_url": f"?{rest.urlencode()}"})
    return shown


def _names(edition) -> dict[str, str]:
    """Names of classes and chambers by code; the codes of both are the edition's own."""
    return (
        {part.code: part.name for part in (*edition.chambers, *edition.classes)} if edition else {}
    )


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
