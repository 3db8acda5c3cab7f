"""Reporting periods, and what changes who owes what, when."""

from targets.models.feeds import Feed
from targets.models.fees import Invoice, Payment
from targets.models.periods import Period, PeriodQuerySet
from targets.models.relief import Circular, Exemption, Extension

__all__ = [
    "Circular",
    "Exemption",
    "Extension",
    "Feed",
    "Invoice",
    "Payment",
    "Period",
    "PeriodQuerySet",
]
