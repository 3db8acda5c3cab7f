"""Reading the rulebook."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts import access
from accounts.rules import Permission
from rulebooks import selectors
from rulebooks.models import Edition, LegalText, Manuscript
from rulebooks.rules import edition as rules
from rulebooks.rules import reading
from rulebooks.rules.membership import MemberClass
from rulebooks.rules.reading import decisions, targets, times
from rulebooks.rules.reading.comparison import compare
from rulebooks.rules.reading.methodology import history
from rulebooks.rules.reading.outline import outline
from rulebooks.rules.reading.paragraphs import departures, sections
from rulebooks.rules.reading.passages import passage, passages
from rulebooks.rules.reading.picture import picture

DRAFT_PERMISSIONS = (
    Permission.EDITION_DRAFT,
    Permission.EDITION_COUNTERSIGN,
    Permission.EDITION_ADOPT,
    Permission.EDITION_SIMULATE,
    Permission.DECISION_RECORD,
)


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
        "at_work": Manuscript.objects.visible_to(request.user).at_work().with_newest(),
        "today": today,
    }
    return render(request, "rulebooks/editions.html", context)


@require_safe
def edition(request: HttpRequest, code: str) -> HttpResponse:
    rows = Edition.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("manuscript", "decision"), code=code)
    content = row.document
    context = {
        "row": row,
        "edition": content,
        **_in_words(content),
        "legal": selectors.legal_text(row),
        "departures": departures(content),
        "today": timezone.localdate(),
    }
    if row.status == Edition.Status.DRAFT:
        context |= _course(request, row)
    else:
        context["notified_on"] = selectors.notice(row)
        context["may_notify"] = access.can(request.user, Permission.EDITION_ADOPT)
    return render(request, "rulebooks/edition.html", context)


def _course(request: HttpRequest, row: Edition) -> dict:
    """Where a draft stands on its way to adoption, and what this reader may do next."""
    missing = selectors.missing_for_adoption(row)
    resolved = selectors.resolutions(row)
    adopting = [e for e in resolved if not selectors.refusals(e, row)]
    can = {p: access.can(request.user, p) for p in DRAFT_PERMISSIONS}
    return {
        "warnings": row.document.warnings(),
        "signatures": selectors.countersignatures(row),
        "resolutions": resolved,
        "missing": missing,
        "may_draft": can[Permission.EDITION_DRAFT],
        "may_countersign": can[Permission.EDITION_COUNTERSIGN]
        and not selectors.wrote_at(row, request.user),
        "may_simulate": can[Permission.EDITION_SIMULATE],
        "may_resolve": can[Permission.DECISION_RECORD],
        "may_adopt": can[Permission.EDITION_ADOPT] and not missing and adopting,
        "adopting": adopting[0] if adopting else None,
    }


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
        "periods": list(times.periods(content)),
        "announced": [(rule, times.announced(rule)) for rule in content.announced],
        "obligations": [(o, times.whom(o, content), times.by_when(o)) for o in content.obligations],
        "extensions": [(kind, times.extension(kind)) for kind in content.extensions],
        "reminders": [(one, times.reminder(one, content)) for one in content.reminders],
        "bands": [(band, reading.band_range(band)) for band in bands],
        "banded": content.node(content.bands.of).title if content.bands else "",
        "breaches": [(rule, reading.breach(rule, content)) for rule in content.breaches],
        "ladders": [
            (ladder, [(step, reading.rights_lost(step, content)) for step in ladder.steps])
            for ladder in content.ladders
        ],
        "targets": [targets.in_words(target, content) for target in content.targets],
        "own_targets": [targets.own_in_words(own, content) for own in content.member_targets],
        "bodies": [
            (b, list(decisions.seats(b, content)), list(decisions.decides(b, content)))
            for b in content.bodies
        ],
        "decision_rules": [
            (rule, list(decisions.rule(content.decision_rule(rule.code))))
            for rule in content.decision_rules
        ],
        "notices": [(n, decisions.notice(n)) for n in content.publicity.notices],
        "kept": [(one, decisions.kept(one)) for one in content.retention],
    }


@require_safe
def beside(request: HttpRequest, code: str) -> HttpResponse:
    """The whole edition in plain words, each part beside its clause of the legal text."""
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    content = row.document
    legal = selectors.legal_text(row)
    known = passages(selectors.words_of(legal)) if legal else {}
    branches = outline(content)
    context = {
        "row": row,
        "edition": content,
        "legal": legal,
        "has_words": bool(known),
        "sections": [
            (section, [(p, passage(p.clause, known)) for p in section.paragraphs])
            for section in sections(content)
        ],
        "departures": departures(content),
        "branches": branches,
        "picture": picture(branches, title=f"How {row.title} scores") if branches else "",
        "today": timezone.localdate(),
    }
    return render(request, "rulebooks/beside.html", context)


@require_safe
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """What an edition changes since another one, by default the one that it replaces."""
    visible = Edition.objects.visible_to(request.user)
    row = get_object_or_404(visible, code=code)
    others = visible.exclude(pk=row.pk).defer("text").order_by("-in_force_from", "pk")
    since = request.GET.get("since") or row.document.replaces or ""
    before = get_object_or_404(others, code=since) if "since" in request.GET else None
    before = before or others.filter(code=since).first() or selectors.edition_before(row)
    context = {
        "row": row,
        "before": before,
        "others": list(others),
        "told": compare(before.document, row.document) if before else None,
    }
    return render(request, "rulebooks/changes.html", context)


@require_safe
def methodology(request: HttpRequest, code: str) -> HttpResponse:
    """How each requirement and KPI came about, how it is measured, and what became of it."""
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    content = row.document
    line = [e for e in selectors.adopted_documents() if e.in_force_from < content.in_force_from]
    line.append(content)
    context = {
        "row": row,
        "edition": content,
        "requirements": [
            (r, reading.whom(r.applies_to, content), history(line, "requirement", r.code))
            for r in content.requirements
        ],
        "kpis": [(k, history(line, "kpi", k.kpi.code)) for k in reading.kpis(content)],
        "chambers": {chamber.code: chamber.name for chamber in content.chambers},
        "today": timezone.localdate(),
    }
    return render(request, "rulebooks/methodology.html", context)


def _rights(member_class: MemberClass, content: rules.Edition) -> list[str]:
    return [content.right(code).name for code in member_class.rights]


@require_safe
def source(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    response = HttpResponse(row.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.code}.yaml"'
    return response


@require_safe
def legal_text(request: HttpRequest, code: str) -> HttpResponse:
    """The adopted text that an edition encodes, as it was uploaded."""
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    text = selectors.legal_text(row)
    if text is None:
        raise Http404(f"the legal text of {code} is not here")
    media_type = text.media_type
    if media_type == LegalText.MediaType.TEXT:
        media_type += "; charset=utf-8"
    response = HttpResponse(bytes(text.content), content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(False, text.name)
    return response
