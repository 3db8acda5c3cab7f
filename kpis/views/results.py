"""How all members came out together, period by period: numbers that give no member away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kpis.models import Aggregate
from kpis.selectors.scores import percent

LINES = {"class": "Class", "chamber": "Chamber", "country": "Country", "size": "Size"}
NOT_IN_A_BAND = "In no band"


@require_safe
def results(request: HttpRequest, period: str = "") -> HttpResponse:
    """The last table, or that of a period, and the totals of the periods before."""
    visible = Aggregate.objects.visible_to(request.user).select_related("period", "run__edition")
    tables = sorted(visible.latest(), key=lambda one: one.period.about_from, reverse=True)
    if period:
        found = get_object_or_404(visible.latest(), period__code=period)
    else:
        found = tables[0] if tables else None
    context = {
        "found": found,
        "trend": [{"table": one, "total": _total(one)} for one in tables],
    }
    if found:
        context |= _table(found)
    return render(request, "kpis/results.html", context)


def _total(of: Aggregate) -> list[tuple[str, int, int]]:
    """Return each column of a period with its count and percent, empty where withheld."""
    _, cells = _cells(of, of.table["total"])
    return [(name, *cell) for name, cell in zip(_columns(of), cells or (), strict=False)]


def _columns(of: Aggregate) -> list[str]:
    bands = of.run.edition.document.bands.bands
    names = {band.code: band.label for band in bands} | {"": NOT_IN_A_BAND}
    return [" or ".join(names.get(b, b) for b in column) for column in of.table["columns"]]


def _table(found: Aggregate) -> dict[str, object]:
    edition = found.run.edition.document
    total, rows = found.table["total"], found.table["rows"]
    return {
        "edition": edition,
        "rule": edition.aggregates,
        "largest": f"{edition.aggregates.largest_share * 100:.0f}",
        "columns": _columns(found),
        "total": _cells(found, total),
        "parts": [
            (LINES[line], [_cells(found, row) for row in rows if row["line"] == line])
            for line in edition.aggregates.breakdowns
        ],
    }


def _cells(found: Aggregate, row: dict) -> tuple[str, list[tuple[int, int]] | None]:
    """Return the name of a row, and each count with its part in percent, cut to whole numbers."""
    edition, line, value = found.run.edition.document, row["line"], row["value"]
    said = {
        "class": {one.code: one.name for one in edition.classes},
        "chamber": {one.code: one.name for one in edition.chambers},
        "size": {one.code: one.name for one in edition.sizes},
    }
    name = said.get(line, {}).get(value, value) or "Not known"
    if row["counts"] is None:
        return name, None
    whole = sum(row["counts"])
    return name, [(count, percent(count, whole)) for count in row["counts"]]
