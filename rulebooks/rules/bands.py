"""Bands: what a published number is called."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from rulebooks.rules.schema import Clause, Code, Label, Number, Part

Status = Literal["good", "soon", "breach", "none"]


class Band(Part):
    """The numbers from ``from``, included, to ``below``, not included; an end left out is open."""

    code: Code
    label: Label
    from_: Number | None = Field(default=None, alias="from")
    below: Number | None = None
    status: Status
    clause: Clause

    def holds(self, published: Decimal) -> bool:
        """Return whether ``published`` lies in the band."""
        return (self.from_ is None or published >= self.from_) and (
            self.below is None or published < self.below
        )


class Bands(Part):
    """The bands of one node, which together take in every number once.

    They read the published number, rounded as the node says: 49.96 published as 50.0 is in the
    band that begins at 50. A member with a knock-out is in the band ``knocked_out``, whatever
    its number.
    """

    of: Code
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    knocked_out: Code | None = None

    def band(self, published: Decimal | None, *, knocked_out: bool = False) -> Band | None:
        """Return the band of a published number; None when there is no number.

        Source: docs/sources.md, knocked_out.
        """
        if knocked_out and self.knocked_out is not None:
            return next(band for band in self.bands if band.code == self.knocked_out)
        if published is None:
            return None
        return next(band for band in self.bands if band.holds(published))

    def gaps(self) -> Iterator[tuple[tuple[int, str], str]]:
        """Yield place and message where the bands, lowest first, overlap or leave a hole."""
        order = sorted(enumerate(self.bands), key=lambda band: _floor(band[1]))
        if order[0][1].from_ is not None:
            yield (order[0][0], "from"), "the lowest band is open: leave from out"
        if order[-1][1].below is not None:
            yield (order[-1][0], "below"), "the highest band is open: leave below out"
        for (_, lower), (index, upper) in pairwise(order):
            end, start = lower.below, upper.from_
            if end is None or start is None or end != start:
                what = "overlap" if end is None or start is None or end > start else "leave a hole"
                message = f"{lower.code} and {upper.code} {what}"
                yield (index, "from"), f"{message}; from must equal below of the band under it"


def _floor(band: Band) -> Decimal:
    return Decimal("-Infinity") if band.from_ is None else band.from_
