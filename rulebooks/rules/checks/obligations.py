"""What must hold of obligations, the periods they are owed for, and what gives more time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulebooks.rules.checks.places import codes, selected, unknown
from rulebooks.rules.document import Fault, Path
from rulebooks.rules.obligations import (
    CertificateObligation,
    DeedObligation,
    DisclosureObligation,
    Due,
    Obligation,
    ReturnObligation,
)
from rulebooks.rules.periods import DataAge, Rolling

if TYPE_CHECKING:
    from rulebooks.rules.edition import Edition

ONCE = (CertificateObligation, DeedObligation)
OWN = (Rolling, DataAge)


def obligation_faults(edition: Edition) -> Iterator[Fault]:
    """Yield obligations on members, for periods, or after others, that do not exist."""
    for index, owed in enumerate(edition.obligations):
        path = ("obligations", index)
        yield from selected((*path, "applies_to"), owed.applies_to, "class", codes(edition.classes))
        yield from _of_whom(path, owed, edition)
        if isinstance(owed, ReturnObligation | DisclosureObligation):
            allowed = codes(edition.periods)
            yield from selected((*path, "periods"), owed.periods, "period", allowed)
        elif isinstance(owed, ONCE) and owed.due.obligation is not None:
            earlier = [o.code for o in edition.obligations[:index] if isinstance(o, ONCE)]
            what = "certificate or deed that stands before it"
            yield from unknown((*path, "due", "obligation"), owed.due.obligation, what, earlier)
        if isinstance(owed, ONCE):
            yield from _promised((*path, "due"), owed.due, edition)


def _of_whom(path: Path, owed: Obligation, edition: Edition) -> Iterator[Fault]:
    if owed.who is not None:
        chambers, sizes = codes(edition.chambers), codes(edition.sizes)
        yield from selected((*path, "who", "chambers"), owed.who.chambers, "chamber", chambers)
        yield from selected((*path, "who", "sizes"), owed.who.sizes, "size", sizes)


def _promised(path: Path, counted: Due | Rolling, edition: Edition) -> Iterator[Fault]:
    """Yield commitments that are counted from and that nobody can make."""
    allowed = codes(edition.commitments)
    yield from selected((*path, "commitments"), counted.commitments, "commitment", allowed)


def period_faults(edition: Edition) -> Iterator[Fault]:
    """Yield periods that occur under one code, and announcements of periods there are not."""
    seen: dict[str, str] = {}
    for index, period in enumerate(edition.periods):
        if isinstance(period, OWN):
            continue
        for occurrence in period.occurrences(holidays=edition.closed_days):
            if seen.setdefault(occurrence.code, period.code) != period.code:
                message = f"it occurs as {occurrence.code}, as {seen[occurrence.code]} does"
                yield Fault(("periods", index, "code"), message)
    for index, period in enumerate(edition.periods):
        if isinstance(period, Rolling):
            yield from _promised(("periods", index), period, edition)
    common = codes(period for period in edition.periods if not isinstance(period, OWN))
    for index, told in enumerate(edition.announced):
        path = ("announced", index, "periods")
        yield from selected(path, told.periods, "period of all members", common)


def extension_faults(edition: Edition) -> Iterator[Fault]:
    """Yield extensions and reminders of obligations that do not exist."""
    allowed = codes(edition.obligations)
    for index, reminder in enumerate(edition.reminders):
        path = ("reminders", index, "applies_to")
        yield from selected(path, reminder.applies_to, "obligation", allowed)
    for index, kind in enumerate(edition.extensions):
        path = ("extensions", index, "applies_to")
        yield from selected(path, kind.applies_to, "obligation", allowed)
