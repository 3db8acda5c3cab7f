"""Points earned of those that could be earned."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from rulebooks.rules.aggregation.base import Bounds, Columns, Known, Listing, Row
from rulebooks.rules.aggregation.sums import applying, at_least_one
from rulebooks.rules.document import Fault
from rulebooks.rules.quotients import (
    Bound,
    Quotient,
    common_bounds,
    count,
    integers,
    weighted,
)
from rulebooks.rules.rows import Most
from rulebooks.rules.scales import Direction
from rulebooks.rules.schema import Positive


class PointsOfAvailable(Listing):
    """The points earned over the points available, of the inputs that apply, times ``times``.

    An input must be a KPI or node with a most that can be earned; its available points are that
    most. ``times: 100`` gives percent. Nothing available: the node does not apply.

    Source: docs/sources.md, points_of_available.
    """

    example: ClassVar[str] = (
        "{code: total, title: Total, op: points_of_available, of: [a, b], times: 100,"
        ' at_least_applicable: 2, clause: "6.1"}'
    )

    op: Literal["points_of_available"]
    times: Positive = Decimal(1)

    def most(self, most: Most) -> Fraction:
        return Fraction(self.times)

    def faults(self, known: Known) -> list[Fault]:
        found = super().faults(known)
        for index, code in enumerate(self.of):
            most = known.most.get(code)
            if most is None or most <= 0 or known.better.get(code) is not Direction.HIGHER:
                message = f"{code} has no points to earn"
                wanted = "name a KPI or node with a most that is above 0"
                found.append(Fault(("of", index), f"{message}: {wanted}"))
        return found

    def exact(self, row: Row) -> Fraction | None:
        given = [code for code in self.of if row.numbers[code] is not None]
        if not given:
            return None
        available = sum((row.most[code] for code in given), Fraction(0))
        earned = sum((row.numbers[code] for code in given), Fraction(0))
        return earned / available * Fraction(self.times)

    def columns(self, columns: Columns) -> Quotient:
        children = self.children(columns)
        most, most_scale = self._available(columns.most)
        times = Fraction(self.times)
        earned = weighted(children, [most_scale * times.numerator] * len(children))
        available = at_least_one(count([child.numerator for child in children], most))
        below = earned.denominator
        made = Quotient(
            earned.numerator,
            available if below is None else available * below,
            earned.scale * times.denominator,
        )
        return applying(children, made)

    def bound(self, bounds: Bounds) -> Bound:
        terms, denominator, scale = common_bounds(self.children(bounds))
        most, most_scale = self._available(bounds.most)
        times = Fraction(self.times)
        return Bound(
            scale * times.denominator,
            sum(terms) * most_scale * times.numerator,
            sum(most) * denominator,
            peak=max(child.peak for child in self.children(bounds)),
        )

    def _available(self, most: Most) -> tuple[list[int], int]:
        return integers([most[code] for code in self.of])
