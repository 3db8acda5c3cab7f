"""Targets: of all members together, of each, and those that members set themselves."""

from rulebooks.rules.targets.aggregates import (
    AGGREGATES,
    Aggregate,
    Mean,
    OfParts,
    ShareReaching,
    Sum,
    Totals,
)
from rulebooks.rules.targets.base import Baseline, Goal, Owner, Target
from rulebooks.rules.targets.own import Approver, Floor, LeastChange, OwnTarget, Recalculation

__all__ = [
    "AGGREGATES",
    "Aggregate",
    "Approver",
    "Baseline",
    "Floor",
    "Goal",
    "LeastChange",
    "Mean",
    "OfParts",
    "OwnTarget",
    "Owner",
    "Recalculation",
    "ShareReaching",
    "Sum",
    "Target",
    "Totals",
]
