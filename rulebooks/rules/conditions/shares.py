"""Conditions about how much of a score was checked."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

import polars as pl

from rulebooks.rules.answers import State
from rulebooks.rules.conditions.base import BaseCondition
from rulebooks.rules.document import Fault
from rulebooks.rules.ends import Ends
from rulebooks.rules.indicators import in_states
from rulebooks.rules.quotients import INT, Bound, Quotient, integers, total, whole
from rulebooks.rules.rows import Asked, Bounds, Columns, Known, Row
from rulebooks.rules.schema import Code


class ShareAssured(Ends, BaseCondition):
    """Holds when the share of answers checked to this level or a higher one lies there.

    Of the KPIs that the node rests on, only those answered count: each as one (``by: count``), or
    with the weight that it has in the node when everything applies (``by: weight``). Shares run
    from 0 to 1. Where nothing was answered there is no share.
    """

    example: ClassVar[str] = "{share_assured: verified, of: total, by: weight, below: 0.5}"

    share_assured: Code
    of: Code
    by: Literal["count", "weight"]

    def share(self, row: Row) -> Fraction | None:
        """Return the share of one member, None where nothing weighs anything."""
        place = row.assurance.place(self.share_assured)
        answered = {
            kpi: weight
            for kpi, weight in self._weights(row.under).items()
            if row.answers[kpi].state is State.ANSWERED
        }
        checked = [w for kpi, w in answered.items() if row.levels.get(kpi, 0) >= place]
        weight = sum(answered.values(), Fraction(0))
        return sum(checked, Fraction(0)) / weight if weight else None

    def exact(self, row: Row) -> bool:
        share = self.share(row)
        return share is not None and self.holds(share)

    def columns(self, columns: Columns) -> pl.Expr:
        weights = self._weights(columns.under)
        wholes, _ = integers(list(weights.values()))
        answered, checked = [], []
        for kpi, weight in zip(weights, wholes, strict=True):
            given = in_states(kpi, (State.ANSWERED,))
            high = columns.assurance.at_least(kpi, self.share_assured)
            answered.append(given.cast(INT) * whole(weight))
            checked.append((given & high).cast(INT) * whole(weight))
        weight = total(answered)
        share = Quotient(pl.when(weight > 0).then(total(checked)), weight, 1)
        return Ends.columns(self, share).fill_null(False)

    def peak(self, bounds: Bounds) -> int:
        weight = sum(integers(list(self._weights(bounds.under).values()))[0])
        return Ends.peak(self, Bound(1, weight, max(weight, 1)))

    def asks(self) -> Iterator[Asked]:
        yield Asked("node", self.of)

    def faults(self, known: Known) -> Iterator[Fault]:
        levels = known.assurance.codes() if known.assurance else ()
        if self.share_assured not in levels:
            listed = ", ".join(levels) or "none, the edition has no assurance"
            message = f"{self.share_assured!r} is no level; allowed: {listed}"
            yield Fault(("share_assured",), message)
        if self.of not in known.nodes:
            listed = ", ".join(known.nodes) or "none is there"
            yield Fault(("of",), f"{self.of!r} is no node before this one; allowed: {listed}")

    def _weights(self, under: dict[str, dict[str, Fraction]]) -> dict[str, Fraction]:
        weights = under[self.of]
        return dict.fromkeys(weights, Fraction(1)) if self.by == "count" else dict(weights)
