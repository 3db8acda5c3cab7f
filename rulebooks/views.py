"""Reading the rulebook, and bringing a new edition in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.rules import Permission
from rulebooks import selectors, services
from rulebooks.forms import DraftForm
from rulebooks.models import Edition
from rulebooks.rules import document, reading
from rulebooks.rules import edition as rules
from rulebooks.rules.membership import MemberClass


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = Edition.objects.visible_to(request.user).defer("text").order_by("-in_force_from", "pk")
    try:
        in_force = selectors.edition_in_force(today).pk
    except selectors.NoEdition:
        in_force = None
    context = {
        "rows": list(rows),
        "in_force": in_force,
        "may_draft": access.can(request.user, Permission.EDITION_DRAFT),
        "today": today,
    }
    return render(request, "rulebooks/editions.html", context)


@require_safe
def edition(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    content = row.document
    may_adopt = access.can(request.user, Permission.EDITION_ADOPT)
    context = {
        "row": row,
        "edition": content,
        **_in_words(content),
        "warnings": content.warnings() if row.status == Edition.Status.DRAFT else [],
        "may_adopt": may_adopt and row.status == Edition.Status.DRAFT,
        "today": timezone.localdate(),
    }
    return render(request, "rulebooks/edition.html", context)


def _in_words(content: rules.Edition) -> dict:
    bands = content.bands.bands if content.bands else ()
    return {
        "nodes": reading.nodes(content),
        "kpis": reading.kpis(content),
        "classes": [
            (c, [content.chamber(code).name for code in c.chambers], _rights(c, content))
            for c in content.classes
        ],
        "requirements": [(r, reading.whom(r.applies_to, content)) for r in content.requirements],
        "obligations": [(o, reading.whom(o.applies_to, content)) for o in content.obligations],
        "bands": [(band, reading.band_range(band)) for band in bands],
        "banded": content.node(content.bands.of).title if content.bands else "",
        "breaches": [(rule, reading.breach(rule, content)) for rule in content.breaches],
        "ladders": [
            (ladder, [(step, reading.rights_lost(step, content)) for step in ladder.steps])
            for ladder in content.ladders
        ],
        "targets": [(target, content.kpi(target.kpi)) for target in content.targets],
    }


def _rights(member_class: MemberClass, content: rules.Edition) -> list[str]:
    return [content.right(code).name for code in member_class.rights]


@require_safe
def source(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    response = HttpResponse(row.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.code}.yaml"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.EDITION_DRAFT)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, problems = DraftForm(*sent), ()
    if request.method == "POST" and form.is_valid():
        try:
            text = document.decode(form.cleaned_data["text"])
            today = timezone.localdate()
            row = services.draft_edition(text=text, by=request.user, on=today)
        except document.Invalid as error:
            problems = error.problems
            form = DraftForm(initial={"text": _readable(form.cleaned_data["text"])})
        except services.NotADraft as error:
            form.add_error(None, f"Nothing was kept: {error}.")
        else:
            messages.success(request, f"{row.title} is kept as a draft. Nobody is bound by it yet.")
            return redirect("rulebooks:edition", code=row.code)
    context = {"form": form, "problems": problems}
    return render(request, "rulebooks/draft.html", context)


def _readable(text: str | bytes) -> str:
    """What was sent, to be corrected in place; bytes that are no text are marked."""
    return text if isinstance(text, str) else text.decode("utf-8", "replace")


@login_required
@require_POST
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    access.require(request.user, Permission.EDITION_ADOPT)
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    try:
        services.adopt_edition(edition_id=row.pk, by=request.user, on=timezone.localdate())
    except services.NotADraft:
        messages.error(request, f"{row.title} was adopted already; nothing has changed.")
    else:
        messages.success(request, f"{row.title} is adopted and can no longer be changed.")
    return redirect("rulebooks:edition", code=code)
