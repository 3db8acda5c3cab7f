"""What must hold of targets and the KPIs that measure them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import unknown
from rulebooks.rules.document import Fault

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def target_faults(edition: Edition) -> Iterator[Fault]:
    """Yield targets without a KPI of numbers, or that go the wrong way in time or direction."""
    kpis = {kpi.code: kpi for kpi in edition.kpis}
    for index, target in enumerate(edition.targets):
        path = ("targets", index)
        yield from unknown((*path, "kpi"), target.kpi, "KPI", kpis)
        first, last = target.baseline, target.goal
        if last.year <= first.year:
            yield Fault((*path, "goal", "year"), f"must lie after the baseline year {first.year}")
        kpi = kpis.get(target.kpi)
        if kpi is None:
            continue
        if kpi.scale.kind not in ("number", "ratio") or kpi.direction not in ("higher", "lower"):
            message = "needs a KPI on a scale of numbers with direction higher or lower"
            yield Fault((*path, "kpi"), message)
        elif (last.value > first.value) is not (kpi.direction == "higher"):
            message = f"{last.value} is no improvement on {first.value}: {kpi.code} is better"
            yield Fault((*path, "goal", "value"), f"{message} when {kpi.direction}")
