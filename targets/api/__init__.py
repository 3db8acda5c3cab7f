"""Periods, obligations and targets, by programs."""

from targets.api.calendar import ObligationViewSet, PeriodViewSet
from targets.api.collective import TargetViewSet
from targets.api.promises import MemberTargetViewSet

__all__ = ["MemberTargetViewSet", "ObligationViewSet", "PeriodViewSet", "TargetViewSet"]
