"""Two numbers read together."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.aggregation.base import Bounds, Columns, Known, Labelled, Row, published
from rulebooks.rules.aggregation.levels import lower_is_better
from rulebooks.rules.document import Fault
from rulebooks.rules.ends import Ends, holes
from rulebooks.rules.quotients import Bound
from rulebooks.rules.rows import Asked
from rulebooks.rules.schema import Code, Label, Number, Table

Bars = Annotated[tuple[Number, ...], Field(min_length=2, max_length=2)]


class MatrixRow(Ends):
    """The bars for some years of membership: a label and the two numbers that both earn it."""

    bars: Table[Label, Bars]


class Matrix(Labelled):
    """A label that two numbers earn together, by bars that may depend on years of membership.

    Of the row in which the member's number ``by`` lies, the first label both of whose bars are
    reached; ``otherwise`` where none is. Without ``by`` there is one row, without ends. Where a
    number or ``by`` is not there, the label is ``no_data``. It reads published numbers.

    Source: docs/sources.md, matrix.
    """

    example: ClassVar[str] = (
        "{code: category, title: Category, op: matrix, of: [a, b], by: tenure, rows:"
        " [{below: 2, bars: {Good: [40, 60]}}, {from: 2, bars: {Good: [50, 80]}}],"
        ' otherwise: Needs improvement, no_data: Not rated, clause: "6.1"}'
    )

    op: Literal["matrix"]
    of: Annotated[tuple[Code, ...], Field(min_length=2, max_length=2)]
    by: Code | None = None
    rows: Annotated[tuple[MatrixRow, ...], Field(min_length=1, max_length=100)]
    otherwise: Label
    no_data: Label

    def labels(self) -> tuple[str, ...]:
        earned = (label for row in self.rows for label in row.bars)
        return tuple(dict.fromkeys((*earned, self.otherwise, self.no_data)))

    def reads(self) -> tuple[str, ...]:
        return self.of

    def read_at(self) -> list[tuple[tuple[str, int], str]]:
        return [(("of", index), code) for index, code in enumerate(self.of)]

    def asks(self) -> tuple[Asked, ...]:
        return () if self.by is None else (Asked("member", self.by),)

    def faults(self, known: Known) -> list[Fault]:
        names = [f"rows[{index}]" for index in range(len(self.rows))]
        gaps = holes(self.rows, names, Fraction(1))
        found = [Fault(("rows", index), message) for index, _, message in gaps]
        return [*lower_is_better(self, known), *found, *self._by(known), *self._backward()]

    def exact(self, row: Row) -> str:
        numbers = [published(row, code) for code in self.of]
        years = 0 if self.by is None else row.attributes.get(self.by)
        if None in numbers or years is None:
            return self.no_data
        bars = next(one.bars for one in self.rows if one.holds(years))
        for label, both in bars.items():
            if all(number >= bar for number, bar in zip(numbers, both, strict=True)):
                return label
        return self.otherwise

    def columns(self, columns: Columns) -> pl.Expr:
        numbers = [published(columns, code) for code in self.of]
        known = [number.numerator.is_not_null() for number in numbers]
        label = pl.lit(self.otherwise)
        for row in self.rows:
            earned = pl.lit(self.otherwise)
            for name, both in reversed(row.bars.items()):
                pairs = zip(numbers, both, strict=True)
                held = [number.at_least(Fraction(bar)) for number, bar in pairs]
                earned = pl.when(pl.all_horizontal(held)).then(pl.lit(name)).otherwise(earned)
            if self.by is None:
                label = earned
            else:
                years = columns.attributes[self.by].number()
                label = pl.when(row.columns(years)).then(earned).otherwise(label)
        if self.by is not None:
            known.append(columns.attributes[self.by].number().numerator.is_not_null())
        return pl.when(pl.all_horizontal(known)).then(label).otherwise(pl.lit(self.no_data))

    def bound(self, bounds: Bounds) -> Bound:
        numbers = [published(bounds, code) for code in self.of]
        pairs = [
            (number, bar)
            for row in self.rows
            for both in row.bars.values()
            for number, bar in zip(numbers, both, strict=True)
        ]
        return Bound(1, 1, peak=max(number.against(Fraction(bar)) for number, bar in pairs))

    def _by(self, known: Known) -> Iterator[Fault]:
        numbers = [code for code, one in known.attributes.items() if not one.labels()]
        if self.by is not None and self.by not in numbers:
            listed = ", ".join(numbers) or "none is there"
            yield Fault(("by",), f"{self.by!r} is no number of the member; allowed: {listed}")

    def _backward(self) -> Iterator[Fault]:
        for index, row in enumerate(self.rows):
            bars = list(row.bars.items())
            for place, (label, (one, other)) in enumerate(bars):
                before = bars[:place]
                wider = [n for n, (first, second) in before if one >= first and other >= second]
                if wider:
                    message = f"never given: {wider[0]} asks for no more; write the best first"
                    yield Fault(("rows", index, "bars", label), message)
