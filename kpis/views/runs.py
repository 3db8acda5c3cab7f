"""Runs: what was scored when, how far it is, and the act of publishing it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.rules import Permission
from accounts.rules.addressing import row_number
from accounts.templatetags.pages import moment
from kpis import selectors, services
from kpis.filters import ScoreRunFilter
from kpis.forms.runs import StartRunForm
from kpis.models import ScoreRun
from members import access
from targets.selectors import slice_after

PAGE = 50
CONTESTS = 50  # that a page lists
NAMED = 20  # cards with problems that a page lists


def _filters_on(request: HttpRequest) -> list[dict[str, str]]:
    on = [request.GET[name] for name in ("period", "status") if request.GET.get(name)]
    return [{"label": ", ".join(on), "clear_url": "?"}] if on else []


def _after(request: HttpRequest) -> int | None:
    return row_number(request.GET.get("after", ""))


@login_required
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    if not access.can(request.user, Permission.MEMBER_VIEW_ALL):
        raise PermissionDenied("runs are for staff; scorecards show what concerns a member")
    visible = ScoreRun.objects.visible_to(request.user).with_cards()
    filtered = ScoreRunFilter(request.GET, visible.select_related("period", "edition"))
    found = filtered.qs if filtered.is_valid() else filtered.queryset
    query = request.GET.copy()
    query.pop("after", None)
    part = slice_after(found.order_by("-pk"), after=_after(request), newest=True, size=PAGE)
    first_url, next_url = f"?{query.urlencode()}", ""
    if part.next:
        query["after"] = str(part.next)
        next_url = f"?{query.urlencode()}"
    context = {
        "count": found.count(),
        "rows": part.rows,
        "first_url": first_url if part.begun else "",
        "next_url": next_url,
        "on": _filters_on(request),
        "form": StartRunForm(on=timezone.localdate()),
        "may_start": access.can(request.user, Permission.SCORE_RUN),
    }
    return render(request, "kpis/runs.html", context)


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    access.require(request.user, Permission.SCORE_RUN)
    today = timezone.localdate()
    form = StartRunForm(request.POST, on=today)
    if not form.is_valid():
        messages.error(request, "Choose a period that has opened.")
        return redirect("kpis:runs")
    try:
        run = services.start_run(period=form.cleaned_data["period"], by=request.user, on=today)
    except services.CannotScore as error:
        messages.error(request, f"Not started: {error}.")
        return redirect("kpis:runs")
    return redirect(run)


def _visible(request: HttpRequest, pk: int) -> ScoreRun:
    runs = ScoreRun.objects.visible_to(request.user).with_progress()
    people = ("started_by", "published_by")
    return get_object_or_404(runs.select_related("period", "edition", *people), pk=pk)


@login_required
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    context = {
        "run": found,
        "before": selectors.published_before(found),
        "after": selectors.published_after(found),
        "may_publish": access.can(request.user, Permission.SCORE_PUBLISH),
        "may_score": access.can(request.user, Permission.SCORE_RUN),
        "facts": _facts(found),
    }
    if found.status in ScoreRun.FINISHED:
        off_scale = found.cards.with_problems().select_related("member__organisation")
        context |= {
            "members": found.cards.count(),
            "bands": selectors.by_band(found),
            "problems": off_scale.count(),
            **_early(found),
            "problem_cards": off_scale.order_by("member__code")[:NAMED],
            **_contesting(found),
        }
    return render(request, "kpis/run.html", context)


def _early(run: ScoreRun) -> dict[str, object]:
    """Say how many are scored without a return while returns of the period are still taken."""
    if run.status != ScoreRun.Status.PROVISIONAL or run.period.late_until < timezone.localdate():
        return {}
    return {"early": run.period.late_until, "unfiled": run.cards.filter(of_return=None).count()}


def _contesting(run: ScoreRun) -> dict[str, object]:
    """Return how the members' time to contest a run goes, the open contests first."""
    until = selectors.contest_until(run)
    rows = selectors.contests_of(run)
    return {
        "contest": run.edition.document.scoring.contest,
        "contest_until": until,
        "today": timezone.localdate(),
        "contesting": run.shown_on is not None and timezone.localdate() <= until,
        "contest_count": rows.count(),
        "contests_open": rows.open().count(),
        "contests": list(rows[:CONTESTS]),
    }


def _facts(run: ScoreRun) -> list[dict[str, str]]:
    facts = [
        {"label": "Edition", "text": run.edition.title, "note": run.edition.code},
        {"label": "Started", "text": moment(run.started_at), "note": f"by {run.started_by}"},
        {"label": "Parts", "text": f"{run.parts_done} of {run.parts} scored"},
    ]
    if run.finished_at:
        facts.append({"label": "Finished", "text": moment(run.finished_at)})
    if run.published_at:
        by = f"by {run.published_by}"
        facts.append({"label": "Published", "text": moment(run.published_at), "note": by})
    if run.root:
        inputs, cards = "of edition and all answers", "over the cards' digests"
        facts.append({"label": "Fingerprint", "text": run.fingerprint, "note": inputs})
        facts.append({"label": "Root", "text": run.root, "note": cards})
    return facts


@login_required
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar that run.html polls; once the run is finished, the page is read again."""
    found = _visible(request, pk)
    if found.status != ScoreRun.Status.RUNNING:
        return HttpResponseClientRefresh()
    return render(request, "kpis/partials/run_progress.html", {"run": found})


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ScoreRun.objects.visible_to(request.user), pk=pk)
    try:
        services.cancel_run(run_id=found.pk, by=request.user, on=timezone.localdate())
    except services.CannotCancel as error:
        messages.error(request, f"Not cancelled: {error}.")
    else:
        messages.success(request, "The run is cancelled. What was scored is kept.")
    return redirect(found)


@login_required
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ScoreRun.objects.visible_to(request.user), pk=pk)
    try:
        services.resume_run(run_id=found.pk, by=request.user, on=timezone.localdate())
    except services.CannotResume as error:
        messages.error(request, f"Not resumed: {error}.")
    else:
        messages.success(request, "The run goes on with the parts that were left.")
    return redirect(found)


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ScoreRun.objects.visible_to(request.user), pk=pk)
    try:
        services.publish_run(run_id=found.pk, by=request.user, on=timezone.localdate())
    except services.CannotPublish as error:
        messages.error(request, f"Not published: {error}.")
    else:
        messages.success(request, "The scores are published. Members can see theirs now.")
    return redirect(found)
