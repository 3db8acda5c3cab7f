"""How a KPI is answered and what no answer does, in words."""

from __future__ import annotations

from decimal import Decimal

from rulebooks.rules.indicators import CarryForward, Kpi
from rulebooks.rules.scales import BaseScale
from rulebooks.rules.scales.changes import Change
from rulebooks.rules.scales.numbers import Measured, NumberScale
from rulebooks.rules.scales.outside import Findings, Index, Money
from rulebooks.rules.scales.trajectories import Trajectory

MISSING = {
    "zero": "counts as 0",
    "leave_out": "is left out of the mean",
    "knock_out": "is a knock-out beside the number",
    "not_scored": "leaves no score",
}


def scale(of: BaseScale) -> str:
    """Return how a KPI is answered, in words."""
    kind = of.kind
    if isinstance(of, Findings):
        return _findings(of)
    if kind in ("number", "index", "trajectory", "money"):
        decimals = "whole numbers" if of.decimals == 0 else f"up to {of.decimals} decimals"
        words = f"a number from {plain(of.min)} to {plain(of.max)}, {decimals}"
        words += _beside(of)
    elif kind == "ratio":
        words = f"{of.numerator} of {of.denominator}"
    elif isinstance(of, Change):
        since = "the period before" if of.since == "period_before" else of.since.period
        words = f"{of.numerator} of {of.denominator}, less the same for {since}"
    elif kind == "points":
        words = "points: " + ", ".join(plain(points) for points in of.allowed)
    elif kind in ("labels", "choices", "judgement"):
        given = ", ".join(
            label if points is None else f"{label} ({plain(points)})"
            for label, points in of.points.items()
        )
        words = f"{'any of' if kind == 'choices' else 'one of'}: {given}"
        words += f", judged by the {of.by} with reasons" if kind == "judgement" else ""
    else:
        words = " or ".join(of.labels()) or kind.replace("_", " ")
    return words + _steps(of)


def _beside(of: NumberScale) -> str:
    """Return what a number is read with, empty where it stands alone."""
    if isinstance(of, Index):
        return f", of the index {of.name}"
    if isinstance(of, Money):
        return f", in {' or '.join(of.currencies)}"
    if isinstance(of, Trajectory):
        way = " to ".join(f"{plain(point.value)} in {point.year}" for point in of.line)
        return f", read as the share of the change due on the way from {way}"
    return ""


def _findings(of: Findings) -> str:
    points = ", ".join(f"{severity} ({plain(p)})" for severity, p in of.points.items())
    most = f", at most {plain(of.at_most)}" if of.at_most is not None else ""
    left = f", taken from {plain(of.out_of)}" if of.out_of is not None else ""
    return f"how many findings of each severity, with points each: {points}{most}{left}"


def _steps(of: BaseScale) -> str:
    """Return the table of points of a measured value, empty where there is none."""
    if not isinstance(of, Measured) or not of.points:
        return ""
    steps = []
    for step in of.points:
        ends = [f"from {plain(step.from_)}"] if step.from_ is not None else []
        ends += [f"up to {plain(step.upto)}"] if step.upto is not None else []
        steps.append(f"{' '.join(ends)}: {plain(step.points)}")
    return f"; points {', '.join(steps)}, else {plain(of.otherwise)}"


def missing(kpi: Kpi) -> str:
    """Return what an answer does that is missing, in words."""
    words = MISSING[kpi.policy]
    if not isinstance(kpi.missing, CarryForward):
        return words
    periods = kpi.missing.carry_forward
    within = "the period before" if periods == 1 else f"the {periods} periods before"
    return f"is carried forward from {within}, else {words}"


def plain(value: Decimal | int) -> str:
    """Return a number without zeros that say nothing: 0.10 as 0.1, 1E+2 as 100."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
