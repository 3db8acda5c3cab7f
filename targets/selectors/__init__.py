"""Questions about periods, who owes what, and who has filed."""

from targets.rules import return_obligations
from targets.selectors.agenda import Due, agenda, by_month
from targets.selectors.changes import Act, Change, changes_of, recent_acts
from targets.selectors.duties import Duty, duty_of, obligations
from targets.selectors.everybody import (
    DueSlice,
    Owed,
    as_owed,
    by_due_day,
    owed_by_all,
    pressing_counts,
)
from targets.selectors.feeds import falling_due, feed_digest, feed_made_at, feed_of
from targets.selectors.filing import Filing, filing, filing_by_period, filing_rows
from targets.selectors.invoicing import (
    Line,
    arrears,
    fee_obligations,
    invoice_lines,
    invoices,
    left_to_pay,
)
from targets.selectors.own import OwnRule, own_counts, own_periods_without_row
from targets.selectors.paging import Slice, slice_after
from targets.selectors.relief import (
    DueDay,
    due_of,
    extends_late,
    extension_kinds,
    extensions_used,
    fees,
    kinds_for_duty,
)
from targets.selectors.things import PRESSING, Thing, owed_sentence, owed_things
from targets.selectors.windows import (
    CannotFile,
    NothingOwed,
    NotYetOpen,
    PeriodCancelled,
    WindowClosed,
    announced_days,
    cancelled_periods,
    extension,
    filing_day,
    moratoriums,
    open_window,
    owed_of_own,
    window,
)

__all__ = [
    "PRESSING",
    "Act",
    "CannotFile",
    "Change",
    "Due",
    "DueDay",
    "DueSlice",
    "Duty",
    "Filing",
    "Line",
    "NotYetOpen",
    "NothingOwed",
    "Owed",
    "OwnRule",
    "PeriodCancelled",
    "Slice",
    "Thing",
    "WindowClosed",
    "agenda",
    "announced_days",
    "arrears",
    "as_owed",
    "by_due_day",
    "by_month",
    "cancelled_periods",
    "changes_of",
    "due_of",
    "duty_of",
    "extends_late",
    "extension",
    "extension_kinds",
    "extensions_used",
    "falling_due",
    "fee_obligations",
    "feed_digest",
    "feed_made_at",
    "feed_of",
    "fees",
    "filing",
    "filing_by_period",
    "filing_day",
    "filing_rows",
    "invoice_lines",
    "invoices",
    "kinds_for_duty",
    "left_to_pay",
    "moratoriums",
    "obligations",
    "open_window",
    "owed_by_all",
    "owed_of_own",
    "owed_sentence",
    "owed_things",
    "own_counts",
    "own_periods_without_row",
    "pressing_counts",
    "recent_acts",
    "return_obligations",
    "slice_after",
    "window",
]
