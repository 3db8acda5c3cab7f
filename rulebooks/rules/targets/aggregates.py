"""How the answers of many members become one number that a collective target is measured by.

A new aggregate is one class and its name in ``AGGREGATES``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rulebooks.rules.schema import Number, Part


@dataclass(frozen=True, slots=True)
class Totals:
    """What the published answers of some members add up to.

    ``total`` is the sum of their numbers; ``numerator`` and ``denominator`` those of their parts,
    where the indicator is a ratio; ``reaching`` how many reached the bar. All exact.
    """

    members: int
    total: Fraction = Fraction(0)
    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    times: Fraction = Fraction(1)
    reaching: int = 0


class BaseAggregate(Part):
    """One way to take the answers of many members together."""

    def exact(self, totals: Totals) -> Fraction | None:
        """Return the number, None where nobody, or nothing to divide by, stands behind it."""
        raise NotImplementedError


class Sum(BaseAggregate):
    """The numbers of all members, added.

    Source: docs/sources.md, aggregate.
    """

    example: ClassVar[str] = "{kind: sum}"

    kind: Literal["sum"]

    def exact(self, totals: Totals) -> Fraction | None:
        return totals.total if totals.members else None


class Mean(BaseAggregate):
    """The mean of the members' numbers: each counts once, however large it is.

    Source: docs/sources.md, aggregate.
    """

    example: ClassVar[str] = "{kind: mean}"

    kind: Literal["mean"]

    def exact(self, totals: Totals) -> Fraction | None:
        return totals.total / totals.members if totals.members else None


class OfParts(BaseAggregate):
    """The mean of ratios by their parts: all numerators over all denominators.

    A member counts by the size of its denominator, so this is the share of the whole.

    Source: docs/sources.md, aggregate.
    """

    example: ClassVar[str] = "{kind: of_parts}"

    kind: Literal["of_parts"]

    def exact(self, totals: Totals) -> Fraction | None:
        if not totals.denominator:
            return None
        return totals.numerator / totals.denominator * totals.times


class ShareReaching(BaseAggregate):
    """The share of members, in percent, whose own number is as good as ``reach`` or better.

    The target's baseline, milestones and goal are then percentages of members.

    Source: docs/sources.md, aggregate.
    """

    example: ClassVar[str] = "{kind: share_reaching, reach: 80}"

    kind: Literal["share_reaching"]
    reach: Number

    def exact(self, totals: Totals) -> Fraction | None:
        return Fraction(100 * totals.reaching, totals.members) if totals.members else None


AGGREGATES = (Sum, Mean, OfParts, ShareReaching)

Aggregate = Annotated[reduce(or_, AGGREGATES), Field(discriminator="kind")]
