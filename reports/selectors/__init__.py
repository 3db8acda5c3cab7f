"""What is shown: to a reader on paper, to everybody in the register."""

from reports.selectors.accountability import accountability
from reports.selectors.readers import reader_of
from reports.selectors.register import (
    Difference,
    differences,
    entries,
    is_lighter,
    lines_of,
    measure_on,
    not_in_register,
    run_to_publish,
    standing_on,
)

__all__ = [
    "Difference",
    "accountability",
    "differences",
    "entries",
    "is_lighter",
    "lines_of",
    "measure_on",
    "not_in_register",
    "reader_of",
    "run_to_publish",
    "standing_on",
]
