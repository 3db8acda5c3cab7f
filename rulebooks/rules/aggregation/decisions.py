"""Words that publish a label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.aggregation.base import Bounds, Columns, Row, Word
from rulebooks.rules.conditions import Condition
from rulebooks.rules.document import Fault
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.quotients import Bound
from rulebooks.rules.scales import Direction
from rulebooks.rules.schema import Label, Part


class Case(Part):
    """One row of a decision table."""

    when: Condition
    then: Label


class FirstMatch(Word):
    """The label of the first case whose condition holds, in the order written, or ``otherwise``.

    A decision table over the answers of one member: KPIs that are not named do not matter, and
    every member gets a label.

    Source: docs/sources.md, first_match.
    """

    example: ClassVar[str] = (
        '{code: verdict, title: Verdict, op: first_match, cases: [{when: {kpi: a, is: ["yes"]}, '
        'then: Met}], otherwise: Not met, clause: "6.1"}'
    )

    labelled: ClassVar[bool] = True

    op: Literal["first_match"]
    rounding: Literal["none"] = "none"
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]
    otherwise: Label

    def labels(self) -> tuple[str, ...]:
        """Return every label that can come out, in the order written."""
        return tuple(dict.fromkeys((*(case.then for case in self.cases), self.otherwise)))

    def reads(self) -> tuple[str, ...]:
        return ()

    def asks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(kpi for case in self.cases for kpi in case.when.reads()))

    def faults(self, kpis: Mapping[str, Kpi], better: Mapping[str, Direction]) -> list[Fault]:
        return [
            Fault(("cases", index, "when", *path), message)
            for index, case in enumerate(self.cases)
            for path, message in case.when.faults(kpis)
        ]

    def better(self, children: frozenset[Direction]) -> Direction:
        return Direction.NONE

    def exact(self, row: Row) -> str:
        held = (case.then for case in self.cases if case.when.exact(row.answers))
        return next(held, self.otherwise)

    def columns(self, columns: Columns) -> pl.Expr:
        label = pl.lit(self.otherwise)
        for case in reversed(self.cases):
            label = (
                pl.when(case.when.columns(columns.kpis)).then(pl.lit(case.then)).otherwise(label)
            )
        return label

    def bound(self, bounds: Bounds) -> Bound:
        return Bound(1, 1)
