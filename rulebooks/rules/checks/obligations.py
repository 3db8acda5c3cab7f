"""What must hold of obligations and the periods they are owed for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import codes, selected
from rulebooks.rules.document import Fault

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition


def obligation_faults(edition: Edition) -> Iterator[Fault]:
    """Yield obligations on classes, or for periods, that do not exist."""
    for index, owed in enumerate(edition.obligations):
        path = ("obligations", index)
        yield from selected((*path, "applies_to"), owed.applies_to, "class", codes(edition.classes))
        if owed.what == "return":
            allowed = codes(edition.periods)
            yield from selected((*path, "periods"), owed.periods, "period", allowed)
