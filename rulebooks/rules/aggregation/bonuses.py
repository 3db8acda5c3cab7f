"""Sums with a bonus that is capped, or that must be deserved."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.aggregation.base import (
    Bounds,
    Columns,
    Known,
    Listing,
    Row,
    Word,
    together,
)
from rulebooks.rules.aggregation.sums import averaged, averaged_bound, summed, summed_columns
from rulebooks.rules.conditions import Condition
from rulebooks.rules.document import Fault
from rulebooks.rules.quotients import (
    Bound,
    Quotient,
    capped,
    capped_bound,
    common,
    whole,
)
from rulebooks.rules.rows import Asked, Most
from rulebooks.rules.schema import Code, NotNegative, Number


class CappedSum(Listing):
    """The mean or the sum of ``of``, plus the sum of ``bonus`` up to a most.

    ``bonus_at_most`` caps what the bonus adds, ``at_most`` what the node comes to. Nothing of
    ``of`` applies: no number, whatever the bonus. A bonus that does not apply adds nothing.

    Source: docs/sources.md, capped_sum.
    """

    example: ClassVar[str] = (
        "{code: total, title: Total, op: capped_sum, base: mean, of: [a, b], bonus: [c],"
        ' bonus_at_most: 5, at_most: 100, clause: "6.1"}'
    )

    op: Literal["capped_sum"]
    base: Literal["mean", "sum"]
    bonus: Annotated[tuple[Code, ...], Field(min_length=1)]
    bonus_at_most: NotNegative
    at_most: Number | None = None

    def reads(self) -> tuple[str, ...]:
        return (*self.of, *self.bonus)

    def read_at(self) -> list[tuple[tuple[str, int], str]]:
        return [((n, i), c) for n in ("of", "bonus") for i, c in enumerate(getattr(self, n))]

    def shares(self) -> dict[str, Fraction]:
        """Return the shares of ``of`` alone: a bonus is no part of what all rests on."""
        return dict.fromkeys(self.of, Fraction(1, len(self.of)))

    def most(self, most: Most) -> Fraction | None:
        put = max if self.base == "mean" else sum
        base = together((most[code] for code in self.of), put)
        if base is None:
            return None if self.at_most is None else Fraction(self.at_most)
        base += Fraction(self.bonus_at_most)
        return base if self.at_most is None else min(base, Fraction(self.at_most))

    def counted(self) -> tuple[str, ...]:
        return self.of

    def exact(self, row: Row) -> Fraction | None:
        given = self.applicable(row)
        if not given:
            return None
        base = sum(given, Fraction(0)) / (len(given) if self.base == "mean" else 1)
        more = sum((row.numbers[code] or Fraction(0) for code in self.bonus), Fraction(0))
        number = base + min(more, Fraction(self.bonus_at_most))
        return number if self.at_most is None else min(number, Fraction(self.at_most))

    def columns(self, columns: Columns) -> Quotient:
        children = [columns.numbers[code] for code in self.of]
        ones = [1] * len(children)
        base = averaged(children, ones) if self.base == "mean" else summed_columns(children)
        more = capped(
            summed_columns([columns.numbers[code] for code in self.bonus]),
            Fraction(self.bonus_at_most),
        )
        both = common([base, Quotient(more.numerator.fill_null(0), more.denominator, more.scale)])
        sum_of_both = both.terms[0] + both.terms[1]  # null where the base is
        number = Quotient(sum_of_both, both.denominator, both.scale)
        return number if self.at_most is None else capped(number, Fraction(self.at_most))

    def bound(self, bounds: Bounds) -> Bound:
        children = [bounds.numbers[code] for code in self.of]
        ones = [1] * len(children)
        base = averaged_bound(children, ones) if self.base == "mean" else summed(children, ones)
        bonus = [bounds.numbers[code] for code in self.bonus]
        more = capped_bound(summed(bonus, [1] * len(bonus)), Fraction(self.bonus_at_most))
        number = summed([base, more], [1, 1])
        return number if self.at_most is None else capped_bound(number, Fraction(self.at_most))


class BonusWhen(Word):
    """One input, plus ``bonus`` where a condition on its siblings holds, up to ``at_most``.

    A bonus below 0 is a deduction. Where the input does not apply there is no number.

    Source: docs/sources.md, bonus_when.
    """

    example: ClassVar[str] = (
        "{code: total, title: Total, op: bonus_when, of: a, when: {node: c, from: 80}, bonus: 5,"
        ' at_most: 100, clause: "6.1"}'
    )

    op: Literal["bonus_when"]
    of: Code
    when: Condition
    bonus: Number
    at_most: Number | None = None

    def reads(self) -> tuple[str, ...]:
        return (self.of,)

    def read_at(self) -> list[tuple[tuple[str], str]]:
        return [(("of",), self.of)]

    def asks(self) -> tuple[Asked, ...]:
        return tuple(dict.fromkeys(self.when.asks()))

    def faults(self, known: Known) -> list[Fault]:
        return [Fault(("when", *path), message) for path, message in self.when.faults(known)]

    def most(self, most: Most) -> Fraction | None:
        if most[self.of] is None:
            return None if self.at_most is None else Fraction(self.at_most)
        number = most[self.of] + max(Fraction(self.bonus), Fraction(0))
        return number if self.at_most is None else min(number, Fraction(self.at_most))

    def exact(self, row: Row) -> Fraction | None:
        number = row.numbers[self.of]
        if number is None:
            return None
        number += Fraction(self.bonus) if self.when.exact(row) else 0
        return number if self.at_most is None else min(number, Fraction(self.at_most))

    def columns(self, columns: Columns) -> Quotient:
        own, bonus = columns.numbers[self.of], Fraction(self.bonus)
        plain = own.numerator * whole(bonus.denominator)
        more = plain + own.divisor() * whole(bonus.numerator)
        numerator = pl.when(self.when.columns(columns)).then(more).otherwise(plain)
        number = Quotient(numerator, own.denominator, own.scale * bonus.denominator)
        return number if self.at_most is None else capped(number, Fraction(self.at_most))

    def bound(self, bounds: Bounds) -> Bound:
        own, bonus = bounds.numbers[self.of], Fraction(self.bonus)
        more = own.scale * own.denominator * abs(bonus.numerator)
        most = own.numerator * bonus.denominator + more
        peak = max(own.peak, self.when.peak(bounds))
        number = Bound(own.scale * bonus.denominator, most, own.denominator, peak=peak)
        return number if self.at_most is None else capped_bound(number, Fraction(self.at_most))
