"""Members and periods with their reports, and the download."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import Permission
from members import access
from members.models import Member
from reports import selectors, services
from reports.filters import ReportFilter
from reports.models import IssuedReport
from reports.selectors import paper
from targets.models import Period

PAGE = 50
NAMED = 20  # earlier reports that a page lists


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    mine = selectors.reportable(request.user, on=today)
    if not access.can(request.user, Permission.REPORT_ISSUE) and not mine.exists():
        raise PermissionDenied("reports are for staff, and for who acts for or audits members")
    periods = selectors.begun_periods(today)
    period = next((p for p in periods if p.code == request.GET.get("period")), None)
    period = period or next(iter(periods), None)
    filtered = ReportFilter(request.GET, mine.select_related("organisation"))
    found = filtered.qs if filtered.is_valid() else mine
    query = request.GET.copy()
    query.pop("after", None)
    after = mine.filter(code=request.GET.get("after", "")).select_related("organisation").first()
    rows = _rows(found, period, after)
    context = {
        "period": period,
        "rows": [_row(member, period) for member in rows[:PAGE]],
        "count": found.count(),
        "q": query.get("q", ""),
        "periods": [_choice(query, p, current=p == period) for p in periods],
        "first_url": f"?{query.urlencode()}" if after else "",
        "next_url": f"?{changed(query, after=rows[PAGE - 1].code)}" if len(rows) > PAGE else "",
    }
    return render(request, "reports/reports.html", context)


@login_required
@require_safe
def member(request: HttpRequest, code: str, period: str) -> HttpResponse:
    of, about = _of(request, code, period)
    access.require(request.user, Permission.REPORT_ISSUE, member=of)
    today = timezone.localdate()
    issued = IssuedReport.objects.visible_to(request.user).filter(member=of, period=about)
    context = {
        "member": of,
        "period": about,
        "reader": selectors.reader_of(request.user, of),
        "opened": about.opens_on <= today,
        "issued": issued.select_related("issued_to").order_by("-pk")[:NAMED],
    }
    return render(request, "reports/member.html", context)


def _of(request: HttpRequest, code: str, period: str) -> tuple[Member, Period]:
    members = Member.objects.visible_to(request.user).select_related("organisation")
    periods = Period.objects.select_related("edition")
    return get_object_or_404(members, code=code), get_object_or_404(periods, code=period)


@login_required
@require_POST
def issue(request: HttpRequest, code: str, period: str) -> HttpResponse:
    of, about = _of(request, code, period)
    size = request.POST.get("size", "a4")
    try:
        issued = services.issue_report(
            member=of,
            period=about,
            by=request.user,
            on=timezone.localdate(),
            at=timezone.now(),
            size=size if size in paper.SIZES else "a4",
        )
    except services.NotYet as error:
        messages.error(request, f"No report: {error}.")
        return redirect("reports:reports")
    return pdf_answer(issued)


def pdf_answer(issued: services.Issued) -> HttpResponse:
    """Return the file as a download that no cache keeps."""
    response = HttpResponse(issued.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{issued.name}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def changed(query: QueryDict, **values: str) -> str:
    """Return a query string with some values set."""
    copy = query.copy()
    for key, value in values.items():
        copy[key] = value
    return copy.urlencode()


def _rows(found: QuerySet, period: Period | None, after: Member | None) -> list[Member]:
    if period is None:
        return []
    if after is not None:
        same = Q(organisation__name=after.name, pk__gt=after.pk)
        found = found.filter(Q(organisation__name__gt=after.name) | same)
    ordered = selectors.with_period(found, period).order_by("organisation__name", "pk")
    return list(ordered[: PAGE + 1])


def _row(member: Member, period: Period) -> dict:
    bands = period.edition.document.bands
    band = next((b for b in (bands.bands if bands else ()) if b.code == member.band), None)
    return {"member": member, "band": band}


def _choice(query: QueryDict, period: Period, *, current: bool) -> dict:
    return {
        "label": period.name,
        "url": f"?{changed(query, period=period.code)}",
        "current": current,
    }
