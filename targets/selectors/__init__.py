"""Questions about periods, who owes what, and who has filed."""

from targets.selectors.duties import Duty, obligations
from targets.selectors.filing import Filing, filing, filing_by_period, filing_rows
from targets.selectors.paging import Slice, slice_after
from targets.selectors.windows import (
    CannotFile,
    NothingOwed,
    NotYetOpen,
    PeriodCancelled,
    WindowClosed,
    cancelled_periods,
    extension,
    open_window,
    window,
)

__all__ = [
    "CannotFile",
    "Duty",
    "Filing",
    "NotYetOpen",
    "NothingOwed",
    "PeriodCancelled",
    "Slice",
    "WindowClosed",
    "cancelled_periods",
    "extension",
    "filing",
    "filing_by_period",
    "filing_rows",
    "obligations",
    "open_window",
    "slice_after",
    "window",
]
