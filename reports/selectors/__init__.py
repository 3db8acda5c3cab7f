"""What is shown: to a reader on paper, to everybody in the register."""

from reports.selectors.accountability import accountability
from reports.selectors.issuing import begun_periods, reportable, with_period
from reports.selectors.matrix import NeedsRequirement, cells, holding, matrix, those_asked_for
from reports.selectors.readers import reader_of
from reports.selectors.register import (
    Difference,
    differences,
    entries,
    is_lighter,
    lines_by_code,
    measure_on,
    not_in_register,
    run_to_publish,
    score_acts,
    standing_on,
)
from reports.selectors.totals import counts

__all__ = [
    "Difference",
    "NeedsRequirement",
    "accountability",
    "begun_periods",
    "cells",
    "counts",
    "differences",
    "entries",
    "holding",
    "is_lighter",
    "lines_by_code",
    "matrix",
    "measure_on",
    "not_in_register",
    "reader_of",
    "reportable",
    "run_to_publish",
    "score_acts",
    "standing_on",
    "those_asked_for",
    "with_period",
]
