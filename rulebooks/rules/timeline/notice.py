"""From which day an edition binds members: nobody is bound by what they were not told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import EditionNotified, Fact

Notices = frozenset[tuple[str, date]]


def notices(initiative: Iterable[Fact]) -> Notices:
    """Return the day on which each edition's notice is recorded as served, the latest word."""
    days = {f.key: f.about_on for f in initiative if isinstance(f.what, EditionNotified)}
    return frozenset(days.items())


def applies_from(editions: Sequence[Edition], served: Notices) -> dict[str, date]:
    """Return the first day on which a period may open to be governed by each edition.

    That is the day it takes effect, or the day members were notified of it if that is later: the
    recorded day, and where none is recorded the one that the legal text names. ``editions`` are
    in the order in which they take effect; the first of them also governs what opened before it
    took effect, though not before members knew.
    """
    recorded, days = dict(served), {}
    for edition in editions:
        named = edition.legal_text.notice.given_on if edition.legal_text else date.min
        known = recorded.get(edition.code, named)
        days[edition.code] = max(known, edition.in_force_from) if days else known
    return days


def governing(editions: Sequence[Edition], starts: Mapping[str, date], day: date) -> Edition | None:
    """Return the edition that governs a period whose window opens on ``day``, None for none."""
    bound = [edition for edition in editions if starts[edition.code] <= day]
    return bound[-1] if bound else None
