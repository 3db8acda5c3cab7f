"""The outbox of the staff, and the letters that a person was sent."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import Permission
from accounts.rules.addressing import row_number
from members import access, selectors, services
from members.filters import LetterFilter
from members.models import Letter
from members.rules import Mode

PAGE = 50
SHOWN = (Letter.Status.HELD, Letter.Status.RELEASED, Letter.Status.SENT, Letter.Status.DISCARDED)


@login_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.LETTER_RELEASE)
    query = request.GET.copy()
    query.setdefault("status", Letter.Status.HELD)
    letters = Letter.objects.visible_to(request.user)
    filtered = LetterFilter(query, letters)
    found = filtered.qs if filtered.is_valid() else letters.none()
    count = found.count()
    newest_first = query["status"] in (Letter.Status.SENT, Letter.Status.DISCARDED)
    if key := row_number(query.get("before", "")):
        found = found.filter(pk__lt=key) if newest_first else found.filter(pk__gt=key)
    found = found.select_related("member__organisation", "to", "contact", "template", "application")
    rows = list(found.order_by("-pk" if newest_first else "pk")[: PAGE + 1])
    templates = selectors.letter_counts()
    context = {
        "rows": rows[:PAGE],
        "count": count,
        "templates": templates,
        "template": query.get("template", ""),
        "status": query["status"],
        "waiting": sum(template.held for template in templates),
        "choices": _choices(query, templates),
        "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "query": query.urlencode(),
    }
    return render(request, "members/outbox.html", context)


def _choices(query, templates) -> list[dict]:
    choices = []
    for status in SHOWN:
        changed = query.copy()
        changed.pop("before", None)
        changed["status"] = status.value
        count = sum(getattr(template, status.value) for template in templates)
        choices.append(
            {
                "label": status.label,
                "url": f"?{changed.urlencode()}",
                "count": count,
                "current": query["status"] == status.value,
            }
        )
    return choices


@login_required
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Release or discard the letters ticked."""
    access.require(request.user, Permission.LETTER_RELEASE)
    ids = [pk for text in request.POST.getlist("letter") if (pk := row_number(text))]
    discard = request.POST.get("act") == "discard"
    act = services.letters.discard if discard else services.letters.release
    count = act(letter_ids=ids, by=request.user, on=timezone.localdate())
    letters = f"{count} letter{'s' * (count != 1)}"
    if not count:
        messages.error(request, "No letter that still waits was ticked; nothing has changed.")
    elif discard:
        messages.success(request, f"{letters} discarded.")
    else:
        messages.success(request, f"{letters} released. They leave within a minute.")
    return redirect("members:outbox")


@login_required
@require_POST
def mode(request: HttpRequest, template: str) -> HttpResponse:
    access.require(request.user, Permission.LETTER_RELEASE)
    rows = {row.code: row for row in selectors.letter_counts()}
    wanted = request.POST.get("mode", "")
    if template not in rows or wanted not in set(Mode):
        messages.error(request, "Nothing has changed: there is no such kind of letter or mode.")
        return redirect("members:outbox")
    row = services.letters.set_mode(
        template=template, mode=Mode(wanted), by=request.user, on=timezone.localdate()
    )
    messages.success(request, f"{row.code}: {row.get_mode_display().lower()} from now on.")
    return redirect("members:outbox")


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    sent = Letter.objects.visible_to(request.user)
    sent = sent.filter(to=request.user, status=Letter.Status.SENT)
    rows = sent.select_related("member__organisation").order_by("-pk")
    if before := row_number(request.GET.get("before", "")):
        rows = rows.filter(pk__lt=before)
    rows = list(rows[: PAGE + 1])
    context = {
        "rows": rows[:PAGE],
        "count": sent.count(),
        "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else None,
    }
    return render(request, "members/inbox.html", context)


@login_required
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    letters = Letter.objects.visible_to(request.user)
    found = get_object_or_404(
        letters.select_related(
            "member__organisation", "to", "contact", "released_by", "application"
        ),
        pk=pk,
    )
    context = {
        "letter": found,
        "may_release": access.can(request.user, Permission.LETTER_RELEASE),
        "mine": found.to_id == request.user.pk,
    }
    return render(request, "members/letter.html", context)
