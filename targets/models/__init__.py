"""Reporting periods, what changes who owes what, when, and what members promise themselves."""

from targets.models.baselines import NewBaseline
from targets.models.feeds import Feed
from targets.models.fees import Invoice, Payment
from targets.models.periods import Period, PeriodQuerySet
from targets.models.promises import MemberTarget, MemberTargetQuerySet
from targets.models.relief import Circular, Exemption, Extension

__all__ = [
    "Circular",
    "Exemption",
    "Extension",
    "Feed",
    "Invoice",
    "MemberTarget",
    "MemberTargetQuerySet",
    "NewBaseline",
    "Payment",
    "Period",
    "PeriodQuerySet",
]
