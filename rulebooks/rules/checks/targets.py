"""What must hold of targets and the KPIs that measure them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import unknown
from rulebooks.rules.document import Fault
from rulebooks.rules.scales.trajectories import line_problem

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def target_faults(edition: Edition) -> Iterator[Fault]:
    """Yield targets without a KPI of numbers, or that go the wrong way in time or direction."""
    kpis = {kpi.code: kpi for kpi in edition.kpis}
    for index, target in enumerate(edition.targets):
        path = ("targets", index)
        yield from unknown((*path, "kpi"), target.kpi, "KPI", kpis)
        kpi = kpis.get(target.kpi)
        if kpi is None:
            continue
        if kpi.scale.kind not in ("number", "ratio") or kpi.direction not in ("higher", "lower"):
            message = "needs a KPI on a scale of numbers with direction higher or lower"
            yield Fault((*path, "kpi"), message)
        elif problem := line_problem(target.line, kpi.direction):
            place, field, message = problem
            milestone = place <= len(target.milestones)
            at = ("milestones", place - 1) if milestone else ("goal",)
            yield Fault((*path, *at, field), message)
