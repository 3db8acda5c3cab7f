"""All that changes about periods and extensions."""

from targets.services.extensions import CannotExtend, grant_extension
from targets.services.periods import open_periods
from targets.services.reactions import on_edition_adopted

__all__ = ["CannotExtend", "grant_extension", "on_edition_adopted", "open_periods"]
