"""What moving an open return to another edition does to its answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rulebooks.rules.continuity.lineage import Place, continuity
from rulebooks.rules.edition import Edition


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each KPI. ``kept`` gives the code under which an answer goes on.

    ``anew`` are asked still, but as something else, so an old answer does not fit; ``lost`` are
    no longer asked; ``gained``, by their new codes, are asked for the first time.
    """

    kept: Mapping[str, str]
    anew: tuple[str, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]

    @property
    def dropped(self) -> tuple[str, ...]:
        """Return the old codes whose answers do not go on."""
        return (*self.anew, *self.lost)


@dataclass(frozen=True, slots=True)
class Share:
    """What a move means for one return: the KPIs that it has answered, by what becomes of them."""

    kept: tuple[str, ...]
    anew: tuple[str, ...]
    lost: tuple[str, ...]


def plan(editions: Sequence[Edition]) -> Plan:
    """Return what becomes of the KPIs of the first edition in the last, in order of effect.

    An answer goes on where the editions declare the same thing, in other words or not, and it is
    answered on the same scale in the same unit.
    """
    before, after = editions[0], editions[-1]
    followed = continuity(tuple(editions))
    kept: dict[str, str] = {}
    anew, lost = [], []
    asked = {kpi.code: kpi for kpi in after.kpis}
    for kpi in before.kpis:
        place = Place(before.code, "kpi", kpi.code)
        code = followed.code_in(after.code, place)
        same = asked.get(code or "")
        if same is not None and (same.scale, same.unit) == (kpi.scale, kpi.unit):
            kept[kpi.code] = same.code
        elif same is not None or followed.successor(place):
            anew.append(kpi.code)
        else:
            lost.append(kpi.code)
    gained = tuple(code for code in asked if code not in kept.values())
    return Plan(kept, tuple(anew), tuple(lost), gained)


def share(of: Plan, answered: Iterable[str]) -> Share:
    """Return what a move means for a return that has answered some KPIs."""
    given = set(answered)
    return Share(
        kept=tuple(code for code in of.kept if code in given),
        anew=tuple(code for code in of.anew if code in given),
        lost=tuple(code for code in of.lost if code in given),
    )
