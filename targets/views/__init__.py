"""The calendar, who has filed, what a member owes, and what gives more time."""

from targets.views.calendar import announce, period, periods
from targets.views.circulars import circulars
from targets.views.duties import describe, exempt, extend, extend_duty, invoice, obligations, record

__all__ = [
    "announce",
    "circulars",
    "describe",
    "exempt",
    "extend",
    "extend_duty",
    "invoice",
    "obligations",
    "period",
    "periods",
    "record",
]
