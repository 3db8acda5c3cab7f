"""Scorecards: the list, and one card with how it came about."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.rules import Permission
from accounts.rules.addressing import row_number
from kpis import access, selectors
from kpis.filters import ScorecardFilter
from kpis.forms.contests import ContestAnswerForm, ContestForm
from kpis.models import Contest, Scorecard, ScoreRun
from members import access as members
from members.models import Member
from rulebooks.rules.edition import Edition

PAGE = 50


@login_required
@require_safe
def scorecards(request: HttpRequest) -> HttpResponse:
    if not Member.objects.visible_to(request.user).exists():
        raise PermissionDenied("scorecards are for staff, and for who acts for or audits members")
    visible = Scorecard.objects.visible_to(request.user)
    filtered = ScorecardFilter(request.GET, visible)
    found = filtered.qs if filtered.is_valid() else visible.standing()
    query = request.GET.copy()
    query.pop("after", None)
    last = visible.filter(pk=_number(request, "after")).select_related("member").first()
    rest = found
    if last is not None:
        later = Q(member__code__gt=last.member.code)
        rest = found.filter(later | Q(member__code=last.member.code, pk__gt=last.pk))
    rest = rest.select_related("member__organisation", "period", "edition", "run")
    rows = list(rest.order_by("member__code", "pk")[: PAGE + 1])
    context = {
        "count": found.count(),
        "rows": rows[:PAGE],
        "next_url": _url(query, after=rows[PAGE - 1].pk) if len(rows) > PAGE else "",
        "first_url": _url(query) if last else "",
        "on": _filters_on(query),
        "choices": _choices(query, found),
        "run": query.get("run", ""),
    }
    return render(request, "kpis/scorecards.html", context)


def _number(request: HttpRequest, name: str) -> int:
    return row_number(request.GET.get(name, "")) or 0


def _url(query: QueryDict, **values: object) -> str:
    changed = query.copy()
    for key, value in values.items():
        changed[key] = str(value)
    return f"?{changed.urlencode()}"


def _filters_on(query: QueryDict) -> list[dict[str, str]]:
    shown = []
    for key in ("period", "run", "band", "member_class", "member"):
        if value := query.get(key):
            rest = query.copy()
            rest.pop(key)
            word = {"run": f"run {value}", "member_class": f"class {value}"}.get(key, value)
            shown.append({"label": word, "clear_url": f"?{rest.urlencode()}"})
    return shown


def _choices(query: QueryDict, found) -> list[dict[str, object]]:
    """Return the bands among the cards found, with their counts, when none is chosen yet."""
    if query.get("band"):
        return []
    bands = selectors.bands_of(found)
    return [
        {"label": label, "url": _url(query, band=code), "count": count}
        for code, label, count in bands
    ]


@login_required
@require_safe
def scorecard(request: HttpRequest, pk: int) -> HttpResponse:
    cards = Scorecard.objects.visible_to(request.user)
    parts = ("member__organisation", "run", "period", "edition", "of_return")
    return scorecard_page(request, get_object_or_404(cards.select_related(*parts), pk=pk))


def scorecard_page(
    request: HttpRequest,
    card: Scorecard,
    *,
    contest_form: ContestForm | None = None,
    answer_form: tuple[int, ContestAnswerForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a card, with what was typed into one of its forms and cannot stand."""
    cards = Scorecard.objects.visible_to(request.user)
    edition = card.edition.document
    allowed = access.classes_seen(request.user, card.member)
    reading = selectors.reading(
        edition, card.card, card.inputs, allowed=allowed, of_return=card.of_return_id
    )
    context = {
        "card": card,
        "reading": reading,
        "bands": selectors.bands_beside(edition, card.content),
        "off_scale": _off_scale(edition, reading),
        "no_total": selectors.no_total(edition, card.content),
        "verdict_of": edition.node(edition.scoring.verdict).title if card.verdict else "",
        "standing": selectors.standing_beside(cards, card),
        "facts": _facts(card),
    }
    context |= _contests(request, card, contest_form, answer_form, allowed)
    return render(request, "kpis/scorecard.html", context, status=status)


def _off_scale(edition: Edition, reading: selectors.Reading) -> list[tuple[str, str]]:
    """Return what could not be scored: the title of the KPI, or its code, and why."""
    titles = {kpi.code: kpi.title for kpi in edition.kpis}
    return [(titles.get(code, code), why) for code, why in reading.problems.items()]


def _contests(
    request: HttpRequest,
    card: Scorecard,
    contest_form: ContestForm | None,
    answer_form: tuple[int, ContestAnswerForm] | None,
    allowed: Collection[str],
) -> dict[str, object]:
    """Return what was contested of the card's run and member, and the forms for what may be."""
    rows = Contest.objects.visible_to(request.user).filter(run=card.run, member=card.member)
    rows = rows.select_related("run__edition", "filed_by", "answered_by").order_by("pk")
    may_answer = members.can(request.user, Permission.CONTEST_ANSWER)
    wrong, given = answer_form or (0, None)
    shown = [
        (row, (given if row.pk == wrong else ContestAnswerForm(auto_id=f"id_{row.pk}_%s")))
        for row in rows
    ]
    until = selectors.contest_until(card.run, card.member)
    is_open = (
        card.run.status != ScoreRun.Status.PUBLISHED
        and until is not None
        and timezone.localdate() <= until
    )
    may = members.can(request.user, Permission.SCORE_CONTEST, member=card.member)
    new = contest_form or ContestForm(edition=card.edition.document, allowed=allowed)
    return {
        "contests": shown,
        "contest_until": until,
        "today": timezone.localdate(),
        "contest_form": new if (is_open and may) or contest_form else None,
        "may_answer_contests": may_answer,
        "may_contest": may,
    }


def _facts(card: Scorecard) -> list[dict[str, str]]:
    filed = card.of_return
    facts = [
        {"label": "Edition", "text": card.edition.title, "note": card.edition.code},
        {"label": "Return", "text": f"version {filed.version}" if filed else "none was filed"},
    ]
    for code, place, of in selectors.places_in_cohort(card.edition.document, card):
        words = code.replace("-", " ").capitalize()
        facts.append({"label": words, "text": f"{place} of {of}" if place else "none"})
    return [
        *facts,
        {"label": "Run", "text": f"run {card.run_id}"},
        {"label": "Fingerprint", "text": card.fingerprint, "note": "of edition and answers"},
        {"label": "Digest", "text": card.digest, "note": "of this card"},
    ]


@login_required
@require_safe
def scorecard_of(request: HttpRequest, period: str, member: str) -> HttpResponse:
    """The card that stands for a member and period; for staff a provisional one if none does."""
    cards = Scorecard.objects.visible_to(request.user).filter(
        period__code=period, member__code=member
    )
    found = cards.published().order_by("-run").first() or cards.order_by("-run").first()
    return redirect(get_object_or_404(cards, pk=found.pk if found else 0))
