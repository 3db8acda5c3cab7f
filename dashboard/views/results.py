"""How all members came out together, period by period: numbers that give no member away."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import access as own_right
from accounts.rules import Permission
from dashboard.views import figures
from kpis import selectors as kpis
from kpis.models import Aggregate
from members.models import Member

LINES = {"class": "Class", "chamber": "Chamber", "country": "Country", "size": "Size"}
QUARTERS = {1: "first", 2: "second", 3: "third", 4: "last"}
MOST_OWN = 10


@require_safe
def results(request: HttpRequest, period: str = "") -> HttpResponse:
    """The last table, or that of a period: spread, rows, and the way of all over the periods."""
    tables = kpis.tables_told(request.user)
    found = next((one for one in tables if not period or one.period.code == period), None)
    if period and found is None:
        raise Http404
    context = {
        "found": found,
        "trend": [(one, _told(one, one.table["total"])) for one in tables],
        "trend_chart": figures.share_over_periods(tables[::-1]) if len(tables) > 1 else None,
    }
    if found:
        context |= _table(found) | {"own": _own(request, found)}
    return render(request, "dashboard/results.html", context)


def _table(found: Aggregate) -> dict[str, object]:
    edition, rows = found.run.edition.document, found.table["rows"]
    return {
        "edition": edition,
        "rule": edition.aggregates,
        "largest": f"{edition.aggregates.largest_share * 100:.0f}",
        "columns": kpis.columns_of(found),
        "total": _told(found, found.table["total"]),
        "chart": figures.spread(found),
        "parts": [
            (LINES[line], [(_name(found, row), _told(found, row)) for row in told])
            for line in edition.aggregates.breakdowns
            for told in [[row for row in rows if row["line"] == line]]
        ],
    }


def _told(found: Aggregate, row: dict) -> list[tuple[kpis.Column, int, int]]:
    """Return each column with its count and its part in percent, cut to whole numbers.

    Nothing where the row is withheld.
    """
    counts: Sequence[int] = row["counts"] or ()
    columns = kpis.columns_of(found)[: len(counts)]
    whole = sum(counts)
    return [
        (column, count, kpis.percent(count, whole))
        for column, count in zip(columns, counts, strict=True)
    ]


def _name(found: Aggregate, row: dict) -> str:
    edition, line, value = found.run.edition.document, row["line"], row["value"]
    said = {
        "class": {one.code: one.name for one in edition.classes},
        "chamber": {one.code: one.name for one in edition.chambers},
        "size": {one.code: one.name for one in edition.sizes},
    }
    return said.get(line, {}).get(value, value) or "Not known"


def _own(request: HttpRequest, found: Aggregate) -> list[tuple[Member, kpis.Place, str]]:
    """Return where the reader's own members stand; staff read that on the scorecards."""
    if own_right.can(request.user, Permission.MEMBER_VIEW_ALL):
        return []
    rows = Member.objects.visible_to(request.user).select_related("organisation").order_by("pk")
    places = ((one, kpis.place_among_all(one, found)) for one in rows[:MOST_OWN])
    return [(one, place, QUARTERS.get(place.quarter, "")) for one, place in places if place]
