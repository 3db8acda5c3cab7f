"""When a return is owed and taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rulebooks.rules.edition import Edition
from rulebooks.rules.obligations import ReturnObligation
from rulebooks.rules.schema import selects


class Phase(StrEnum):
    """Where a window stands on a day."""

    AHEAD = "ahead"
    OPEN = "open"
    LATE = "late"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which one member may file a return for a period, all inclusive."""

    opens_on: date
    due_on: date
    late_until: date
    extended: bool = False

    def extended_until(self, until_on: date | None) -> Window:
        """Return the window with an extension, which moves the due day and never closes earlier."""
        if until_on is None:
            return self
        return Window(self.opens_on, until_on, max(until_on, self.late_until), extended=True)

    def phase(self, on: date) -> Phase:
        """Return where the window stands on a day."""
        if on < self.opens_on:
            return Phase.AHEAD
        if on <= self.due_on:
            return Phase.OPEN
        return Phase.LATE if on <= self.late_until else Phase.CLOSED


def return_obligations(edition: Edition, period: str) -> tuple[ReturnObligation, ...]:
    """Return the obligations of ``edition`` to file a return for ``period``."""
    try:
        rule = edition.period(period).of
    except KeyError:
        return ()
    return tuple(
        obligation
        for obligation in edition.obligations
        if isinstance(obligation, ReturnObligation) and selects(obligation.periods, rule)
    )


def files_return(edition: Edition, period: str, member_class: str) -> bool:
    """Return whether members of a class file a return for ``period``."""
    return any(selects(o.applies_to, member_class) for o in return_obligations(edition, period))
