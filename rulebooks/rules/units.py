"""Units of measure: which numbers may be added, and what a product is measured in.

A unit of the list below has a dimension, so that the check can say why kilograms do not add to
tonnes. Any other text is a unit of its own and goes only with the very same text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from pydantic import StringConstraints

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

SHARE = "share"
DIMENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        SHARE: ("share", "percent", "percentage points", "points", "score", "ratio", "index"),
        "count": ("count", "number", "people", "workers", "sites", "suppliers", "cases"),
        "time": ("hours", "days", "weeks", "months", "years"),
        "mass": ("g", "kg", "t", "tonnes", "kg CO2e", "t CO2e"),
        "length": ("m", "km"),
        "area": ("m2", "ha", "km2"),
        "volume": ("l", "m3"),
        "energy": ("kWh", "MWh", "GWh", "MJ", "GJ", "TJ"),
        "power": ("kW", "MW"),
    }
)
KNOWN: Mapping[str, str] = MappingProxyType(
    {unit: dimension for dimension, units in DIMENSIONS.items() for unit in units}
)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number is measured in: units above and below the line.

    A ``plain`` number is written in a formula and takes the unit of what it is added to.
    """

    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    plain: bool = False

    def __str__(self) -> str:
        if not self.above and not self.below:
            return "a plain number" if self.plain else "a share"
        above = " * ".join(self.above) or "1"
        return f"{above} / {' / '.join(self.below)}" if self.below else above

    def times(self, other: Measure) -> Measure:
        """Return what the product of two numbers is measured in."""
        return _shortened((*self.above, *other.above), (*self.below, *other.below), self, other)

    def over(self, other: Measure) -> Measure:
        """Return what the quotient of two numbers is measured in."""
        return _shortened((*self.above, *other.below), (*self.below, *other.above), self, other)

    def mismatch(self, other: Measure) -> str | None:
        """Return why two numbers cannot be added or compared, None when they can."""
        if self.plain or other.plain or self.bare() == other.bare():
            return None
        one, two = (m.above[0] if m.is_single else None for m in (self, other))
        dimension = KNOWN.get(one or "")
        if dimension and dimension == KNOWN.get(two or ""):
            return f"{self} and {other} are both {dimension}; turn one into the other first"
        return f"{self} does not go with {other}"

    @property
    def is_single(self) -> bool:
        """Return whether it is one unit and nothing else."""
        return len(self.above) == 1 and not self.below

    def bare(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the units in an order that does not matter."""
        return tuple(sorted(self.above)), tuple(sorted(self.below))

    def may_be_called(self, unit: str) -> bool:
        """Return whether a number so measured may be published in ``unit``.

        A share may be called by any unit of that kind: percent, points. A product or quotient of
        units may be called what the edition says, since nobody can know the names of all.
        """
        if self.plain:
            return True
        if not (self.above or self.below):
            return KNOWN.get(unit, SHARE) in (SHARE, "count")
        return not self.is_single or self.above[0] == unit


PLAIN = Measure(plain=True)


def measure(unit: str) -> Measure:
    """Return what a number in ``unit`` is measured in."""
    return Measure((unit,))


def _shortened(above: tuple[str, ...], below: tuple[str, ...], *of: Measure) -> Measure:
    rest = list(below)
    kept = [unit for unit in above if not (unit in rest and rest.remove(unit) is None)]
    plain = all(one.plain for one in of)
    return Measure(tuple(kept), tuple(rest), plain=plain)
