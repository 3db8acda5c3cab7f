"""A way through the tree that depends on a fact."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.aggregation.base import Bounds, Columns, Known, Row, Word, together
from rulebooks.rules.conditions import Condition
from rulebooks.rules.document import Fault
from rulebooks.rules.quotients import Bound, Quotient, common, common_bounds
from rulebooks.rules.rows import HELD, Asked, Held, Most
from rulebooks.rules.schema import Code, Part


class Way(Part):
    """One way: where it is taken, and what is read there."""

    when: Condition
    read: Code


class Branch(Word):
    """The number of the first way whose condition holds; ``otherwise`` where none does, or none.

    Other ways do not matter: nothing that only they rest on is missed.

    Source: docs/sources.md, branch.
    """

    example: ClassVar[str] = (
        "{code: total, title: Total, op: branch, ways: [{when: {member: class, is: [small]},"
        ' read: a}], otherwise: b, clause: "6.1"}'
    )

    repeats: ClassVar[bool] = True

    op: Literal["branch"]
    ways: Annotated[tuple[Way, ...], Field(min_length=1)]
    otherwise: Code | None

    def reads(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for _, code in self.read_at()))

    def read_at(self) -> list[tuple[tuple[str | int, ...], str]]:
        read = [(("ways", index, "read"), way.read) for index, way in enumerate(self.ways)]
        return read if self.otherwise is None else [*read, (("otherwise",), self.otherwise)]

    def asks(self) -> tuple[Asked, ...]:
        return tuple(dict.fromkeys(asked for way in self.ways for asked in way.when.asks()))

    def faults(self, known: Known) -> list[Fault]:
        return [
            Fault(("ways", index, "when", *path), message)
            for index, way in enumerate(self.ways)
            for path, message in way.when.faults(known)
        ]

    def most(self, most: Most) -> Fraction | None:
        return together((most[code] for code in self.reads()), max)

    def taken(self, row: Row) -> str | None:
        """Return the KPI or node whose number is taken for one member, None for none."""
        return next((way.read for way in self.ways if way.when.exact(row)), self.otherwise)

    def held(self, row: Row) -> Held | None:
        taken = self.taken(row)
        return row.held[taken] if taken else None

    def held_columns(self, columns: Columns) -> pl.Expr | None:
        if not columns.held.keys() & self.reads():
            return None
        nothing = pl.lit(HELD.index(None), dtype=pl.Int32)
        held = {code: columns.held.get(code, nothing).cast(pl.Int32) for code in self.reads()}
        chosen = nothing if self.otherwise is None else held[self.otherwise]
        for way in reversed(self.ways):
            chosen = pl.when(way.when.columns(columns)).then(held[way.read]).otherwise(chosen)
        return chosen

    def exact(self, row: Row) -> Fraction | None:
        taken = self.taken(row)
        return row.numbers[taken] if taken else None

    def columns(self, columns: Columns) -> Quotient:
        shared = common([columns.numbers[code] for code in self.reads()])
        terms = dict(zip(self.reads(), shared.terms, strict=True))
        chosen = pl.lit(None) if self.otherwise is None else terms[self.otherwise]
        for way in reversed(self.ways):
            chosen = pl.when(way.when.columns(columns)).then(terms[way.read]).otherwise(chosen)
        return Quotient(chosen, shared.denominator, shared.scale)

    def bound(self, bounds: Bounds) -> Bound:
        children = [bounds.numbers[code] for code in self.reads()]
        terms, denominator, scale = common_bounds(children)
        asked = max(way.when.peak(bounds) for way in self.ways)
        peak = max(asked, *(child.peak for child in children))
        return Bound(scale, max(terms), denominator, peak=peak)
