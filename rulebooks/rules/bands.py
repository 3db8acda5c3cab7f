"""Bands: what a published number is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.ends import Ends, Gap, holes
from rulebooks.rules.schema import Clause, Code, Label, Part

Status = Literal["good", "soon", "breach", "none"]


class Band(Ends):
    """The published numbers between two ends, each open, included or not included."""

    example: ClassVar[str] = (
        '{code: moderate, label: Moderate, from: 70, below: 85, status: good, clause: "6.2"}'
    )

    code: Code
    label: Label
    status: Status
    clause: Clause


class Bands(Part):
    """The bands of one node, which together take in every number that it can publish once.

    They read the published number, rounded as the node says: 49.96 published as 50.0 is in the
    band that begins at 50. With a rounding to steps of 0.5, up to 69.5 and from 70 leave no hole.
    A member with an answer missing that may not (``missing: knock_out``) is in the band
    ``knocked_out``, whatever its number.
    """

    of: Code
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    knocked_out: Code | None = None

    def band(self, published: Decimal | None) -> Band | None:
        """Return the band of a published number; None when there is no number."""
        if published is None:
            return None
        return next(band for band in self.bands if band.holds(published))

    def find(self, code: str) -> Band | None:
        """Return the band called ``code``, None where there is none."""
        return next((band for band in self.bands if band.code == code), None)

    def worst(self, bands: Iterable[Band], *, higher_is_better: bool) -> Band:
        """Return the worst of ``bands``: the lowest one, where higher numbers are better."""
        worst = min if higher_is_better else max
        return worst(bands, key=self.lowest_first().index)

    def lowest_first(self) -> tuple[Band, ...]:
        """Return the bands in the order of their numbers."""
        return tuple(sorted(self.bands, key=_floor))

    def gaps(self, step: Decimal | None = None) -> Iterator[Gap]:
        """Yield where the bands overlap, or leave a hole that a published number can fall into."""
        yield from holes(self.bands, [band.code for band in self.bands], step)


def _floor(band: Band) -> tuple[bool, Decimal, bool]:
    low = band.low
    return (False, Decimal(0), False) if low is None else (True, low.at, not low.closed)
