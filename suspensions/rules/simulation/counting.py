"""Counting outcomes: all of it for the secretariat, and what of it may be shown to others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rulebooks.rules.disclosure import Disclosed, Row, Tally, disclose
from suspensions.rules.simulation.rescoring import Rescored
from suspensions.rules.simulation.shifts import Aspect, Shift, Way
from suspensions.rules.simulation.simulating import Batch, Outcome

LINES = ("class", "size", "chamber")
SHOWN = tuple(way.value for way in Way)


@dataclass
class Counts:
    """What a simulation comes to. It holds codes of groups, and no member's outcome."""

    members: int = 0
    changed: int = 0
    kept_scores: int = 0
    by_clause: Counter[str] = field(default_factory=Counter)
    unknowable: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unfit: Counter[str] = field(default_factory=Counter)
    tallies: dict[Aspect, Tally] = field(
        default_factory=lambda: {aspect: Tally(LINES) for aspect in Aspect}
    )

    def add(self, batch: Batch) -> None:
        """Count one batch."""
        for outcome in batch.outcomes:
            self._add_one(outcome)
        self._add_rescored(batch.rescored)

    def _add_one(self, outcome: Outcome) -> None:
        member = outcome.member
        self.members += 1
        self.changed += bool(outcome.shifts)
        self.kept_scores += bool(outcome.not_scored)
        self.by_clause.update({said(shift) for shift in outcome.shifts})
        atom = (member.member_class, member.size, member.chamber)
        for aspect, tally in self.tallies.items():
            tally.add(atom, outcome.way(aspect).value, member.group)

    def _add_rescored(self, rescored: Rescored) -> None:
        self.unfit.update(rescored.unfit)
        for kpi, periods in rescored.unknowable.items():
            self.unknowable[kpi] |= periods

    def aspects(self) -> dict[str, dict[str, int]]:
        """Return how many members go which way, in each aspect."""
        return {
            aspect.value: {way: tally.count(tally.members, [way]) for way in SHOWN}
            for aspect, tally in self.tallies.items()
        }

    def as_json(self) -> dict[str, Any]:
        """Return all counts. They are for those who may see every member."""
        return {
            "members": self.members,
            "changed": self.changed,
            "aspects": self.aspects(),
            "by_clause": dict(sorted(self.by_clause.items())),
            "unknowable": {kpi: sorted(self.unknowable[kpi]) for kpi in sorted(self.unknowable)},
            "unfit": dict(sorted(self.unfit.items())),
            "kept_scores": self.kept_scores,
        }

    def paper(self) -> dict[str, Any]:
        """Return what may be shown to a body that votes on the draft: numbers, under the rule."""
        return {
            aspect.value: as_table(disclose(tally, SHOWN, rest=Way.UNCHANGED.value))
            for aspect, tally in self.tallies.items()
        }


def said(shift: Shift) -> str:
    """Return what differs, by which clause: ``breach weak-year: none → proposed (7.2)``."""
    about = shift.key.partition(":")[0] if shift.what in ("breach", "obligation") else ""
    about = shift.key if shift.what == "right" else about
    values = "" if shift.what == "total" else f": {shift.before} → {shift.after}"
    name = f"{shift.what} {about}".strip()
    return f"{name}{values} ({shift.clause})"


def as_table(shown: Disclosed) -> dict[str, Any]:
    """Return a disclosed table as plain JSON."""
    return {
        "columns": [list(column) for column in shown.columns],
        "total": _counts(shown.total),
        "rows": [
            {"line": row.line, "value": row.value, "counts": _counts(row)}
            for row in _worth_telling(shown)
        ],
    }


def _counts(row: Row) -> list[int] | None:
    return None if row.counts is None else list(row.counts)


def _worth_telling(shown: Disclosed) -> Iterator[Row]:
    """Leave out a line along which nothing is known of anybody."""
    named = {row.line for row in shown.rows if row.value}
    yield from (row for row in shown.rows if row.line in named)
