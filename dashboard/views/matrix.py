"""The compliance matrix: requirement × member × period, its cells one by one, and its export."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.rules.addressing import row_number
from dashboard import selectors
from members.models import Member
from members.rules import STANDING_WORDS
from reports import selectors as reports
from reports import services
from reports.filters import MatrixFilter
from reports.rules.matrix import FIRST, NOTHING, WORDS, Held, leading
from reports.selectors.cell import cell as facts_of
from reports.selectors.matrix import Matrix
from rulebooks.rules import reading
from rulebooks.rules.edition import Edition
from suspensions.rules.words import BREACHES
from targets import selectors as targets
from targets.models import Period

MEMBERS = 25  # rows of a page
COUNTED = 2_000  # members over whom the words are counted without being asked


class Asked:
    """What an address asks for: a period, a requirement, a state, and which members."""

    def __init__(self, request: HttpRequest, sent: QueryDict) -> None:
        self.today = timezone.localdate()
        self.period = _period(sent.get("period", ""))
        self.found: Matrix | None = None
        self.fault = ""
        visible = Member.objects.visible_to(request.user).select_related("organisation")
        self.filter = MatrixFilter(sent, queryset=visible)
        self.sent = {name: sent[name] for name in self.filter.filters if sent.get(name)}
        if self.period is not None:
            wanted = sent.get("requirement", "")
            self.found = reports.matrix(
                self.period, reader=request.user, on=self.today, requirement=wanted
            )

    def members(self) -> QuerySet[Member]:
        """Return the members that pass; none where the address asks for what there is not."""
        if self.found is None or not self.filter.is_valid():
            self.fault = str(self.filter.errors.as_text()) if self.found else ""
            return Member.objects.none()
        rows = self.filter.qs
        try:
            return reports.those_asked_for(self.found, rows, self.filter.form.cleaned_data)
        except reports.NeedsRequirement as error:
            self.fault = f"{error}."
            return rows.none()


def _period(code: str) -> Period | None:
    if not code:
        return selectors.current_period(timezone.localdate())
    if "\0" in code:
        raise Http404
    return get_object_or_404(Period.objects.select_related("edition"), code=code)


@require_safe
@login_required
def matrix(request: HttpRequest) -> HttpResponse:
    """Show the members that the reader may see, a row each, for one period."""
    asked = Asked(request, request.GET)
    rows = asked.members()
    after = row_number(request.GET.get("after", ""))
    part = targets.slice_after(rows.order_by("pk"), after=after, size=MEMBERS)
    count = rows.count()
    counts_all = count <= COUNTED or request.GET.get("totals") == "all"
    context = {
        "asked": asked,
        "period": asked.period,
        "fault": asked.fault,
        "count": count,
        "words": Words(asked),
        "legend": [WORDS[state] for state in FIRST],
        "export": asked.sent,
    }
    if asked.found is not None:
        context |= _table(asked.found, part.rows)
        context["totals"] = _totals(asked.found, rows) if counts_all else []
        words = context["words"]
        context["totals_url"] = "" if counts_all else words.address(totals="all")
        context["first_url"] = words.address() if part.begun else ""
        context["next_url"] = words.address(after=part.next) if part.next else ""
    return render(request, "dashboard/matrix.html", context)


def _table(found: Matrix, page: list[Member]) -> dict:
    cells = reports.cells(found, page)
    return {
        "columns": found.columns,
        "lines": [
            {
                "member": m,
                "url": _url(m, found),
                "cells": [_cell(cells.get((m.pk, c.code)), c) for c in found.columns],
            }
            for m in page
        ],
    }


def _totals(found: Matrix, rows: QuerySet[Member]) -> list[tuple[str, list[int]]]:
    counted = reports.counts(found, rows)
    return [
        (WORDS[state][0], [counted[column.code].get(state, 0) for column in found.columns])
        for state in FIRST
    ]


def _url(member: Member, found: Matrix) -> str:
    """Return where the cells of a member lie; the requirement's code follows."""
    return reverse("dashboard:cell", args=[member.code, found.period.code, "-"]).removesuffix("-/")


def _cell(held: frozenset[Held] | None, column) -> dict | None:
    if held is None:
        return None
    first = leading(held)
    word, kind = WORDS[first][:2] if first else NOTHING
    shape = _shape(kind)
    more = [WORDS[state][0].lower() for state in FIRST if state in held and state is not first]
    said = ", ".join(more)
    return {"word": word, "kind": kind, "shape": shape, "more": said, "code": column.code}


@cache
def _shape(kind: str) -> str:
    """Return the shape of a kind of mark, rendered once: a page has thousands of them."""
    return render_to_string("components/shape.html", {"kind": kind})


class Words:
    """The filters as words: those that are on, and those that can be chosen, with addresses."""

    def __init__(self, asked: Asked) -> None:
        self.sent, self.period = asked.sent, asked.period
        self.document: Edition | None = asked.period.edition.document if asked.period else None

    def address(self, **other: object) -> str:
        """Return the address of this matrix with some filters set otherwise."""
        wanted = {name: value for name, value in (self.sent | other).items() if value}
        return f"?{urlencode(wanted)}"

    def on(self) -> list[dict[str, str]]:
        says = {"member_class": "class {}", "chamber": "chamber {}", "state": "{}", "period": "{}"}
        return [
            {
                "label": says.get(name, f"{name} {{}}").format(self._said(name, value)),
                "clear_url": self.address(**{name: ""}),
            }
            for name, value in self.sent.items()
        ]

    def _said(self, name: str, value: str) -> str:
        if name == "period" and self.period is not None:
            return self.period.name
        if name == "state" and value in set(Held):
            return WORDS[Held(value)][0].lower()
        if name == "standing" and value in STANDING_WORDS:
            return STANDING_WORDS[value][0].lower()
        return value

    def choices(self) -> list[dict[str, str]]:
        if self.document is None:
            return []
        chosen = [
            {"label": WORDS[state][0].lower(), "url": self.address(state=state.value)}
            for state in FIRST
            if "state" not in self.sent and (state is not Held.MET or "requirement" in self.sent)
        ]
        parts = {"member_class": self.document.classes, "chamber": self.document.chambers}
        for name, options in parts.items():
            if name not in self.sent:
                chosen += [
                    {"label": one.name, "url": self.address(**{name: one.code})} for one in options
                ]
        return chosen

    def periods(self) -> list[dict[str, str]]:
        """Return the other periods, the newest first."""
        rows = Period.objects.of_all().order_by("-about_from", "-pk")[:12]
        return [
            {"label": row.name, "url": self.address(period=row.code)}
            for row in rows
            if self.period is None or row.pk != self.period.pk
        ]


@require_safe
@login_required
def cell(request: HttpRequest, code: str, period: str, requirement: str) -> HttpResponse:
    """Show the facts that one cell rests on."""
    visible = Member.objects.visible_to(request.user).select_related("organisation")
    member = get_object_or_404(visible, code=code)
    found = reports.matrix(
        _period(period), reader=request.user, on=timezone.localdate(), requirement=requirement
    )
    column = next(iter(found.asked_of([member])[member.pk]), None)
    if column is None:
        raise Http404
    facts = facts_of(found, member, column, reader=request.user)
    first = leading(facts.held)
    context = {
        "member": member,
        "period": found.period,
        "column": column,
        "facts": facts,
        "word": WORDS[first][:2] if first else NOTHING,
        "held": [(*_counted(state), state in facts.held) for state in reversed(FIRST)],
        "duties": [
            (reading.duty(span.key, found.period.edition.document), span) for span in facts.duties
        ],
        "breaches": [(breach, *BREACHES[breach.status]) for breach in facts.breaches],
        "today": found.on,
    }
    return render(request, "dashboard/cell.html", context)


def _counted(state: Held) -> tuple[str, str, str]:
    """Return a state's label, look and ground where it is told by itself.

    In the matrix "signed" says that nothing more is there yet; here it is one good thing of some.
    """
    label, kind, ground = WORDS[state]
    return label, "good" if state in (Held.SIGNED, Held.EVIDENCED) else kind, ground


@require_POST
@login_required
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Send the matrix as a table while it is made; that is an act of the reader, on record."""
    asked = Asked(request, request.POST)
    rows = asked.members()
    if asked.found is None or asked.fault:
        return redirect("dashboard:matrix")
    form = request.POST.get("form", "csv")
    if form not in services.matrix.FORMS:
        raise Http404
    export = services.export_matrix(
        found=asked.found, of=rows, form=form, by=request.user, on=asked.today
    )
    kind = "text/csv; charset=utf-8" if form == "csv" else XLSX
    answer = StreamingHttpResponse(export.parts, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{export.name}"'
    answer["Cache-Control"] = "no-store"
    return answer


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
