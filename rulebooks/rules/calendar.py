"""Reporting periods."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from rulebooks.rules.schema import Clause, Code, Day, Part, Title


class FixedWindow(Part):
    """A period with one window for all: it opens, returns are due, a late window may follow.

    All days are inclusive, in the initiative's time zone.
    """

    kind: Literal["fixed_window"]
    code: Code
    name: Title
    about_from: Day
    about_until: Day
    opens_on: Day
    due_on: Day
    late_until: Day
    clause: Clause

    @model_validator(mode="after")
    def days_in_order(self) -> FixedWindow:
        """Refuse a window that closes before it opens."""
        for earlier, later in (
            ("about_from", "about_until"),
            ("opens_on", "due_on"),
            ("due_on", "late_until"),
        ):
            if getattr(self, earlier) > getattr(self, later):
                raise ValueError(f"{later} may not lie before {earlier}")
        return self


Period = FixedWindow
