"""The calendar, who has filed, what a member owes, and what gives more time."""

from targets.views.agenda import agenda
from targets.views.baselines import baseline
from targets.views.calendar import announce, period, periods
from targets.views.changes import changes, recent_changes
from targets.views.circulars import circulars
from targets.views.duties import describe, exempt, extend, extend_duty, invoice, obligations, record
from targets.views.everybody import everybody
from targets.views.feeds import feed, feed_file
from targets.views.fees import fees, invoice_page, member_fees
from targets.views.promises import own_target, proposals, propose

__all__ = [
    "agenda",
    "announce",
    "baseline",
    "changes",
    "circulars",
    "describe",
    "everybody",
    "exempt",
    "extend",
    "extend_duty",
    "feed",
    "feed_file",
    "fees",
    "invoice",
    "invoice_page",
    "member_fees",
    "obligations",
    "own_target",
    "period",
    "periods",
    "proposals",
    "propose",
    "recent_changes",
    "record",
]
