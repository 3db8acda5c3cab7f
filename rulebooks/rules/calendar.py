"""Reporting periods."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator

from rulebooks.rules.schema import Clause, Code, Day, Part, Title


class FixedWindow(Part):
    """A period with one window for all: it opens, returns are due, a late window may follow.

    All days are inclusive, in the initiative's time zone.
    """

    example: ClassVar[str] = (
        '{kind: fixed_window, code: "2025", name: Year 2025, about_from: 2025-01-01, about_until: '
        "2025-12-31, opens_on: 2026-01-15, due_on: 2026-03-31, late_until: 2026-04-30, clause: "
        '"4.1"}'
    )

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
