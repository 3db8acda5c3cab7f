"""What is shown: to a reader on paper, to everybody in the register."""

from reports.selectors.accountability import accountability
from reports.selectors.readers import reader_of

__all__ = ["accountability", "reader_of"]
