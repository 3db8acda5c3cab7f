"""Periods, obligations, fees and targets, by programs."""

from targets.api.calendar import ObligationViewSet, PeriodViewSet
from targets.api.collective import TargetViewSet
from targets.api.fees import InvoiceViewSet
from targets.api.promises import MemberTargetViewSet

__all__ = [
    "InvoiceViewSet",
    "MemberTargetViewSet",
    "ObligationViewSet",
    "PeriodViewSet",
    "TargetViewSet",
]
