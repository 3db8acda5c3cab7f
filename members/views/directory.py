"""Who belongs: the directory, searched, narrowed by words and read page by page."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.rules import Permission
from members import access, selectors
from members.filters import MemberFilter
from members.models import Member
from members.rules import DUE_WORDS, STANDING_WORDS, standing_words
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition

PAGE = 50
SORTS = {"name": "Name", "standing": "Standing, gravest first", "since": "Longest a member"}


@login_required
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    sort = request.GET.get("sort", "name")
    sort = sort if sort in SORTS else "name"
    everybody = selectors.directory(request.user, on=today, sort=sort)
    if not access.can(request.user, Permission.MEMBER_VIEW_ALL) and not everybody.exists():
        raise PermissionDenied("the directory is for staff, and for who acts for or audits members")
    filtered = MemberFilter(request.GET, everybody)
    found = filtered.qs if filtered.is_valid() else everybody
    edition, query = rulebooks.current_document(today), request.GET.copy()
    query.pop("after", None)
    context = {
        **_page(found, everybody, request, query, sort),
        "count": found.count(),
        "choices": _choices(request, query, today),
        "on": _filters_on(query, edition),
        "sorts": _sorts(query, sort),
        "countries": selectors.counts_by_country(request.user),
        **_places(request, edition),
        "edition": edition,
        "faults": [fault for said in filtered.errors.values() for fault in said],
        "may_register": access.can(request.user, Permission.MEMBER_MANAGE),
    }
    return render(request, "members/directory.html", context)


def _places(request: HttpRequest, edition: Edition | None) -> dict:
    """Return the classes and chambers of the edition, each with how many members are in it."""
    if edition is None:
        return {}
    classes, chambers = selectors.counts_by_place(request.user)
    return {
        "classes": [(part, classes[part.code]) for part in edition.classes],
        "chambers": [(part, chambers[part.code]) for part in edition.chambers],
    }


def _page(found, everybody, request: HttpRequest, query: QueryDict, sort: str) -> dict:
    """Return a page of rows, and where the next and the first one are."""
    after = request.GET.get("after", "")
    if after:
        found = selectors.following(found, everybody.filter(code=after), sort=sort)
    rows = list(found[: PAGE + 1])
    names = _names(rulebooks.current_document(timezone.localdate()))
    were = selectors.earlier_names(rows[:PAGE]) if request.GET.get("q") else {}
    return {
        "rows": [
            _row(member, names) | {"were": were.get(member.organisation_id, [])}
            for member in rows[:PAGE]
        ],
        "first_url": f"?{query.urlencode()}" if after else "",
        "next_url": f"?{_with(query, after=rows[PAGE - 1].code)}" if len(rows) > PAGE else "",
    }


def _with(query: QueryDict, **values: str) -> str:
    changed = query.copy()
    for key, value in values.items():
        changed[key] = value
    return changed.urlencode()


def _choices(request: HttpRequest, query: QueryDict, today: date) -> list[dict]:
    """Return the words that narrow the list, each with how many members it leaves."""
    standing = selectors.counts_by_standing(request.user, on=today)
    due = selectors.counts_by_due(request.user, on=today)
    offered = [
        *(
            ("standing", s.value, words, standing.get(s))
            for s, (words, _) in STANDING_WORDS.items()
        ),
        *(("due", d.value, words, due.get(d)) for d, (words, _) in DUE_WORDS.items()),
    ]
    return [
        {
            "label": words,
            "url": f"?{_with(query, **{name: value})}",
            "count": count,
            "current": query.get(name) == value,
        }
        for name, value, words, count in offered
        if count
    ]


def _sorts(query: QueryDict, sort: str) -> list[dict]:
    return [
        {"label": words, "url": f"?{_with(query, sort=name)}", "current": name == sort}
        for name, words in SORTS.items()
    ]


def _row(member: Member, names: dict[str, str]) -> dict:
    word, look = standing_words(member.standing)
    return {
        "member": member,
        "word": word,
        "look": look,
        "class_name": names.get(member.member_class, member.member_class),
        "chamber_name": names.get(member.chamber, member.chamber),
    }


def _filters_on(query: QueryDict, edition: Edition | None) -> list[dict]:
    """Return the words by which the list is narrowed, each with where it is not."""
    words = {standing.value: said for standing, (said, _) in STANDING_WORDS.items()}
    words |= {due.value: said for due, (said, _) in DUE_WORDS.items()}
    words |= _names(edition)
    shown = []
    for key in MemberFilter.base_filters:
        if value := query.get(key):
            rest = query.copy()
            rest.pop(key)
            label = f"“{value}”" if key == "q" else words.get(value, value)
            shown.append({"label": label, "clear_url": f"?{rest.urlencode()}"})
    return shown


def _names(edition: Edition | None) -> dict[str, str]:
    """Names of classes and chambers by code; the codes of both are the edition's own."""
    return (
        {part.code: part.name for part in (*edition.chambers, *edition.classes)} if edition else {}
    )
