"""Returns as they are read: the list, one return, its evidence."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import can as can_in_own_right
from accounts.rules import Permission
from kpis import selectors
from kpis.access import acts_for, readable_kpis
from kpis.filters import ReturnFilter
from kpis.forms.returns import ReasonForm
from kpis.models import Evidence, Return
from members import access
from targets import selectors as targets
from targets.rules import Phase


@require_safe
@login_required
def returns(request: HttpRequest) -> HttpResponse:
    """The returns that the reader may see; for members also what is to be filed."""
    rows = Return.objects.visible_to(request.user).latest().with_context()
    found = ReturnFilter(request.GET, queryset=rows)
    matching = found.qs if found.is_valid() else rows.none()
    after = request.GET.get("after", "")
    today = timezone.localdate()
    context = {
        "filter": found,
        "count": matching.count(),
        "slice": targets.slice_after(
            matching.order_by("-pk"), after=int(after) if after.isdecimal() else None, newest=True
        ),
        "is_staff": can_in_own_right(request.user, Permission.MEMBER_VIEW_ALL),
        "to_file": selectors.to_file(request.user, on=today),
        "today": today,
        **_choices(request, found),
    }
    return render(request, "kpis/returns.html", context)


def _choices(request: HttpRequest, found: ReturnFilter) -> dict:
    """Return the filters as words: those that are on, and those that can be chosen."""
    sent = {name: request.GET[name] for name in found.filters if request.GET.get(name)}
    chosen = found.form.cleaned_data if found.is_valid() else {}
    said = {
        "period": lambda period: period.name,
        "status": lambda status: Return.Status(status).label,
        "member_class": lambda code: f"class {code}",
        "member": lambda code: f"member {code}",
    }

    def address(**other: str) -> str:
        query = request.GET.copy()
        query.clear()
        query.update({k: v for k, v in {**sent, **other}.items() if v})
        return f"?{query.urlencode()}"

    return {
        "on": [
            {"label": said[name](chosen[name]), "clear_url": address(**{name: ""})}
            for name in sent
            if chosen.get(name)
        ],
        "status_choices": [
            {"label": label, "url": address(status=code), "current": sent.get("status") == code}
            for code, label in Return.Status.choices
            if sent.get("status") != code
        ],
        "period_choices": [
            {"label": period.name, "url": address(period=period.code)}
            for period in found.filters["period"].queryset
            if sent.get("period") != period.code
        ],
        "here": address(),
    }


@require_safe
@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One return, as far as the reader may see it."""
    rows = Return.objects.visible_to(request.user).with_context()
    of_return = get_object_or_404(rows, pk=pk)
    user, member, today = request.user, of_return.member, timezone.localdate()
    readable = readable_kpis(user, of_return)
    lines = selectors.sheet(of_return, kpis=readable)
    window = targets.window(member, of_return.period)
    is_open = window.phase(today) in {Phase.OPEN, Phase.LATE}
    is_filed, is_newest = of_return.status == Return.Status.FILED, of_return.is_newest()
    may = {
        name: access.can(user, permission, member=member)
        for name, permission in {
            "fill_in": Permission.RETURN_EDIT,
            "sign": Permission.RETURN_SIGN_OFF,
            "verify": Permission.RETURN_VERIFY,
        }.items()
    }
    context = {
        "of_return": of_return,
        "lines": lines,
        "withheld": len(of_return.edition.document.kpis) - len(lines),
        "is_own": acts_for(user, member),
        "history": selectors.history(of_return, lines),
        "sent_back": selectors.last_sent_back(of_return),
        "window": window,
        "may": may,
        "may_correct": may["fill_in"] and is_filed and is_newest and is_open,
        "correct_form": ReasonForm(label="What is corrected, and why"),
        "today": today,
    }
    return render(request, "kpis/return.html", context)


@require_safe
@login_required
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out a file: never shown in the browser, only to who may read the KPI's answer."""
    rows = Evidence.objects.visible_to(request.user)
    found = get_object_or_404(rows.select_related("of_return__edition", "of_return__member"), pk=pk)
    if found.kpi not in readable_kpis(request.user, found.of_return):
        raise Http404
    answer = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.media_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
