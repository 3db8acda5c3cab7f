"""Words that publish a label by conditions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.aggregation.base import Bounds, Columns, Known, Labelled, Row
from rulebooks.rules.conditions import Condition
from rulebooks.rules.document import Fault
from rulebooks.rules.quotients import Bound
from rulebooks.rules.rows import Asked
from rulebooks.rules.schema import Label, Part


class Case(Part):
    """One row of a decision table."""

    when: Condition
    then: Label


class FirstMatch(Labelled):
    """The label of the first case whose condition holds, in the order written, or ``otherwise``.

    A decision table over answers, published numbers, labels and the member's attributes: what is
    not named does not matter, and every member gets a label.

    Source: docs/sources.md, first_match.
    """

    example: ClassVar[str] = (
        "{code: verdict, title: Verdict, op: first_match, cases: [{when: {kpi: a, is: [yes]},"
        ' then: Met}], otherwise: Not met, clause: "6.1"}'
    )

    op: Literal["first_match"]
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]
    otherwise: Label

    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(case.then for case in self.cases), self.otherwise)))

    def asks(self) -> tuple[Asked, ...]:
        return tuple(dict.fromkeys(asked for case in self.cases for asked in case.when.asks()))

    def faults(self, known: Known) -> list[Fault]:
        return [
            Fault(("cases", index, "when", *path), message)
            for index, case in enumerate(self.cases)
            for path, message in case.when.faults(known)
        ]

    def exact(self, row: Row) -> str:
        held = (case.then for case in self.cases if case.when.exact(row))
        return next(held, self.otherwise)

    def columns(self, columns: Columns) -> pl.Expr:
        label = pl.lit(self.otherwise)
        for case in reversed(self.cases):
            label = pl.when(case.when.columns(columns)).then(pl.lit(case.then)).otherwise(label)
        return label

    def bound(self, bounds: Bounds) -> Bound:
        return Bound(1, 1, peak=max(case.when.peak(bounds) for case in self.cases))
