"""One period in parallel with the old spreadsheet: a page of differences that changes nothing."""

from __future__ import annotations

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.rules import Permission
from kpis import selectors
from kpis.forms.old_sheet import OldSheetForm
from kpis.rules import old_sheet as rules
from kpis.rules.mapping import Refused
from kpis.rules.old_sheet import Line, Sort

SHOWN = 500  # lines of each sort
WORDS = {
    Sort.DIFFERENT: ("Different", "breach"),
    Sort.ONLY_THERE: ("Only in the sheet", "soon"),
    Sort.ONLY_HERE: ("Only here", "soon"),
    Sort.EQUAL: ("Equal", "good"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def old_sheet(request: HttpRequest) -> HttpResponse:
    """Lay a spreadsheet beside what stands here; nothing of it is kept."""
    access.require(request.user, Permission.FACT_IMPORT)
    form = OldSheetForm(request.POST or None, request.FILES or None)
    context = {"form": form, "lines": None}
    if request.method == "POST" and form.is_valid():
        try:
            context |= _differences(request, **form.cleaned_data)
        except Refused as refused:
            for fault in refused.faults:
                form.add_error("sheet", str(fault))
    return render(request, "kpis/old_sheet.html", context)


def _differences(request: HttpRequest, *, period, sheet, profile) -> dict:
    there = rules.read(profile, sheet, period=period.code)
    here = selectors.standing_for(
        period, by=profile.member.by, reader=request.user, on=timezone.localdate()
    )
    lines = rules.compare(there, here)
    counts = Counter(line.sort for line in lines)
    return {
        "period": period,
        "lines": lines,
        "apart": len(lines) - counts[Sort.EQUAL],
        "groups": [(*WORDS[sort], counts[sort], _of(lines, sort)) for sort in Sort if counts[sort]],
        "shown": SHOWN,
    }


def _of(lines: list[Line], sort: Sort) -> list[Line]:
    return [line for line in lines if line.sort is sort][:SHOWN]
