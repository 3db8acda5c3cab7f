"""Reminders: letters before or after something that is owed falls due."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from typing import ClassVar

from pydantic import model_validator

from rulebooks.rules.schema import Clause, Code, Part, Selection
from rulebooks.rules.terms import WEEKENDS, Term, after, before


class Reminder(Part):
    """A letter before or after something owed falls due, once to each who still owes it.

    It is counted from the due day that holds: with all that moved it. ``applies_to`` are
    obligations. Nobody is reminded of what is not enforced yet, or came as already late with
    earlier records.

    Source: docs/sources.md, reminders.
    """

    example: ClassVar[str] = (
        '{code: two-weeks, applies_to: [annual-return], before: {days: 14}, clause: "4.4"}'
    )

    code: Code
    applies_to: Selection = "all"
    before: Term | None = None
    after: Term | None = None
    clause: Clause

    @model_validator(mode="after")
    def one_way(self) -> Reminder:
        """Refuse a reminder without a time, and one with two."""
        if (self.before is None) is (self.after is None):
            raise ValueError("say either `before` or `after`, a term such as {days: 14}")
        return self

    @property
    def is_late(self) -> bool:
        """Return whether it is written once the due day has passed."""
        return self.after is not None

    def on(self, due: date, *, holidays: Container[date] = WEEKENDS) -> date:
        """Return the day on which it is written about something due on a day."""
        if self.after is not None:
            return after(due, self.after, holidays=holidays)
        return before(due, self.before, holidays=holidays)

    def __str__(self) -> str:
        return f"{self.after} after" if self.is_late else f"{self.before} before"
