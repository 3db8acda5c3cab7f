"""Returns as they are read: the list, one return, its evidence."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.access import can as can_in_own_right
from accounts.rules import Permission
from accounts.rules.addressing import row_number
from kpis import selectors
from kpis.access import readable_kpis, reader
from kpis.filters import ReturnFilter
from kpis.forms.returns import ReasonForm
from kpis.models import Evidence, Return
from kpis.rules.sites import asked_per_site
from rulebooks import selectors as rulebooks
from targets import selectors as targets
from targets.rules import Phase


@require_safe
@login_required
def returns(request: HttpRequest) -> HttpResponse:
    """The returns that the reader may see; for members also what is to be filed."""
    rows = Return.objects.visible_to(request.user).latest().with_context().defer("edition__text")
    found = ReturnFilter(request.GET, queryset=rows)
    matching = found.qs if found.is_valid() else rows.none()
    after, today = row_number(request.GET.get("after", "")), timezone.localdate()
    part = targets.slice_after(matching.order_by("-pk"), after=after, newest=True)
    words = FilterWords(request.GET, found)
    context = {
        "count": matching.count(),
        "rows": part.rows,
        "newest_url": words.address() if part.begun else "",
        "older_url": words.address(after=part.next) if part.next else "",
        "is_staff": can_in_own_right(request.user, Permission.MEMBER_VIEW_ALL),
        "may_move": can_in_own_right(request.user, Permission.EDITION_COUNTERSIGN),
        "to_file": selectors.to_file(request.user, on=today),
        "today": today,
        "words": words,
    }
    return render(request, "kpis/returns.html", context)


class FilterWords:
    """The filters as words: those that are on, and those that can be chosen, with addresses."""

    def __init__(self, sent: QueryDict, found: ReturnFilter) -> None:
        self.sent = {name: sent[name] for name in found.filters if sent.get(name)}
        self.chosen = found.form.cleaned_data if found.is_valid() else {}
        self.periods = found.filters["period"].queryset

    def address(self, **other: object) -> str:
        """Return the address of this list with some filters set otherwise."""
        wanted = {name: value for name, value in (self.sent | other).items() if value}
        return f"?{urlencode(wanted)}"

    def on(self) -> list[dict[str, str]]:
        says = {"member_class": "class {}", "member": "member {}", "period": "{}"}
        said = {name: says.get(name, "{}").format(self.chosen.get(name)) for name in self.sent}
        if "status" in said:
            said["status"] = dict(Return.Status.choices).get(self.sent["status"], "")
        return [
            {"label": said[name], "clear_url": self.address(**{name: ""})}
            for name in self.sent
            if self.chosen.get(name)
        ]

    def statuses(self) -> list[dict[str, str]]:
        others = [(code, label) for code, label in Return.Status.choices if code != self.status]
        return [{"label": label, "url": self.address(status=code)} for code, label in others]

    def by_period(self) -> list[dict[str, str]]:
        return [
            {"label": period.name, "url": self.address(period=period.code)}
            for period in self.periods
            if period.code != self.sent.get("period")
        ]

    def by_class(self) -> list[dict[str, str]]:
        """Return the classes of the period's edition, or of today's where no period is chosen."""
        period = self.chosen.get("period")
        document = (
            period.edition.document if period else rulebooks.current_document(timezone.localdate())
        )
        return [
            {"label": one.name, "url": self.address(member_class=one.code)}
            for one in (document.classes if document else ())
            if one.code != self.sent.get("member_class")
        ]

    @property
    def status(self) -> str:
        return self.sent.get("status", "")


@require_safe
@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One return, as far as the reader may see it."""
    rows = Return.objects.visible_to(request.user).with_context()
    of_return = get_object_or_404(rows, pk=pk)
    member, today = of_return.member, timezone.localdate()
    as_reader = reader(request.user, of_return)
    lines = selectors.sheet(of_return, kpis=as_reader.kpis)
    window = targets.window(member, of_return.period)
    is_open = window.phase(today) in {Phase.OPEN, Phase.LATE}
    is_filed = of_return.status == Return.Status.FILED
    fills_in = as_reader.may(Permission.RETURN_EDIT)
    context = {
        "of_return": of_return,
        "lines": lines,
        "withheld": len(of_return.edition.document.kpis) - len(lines),
        "is_own": as_reader.is_own,
        "has_sites": bool(asked_per_site(of_return.edition.document)),
        "history": selectors.history(of_return, lines),
        "sent_back": selectors.last_sent_back(of_return),
        "window": window,
        "extension": targets.extension(member, of_return.period) if window.extended else None,
        "fills_in": fills_in,
        "signs": as_reader.may(Permission.RETURN_SIGN_OFF),
        "verifies": as_reader.may(Permission.RETURN_VERIFY),
        "decides": as_reader.may(Permission.RETURN_JUDGE)
        and any(line.waits and "secretariat" in line.falls_to for line in lines),
        "may_correct": fills_in and is_filed and is_open and of_return.is_newest(),
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
