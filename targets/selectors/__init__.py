"""Questions about periods, who owes what, and who has filed."""

from targets.rules import return_obligations
from targets.selectors.duties import Duty, obligations
from targets.selectors.filing import Filing, filing, filing_by_period, filing_rows
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
    "CannotFile",
    "DueDay",
    "Duty",
    "Filing",
    "NotYetOpen",
    "NothingOwed",
    "OwnRule",
    "PeriodCancelled",
    "Slice",
    "WindowClosed",
    "announced_days",
    "cancelled_periods",
    "due_of",
    "extends_late",
    "extension",
    "extension_kinds",
    "extensions_used",
    "fees",
    "filing",
    "filing_by_period",
    "filing_day",
    "filing_rows",
    "kinds_for_duty",
    "moratoriums",
    "obligations",
    "open_window",
    "owed_of_own",
    "own_counts",
    "own_periods_without_row",
    "return_obligations",
    "slice_after",
    "window",
]
