"""What covers what in an edition, as a picture with its table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reports.rules.charts import Chart, Tier, tiers
from rulebooks.models import Edition
from rulebooks.rules.coverage import Coverage, Covered
from rulebooks.rules.coverage import coverage as covered

TOLD = (
    "Mission, targets, the requirements that they serve and the KPIs that show them, from the top "
    "down. A hole is a triangle with the word. The table below says the same."
)
SORTS = {
    "target": "Target",
    "own target": "Members' own target",
    "requirement": "Requirement",
    "kpi": "KPI",
}


@require_safe
def coverage(request: HttpRequest, code: str) -> HttpResponse:
    """Mission, targets, requirements and KPIs of an edition, and the holes between them."""
    row = get_object_or_404(Edition.objects.visible_to(request.user), code=code)
    found = covered(row.document)
    titles = {(one.sort, one.code): one.title for one in found.all}
    context = {
        "row": row,
        "picture": picture(found) if found.all else None,
        "holes": found.holes,
        "said": _holes(len(found.holes)),
        "lines": [_line(one, titles) for one in found.all],
    }
    return render(request, "dashboard/coverage.html", context)


def picture(found: Coverage) -> Chart:
    """Draw what covers what; the title says how many holes there are."""
    title = "Every target is measured, every requirement can be shown, every KPI serves"
    if found.holes:
        title = f"{_holes(len(found.holes))} in what covers what"
    return tiers(list(_tiers(found)), title=title, description=TOLD)


def _holes(count: int) -> str:
    return f"{count} hole{'' if count == 1 else 's'}"


def _tiers(found: Coverage) -> Iterator[Tier]:
    drawing = _Drawing(found)
    targets = tuple(drawing.target(one) for one in found.targets)
    alone = tuple(map(drawing.requirement, drawing.left(found.requirements)))
    beside = tuple(map(drawing.kpi, drawing.left(found.kpis)))
    mission = found.mission or "The edition states no mission"
    yield Tier("mission", mission, "mission", below=targets)
    if alone:
        yield Tier("group", "Requirements that no target serves", below=alone)
    if beside:
        yield Tier("group", "KPIs of no requirement and no target", below=beside)


class _Drawing:
    """Draws each thing out once; where it is met again, it only says so."""

    def __init__(self, found: Coverage) -> None:
        self._requirements = {one.code: one for one in found.requirements}
        self._kpis = {one.code: one for one in found.kpis}
        self._drawn: set[tuple[str, str]] = set()

    def left(self, things: Iterable[Covered]) -> list[Covered]:
        return [one for one in things if (one.sort, one.code) not in self._drawn]

    def target(self, one: Covered) -> Tier:
        served = [self._requirements[code] for code in one.serves]
        shown = {code for requirement in served for code in requirement.shown_by}
        below = [self.requirement(requirement) for requirement in served]
        below += [self.kpi(self._kpis[code]) for code in one.shown_by if code not in shown]
        return Tier("target", one.title, _words(one), one.hole, below=tuple(below))

    def requirement(self, one: Covered) -> Tier:
        if self._again(one):
            return Tier("requirement", one.title, again=True)
        words = _words(one, "shown by its evidence" if one.evidence else "")
        below = tuple(self.kpi(self._kpis[code]) for code in one.shown_by)
        return Tier("requirement", one.title, words, one.hole, below=below)

    def kpi(self, one: Covered) -> Tier:
        if self._again(one):
            return Tier("kpi", one.title, again=True)
        return Tier("kpi", one.title, _words(one, "in the score" if one.score else ""), one.hole)

    def _again(self, one: Covered) -> bool:
        """Return whether a thing was drawn before; from now on it was."""
        before = (one.sort, one.code) in self._drawn
        self._drawn.add((one.sort, one.code))
        return before


def _words(one: Covered, more: str = "") -> str:
    words = f"{SORTS[one.sort]} {one.code}, clause {one.clause}"
    return f"{words}, {more}" if more else words


def _line(one: Covered, titles: Mapping[tuple[str, str], str]) -> dict:
    shown = [titles["kpi", code] for code in one.shown_by]
    if one.evidence:
        shown.append(f"evidence: {one.evidence}")
    serves = [titles["requirement", code] for code in one.serves]
    if one.score:
        serves.append("the score")
    return {"of": one, "sort": SORTS[one.sort], "serves": serves, "shown_by": shown}
