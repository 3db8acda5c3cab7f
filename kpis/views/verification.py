"""The auditor's pages: whom to check, and each value of a filed return."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from kpis import selectors, services
from kpis.access import offices_that_mark, readable_kpis
from kpis.forms.answers import MarkForm
from kpis.models import Return
from kpis.selectors import SheetLine
from kpis.views.drafts import sentence

REFUSALS = (services.NotNow, services.NoSuchKpi, services.NothingNew)


@require_safe
@login_required
def audits(request: HttpRequest) -> HttpResponse:
    """The members that the reader audits, and how far each return is."""
    today = timezone.localdate()
    rows = list(selectors.audits(request.user, on=today))
    context = {
        "rows": rows,
        "open_count": sum(row.values_marked < row.values_to_mark for row in rows),
        "without": selectors.members_without_return(request.user, on=today),
        "today": today,
    }
    return render(request, "kpis/audits.html", context)


@dataclass(slots=True)
class Check:
    """A line of the return and the form to mark it."""

    line: SheetLine
    form: MarkForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the values of a filed return. Nothing is kept unless all that was said can stand."""
    rows = Return.objects.visible_to(request.user).with_context()
    filed = get_object_or_404(rows, pk=pk)
    offices = offices_that_mark(request.user, filed.member)
    lines = selectors.sheet(filed, kpis=readable_kpis(request.user, filed))
    data = request.POST if request.method == "POST" else {}
    checks = [
        Check(line, MarkForm(line.kpi, line.value.answer, data=data))
        for line in lines
        if line.falls_to & offices
    ]
    if not checks and "auditor" not in offices:
        raise PermissionDenied("nothing in this return waits for the secretariat")
    if request.method != "POST" and filed.status != Return.Status.FILED:
        return redirect(filed)
    for check in checks:
        check.form.full_clean()
    problem = ""
    if request.method == "POST":
        problem = _mark(request, filed, checks)
        if problem is None:
            return redirect("kpis:verify", pk)
    return render(request, "kpis/verify.html", _context(filed, lines, checks, problem))


def _mark(request: HttpRequest, filed: Return, checks: list[Check]) -> str | None:
    """Return what keeps the marks from being kept, None when they are."""
    marks = {c.line.kpi.code: mark for c in checks if (mark := c.form.mark())}
    if not marks:
        return "Choose a word for at least one value."
    try:
        kept = services.mark_values(
            return_id=filed.pk, marks=marks, by=request.user, on=timezone.localdate()
        )
    except services.BadMarks as error:
        for check in checks:
            check.form.show(error.problems.get(check.line.kpi.code, {}))
        return ""
    except REFUSALS as error:
        return f"{sentence(error)}."
    messages.success(request, f"{len(kept)} value{'s' if len(kept) > 1 else ''} marked.")
    return None


def _context(filed: Return, lines: list, checks: list[Check], problem: str) -> dict:
    errors = [{"text": problem, "href": ""}] if problem else []
    for check in checks:
        for name, said in check.form.errors.items():
            href = f"#{check.form[name].auto_id}"
            errors += [{"text": f"{check.line.kpi.title}: {e}", "href": href} for e in said]
    return {
        "of_return": filed,
        "checks": checks,
        "errors": errors,
        "marked": sum(bool(check.line.marks) for check in checks),
        "history": selectors.history(filed, lines),
        "today": timezone.localdate(),
    }
