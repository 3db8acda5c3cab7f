"""Contests: the time in which members may contest a provisional score, before it is published."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from typing import ClassVar

from rulebooks.rules.schema import Clause, Part
from rulebooks.rules.terms import WEEKENDS, Term, after


class ContestWindow(Part):
    """Scores are shown to their members before they are published, and may be contested.

    ``within`` runs from the day on which the secretariat shows them. Nothing is published before
    it is over and every contest is answered. A score that changes meanwhile is shown anew, and its
    member has the whole time again.

    Source: docs/sources.md, contest.
    """

    example: ClassVar[str] = '{within: {days: 14}, clause: "6.7"}'

    within: Term
    clause: Clause

    def until(self, shown_on: date, *, holidays: Container[date] = WEEKENDS) -> date:
        """Return the last day on which a score shown on ``shown_on`` may be contested."""
        return after(shown_on, self.within, holidays=holidays)
