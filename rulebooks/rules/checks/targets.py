"""What must hold of the mission, of targets, and of the KPIs and nodes that measure them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import codes, selected, unknown
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.scales import Direction
from rulebooks.rules.scales.trajectories import line_problem
from rulebooks.rules.targets import OfParts, OwnTarget, ShareReaching, Sum, Target

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition
    from rulebooks.rules.indicators import Kpi

NUMBERS = ("number", "ratio")
PERCENT = "percent"
NEEDS_PARTS = "of_parts needs a KPI that is a ratio"
NEEDS_NUMBERS = "needs a KPI on a scale of numbers with direction higher or lower"


def target_faults(edition: Edition) -> Iterator[Fault]:
    """Yield targets that nothing can measure as they say, or that go the wrong way."""
    yield from _theory_faults(edition)
    for index, target in enumerate(edition.targets):
        path = ("targets", index)
        yield from _named(path, target, edition)
        yield from _indicator_faults(path, target, edition)
    for index, own in enumerate(edition.member_targets):
        yield from _own_faults(("member_targets", index), own, edition)
    for index, kpi in enumerate(edition.kpis):
        if kpi.reads_own_line:
            yield from _own_line_faults(("kpis", index), kpi, edition)


def _theory_faults(edition: Edition) -> Iterator[Fault]:
    theory = edition.mission.theory_of_change if edition.mission else None
    if theory is None:
        return
    known = codes(chain(edition.kpis, edition.scoring.nodes, edition.targets))
    for name in ("steps", "assumptions"):
        for place, one in enumerate(getattr(theory, name)):
            path = ("mission", "theory_of_change", name, place, "shown_by")
            yield from selected(path, one.shown_by, "KPI, node or target", known)


def _named(path: Path, target: Target, edition: Edition) -> Iterator[Fault]:
    """Yield classes, chambers, bodies and requirements that do not exist."""
    lists = {
        "applies_to": ("class", edition.classes),
        "chambers": ("chamber", edition.chambers),
        "serves": ("requirement", edition.requirements),
    }
    for name, (what, parts) in lists.items():
        yield from selected((*path, name), getattr(target, name), what, codes(parts))
    owner, bodies = target.owner, codes(edition.bodies)
    if owner is not None and owner.body is not None:
        yield from unknown((*path, "owner", "body"), owner.body, "body", bodies)


def _indicator_faults(path: Path, target: Target, edition: Edition) -> Iterator[Fault]:
    if target.kpi is None:
        yield from _of_node(path, target, edition)
    elif target.node is not None:
        yield Fault((*path, "node"), "kpi is said too; one indicator measures a target")
    else:
        yield from unknown((*path, "kpi"), target.kpi, "KPI", codes(edition.kpis))
        for kpi in edition.kpis:
            if kpi.code == target.kpi:
                yield from _of_kpi(path, target, kpi)


def _of_node(path: Path, target: Target, edition: Edition) -> Iterator[Fault]:
    """Yield what a target lacks that no KPI measures: its node, and what a KPI would say."""
    if target.node is not None:
        numbers = [node.code for node in edition.scoring.nodes if not node.labelled]
        yield from unknown((*path, "node"), target.node, "node with a number", numbers)
    for name in ("unit", "direction"):
        if getattr(target, name) is None:
            yield Fault((*path, name), f"say the {name}: no KPI says it")
    if isinstance(target.aggregate, OfParts):
        yield Fault((*path, "aggregate", "kind"), NEEDS_PARTS)
    if target.direction is not None:
        yield from _way_faults(path, target, Direction(target.direction), target.unit or "")


def _of_kpi(path: Path, target: Target, kpi: Kpi) -> Iterator[Fault]:
    """Yield what does not fit the KPI: its scale, unit, direction, or how it is taken together."""
    if kpi.scale.kind not in NUMBERS or kpi.direction not in ("higher", "lower"):
        yield Fault((*path, "kpi"), NEEDS_NUMBERS)
        return
    shared = isinstance(target.aggregate, ShareReaching)
    unit = PERCENT if shared else kpi.unit
    if target.unit not in (None, unit):
        of = "a share of members is in" if shared else f"{kpi.code} is measured in"
        yield Fault((*path, "unit"), f"{target.unit!r} is another unit: {of} {unit}")
    direction = Direction.HIGHER if shared else kpi.direction
    if target.direction not in (None, direction):
        yield Fault((*path, "direction"), f"of this it is better when {direction}")
    ratio = kpi.scale.kind == "ratio"
    if isinstance(target.aggregate, OfParts) and not ratio:
        yield Fault((*path, "aggregate", "kind"), NEEDS_PARTS)
    elif isinstance(target.aggregate, Sum) and ratio:
        message = "ratios are not added; allowed: of_parts, mean, share_reaching"
        yield Fault((*path, "aggregate", "kind"), message)
    yield from _way_faults(path, target, direction, unit)


def _way_faults(path: Path, target: Target, direction: Direction, unit: str) -> Iterator[Fault]:
    """Yield what is wrong with the way from the baseline to the goal, and who goes it."""
    if target.goal.percent is not None and target.baseline.value == 0:
        message = "the baseline is 0, and a change in percent of nothing is nothing; say value"
        yield Fault((*path, "goal", "percent"), message)
    elif target.goal.percentage_points is not None and unit != PERCENT:
        message = f"the unit is {unit}, no percentage; say value or percent"
        yield Fault((*path, "goal", "percentage_points"), message)
    elif problem := line_problem(target.line, direction):
        yield _line_fault(path, target, problem)
    if target.trajectory == "milestones" and not target.milestones:
        yield Fault((*path, "milestones"), "trajectory milestones needs at least one")
    if target.due_on is not None and target.due_on.year != target.goal.year:
        yield Fault((*path, "due_on"), f"must lie in the goal's year, {target.goal.year}")
    if target.aggregate is not None and target.reached_by == "each_member":
        message = "each member reaches it by itself; nothing is taken together"
        yield Fault((*path, "aggregate"), message)


def _line_fault(path: Path, target: Target, problem: tuple[int, str, str]) -> Fault:
    place, field, message = problem
    if place <= len(target.milestones):
        return Fault((*path, "milestones", place - 1, field), message)
    if field == "year":
        return Fault((*path, "goal", "year"), message)
    first = target.baseline.value
    up = target.line[-1].value <= first <= target.line[-2].value
    down = target.line[-1].value >= first >= target.line[-2].value
    if up or down:
        message += "; it is reached at its baseline already"
    return Fault((*path, "goal", target.goal.said[0]), message)


def _own_faults(path: Path, own: OwnTarget, edition: Edition) -> Iterator[Fault]:
    """Yield own targets on KPIs without numbers, of nobody, or that nobody can approve."""
    kpis = {kpi.code: kpi for kpi in edition.kpis}
    yield from selected((*path, "kpis"), own.kpis, "KPI", kpis)
    for place, code in enumerate(own.kpis):
        kpi = kpis.get(code)
        if kpi is None:
            continue
        if kpi.scale.kind not in (*NUMBERS, "trajectory") or kpi.direction not in (
            "higher",
            "lower",
        ):
            yield Fault((*path, "kpis", place), NEEDS_NUMBERS)
        elif own.floor.change.percentage_points is not None and kpi.unit != PERCENT:
            message = f"{code} is measured in {kpi.unit}, no percentage; say percent"
            yield Fault((*path, "floor", "change", "percentage_points"), message)
    yield from selected((*path, "applies_to"), own.applies_to, "class", codes(edition.classes))
    yield from selected((*path, "serves"), own.serves, "requirement", codes(edition.requirements))
    if own.approved_by.body is not None:
        where = (*path, "approved_by", "body")
        yield from unknown(where, own.approved_by.body, "body", codes(edition.bodies))


def _own_line_faults(path: Path, kpi: Kpi, edition: Edition) -> Iterator[Fault]:
    """Yield KPIs read on members' own lines that no member can set, or that everybody reads."""
    where = (*path, "scale", "own")
    allowed = [own.code for own in edition.member_targets if kpi.code in own.kpis]
    yield from unknown(where, kpi.scale.own, "member target on this KPI", allowed)
    if kpi.confidentiality == "public":
        message = "members' own targets are theirs; a KPI read on them cannot be public"
        yield Fault((*path, "confidentiality"), message)
