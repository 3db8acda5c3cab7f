"""Targets of an edition, and their baselines that were worked out anew since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rulebooks.rules.edition import Edition
from rulebooks.rules.targets import Target
from targets.models import NewBaseline


@dataclass(frozen=True, slots=True)
class Lines:
    """A target as it was adopted, and from each baseline that was worked out anew, in order."""

    adopted: Target
    anew: tuple[NewBaseline, ...] = ()

    @property
    def newest(self) -> Target:
        """Return the target from the baseline that stands."""
        return self.at(None)

    def at(self, moment: datetime | None) -> Target:
        """Return the target as it stood at a moment, by default as it stands."""
        found = [one for one in self.anew if moment is None or one.recorded_at <= moment]
        return self._from(found[-1]) if found else self.adopted

    @property
    def earlier(self) -> tuple[Target, ...]:
        """Return the target from each baseline that no longer stands, the oldest first."""
        return (self.adopted, *map(self._from, self.anew))[:-1]

    def _from(self, anew: NewBaseline) -> Target:
        return self.adopted.rebased(anew.value.normalize())


def lines_of(edition: Edition) -> dict[str, Lines]:
    """Return each target of an edition with its lines, by code, in one query."""
    rows = NewBaseline.objects.filter(edition__code=edition.code).select_related("recorded_by")
    found: dict[str, list[NewBaseline]] = {}
    for row in rows.order_by("target", "number"):
        found.setdefault(row.target, []).append(row)
    return {one.code: Lines(one, tuple(found.get(one.code, ()))) for one in edition.targets}
