"""Conditions made of conditions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Annotated, ClassVar

import polars as pl
from pydantic import Field

from rulebooks.rules.conditions.base import BaseCondition
from rulebooks.rules.document import Fault
from rulebooks.rules.rows import Asked, Bounds, Columns, Known, Row

if TYPE_CHECKING:
    from rulebooks.rules.conditions import Condition


class Several(BaseCondition):
    """A condition made of a list of them, under its own key."""

    key: ClassVar[str]

    def peak(self, bounds: Bounds) -> int:
        return max(condition.peak(bounds) for condition in self.of)

    def asks(self) -> Iterator[Asked]:
        for condition in self.of:
            yield from condition.asks()

    def faults(self, known: Known) -> Iterator[Fault]:
        for index, condition in enumerate(self.of):
            for path, message in condition.faults(known):
                yield Fault((self.key, index, *path), message)


class All(Several):
    """Holds when each of its conditions holds."""

    key = "all"
    example: ClassVar[str] = "{all: [{kpi: policy, is: [yes]}, {node: total, from: 50}]}"

    of: Annotated[tuple[Condition, ...], Field(min_length=1, alias="all")]

    def exact(self, row: Row) -> bool:
        return all(condition.exact(row) for condition in self.of)

    def columns(self, columns: Columns) -> pl.Expr:
        return reduce(and_, [condition.columns(columns) for condition in self.of])


class Any_(Several):
    """Holds when at least one of its conditions holds."""

    key = "any"
    example: ClassVar[str] = "{any: [{kpi: policy, is: [yes]}, {kpi: law, is: [yes]}]}"

    of: Annotated[tuple[Condition, ...], Field(min_length=1, alias="any")]

    def exact(self, row: Row) -> bool:
        return any(condition.exact(row) for condition in self.of)

    def columns(self, columns: Columns) -> pl.Expr:
        return reduce(or_, [condition.columns(columns) for condition in self.of])


class Not(BaseCondition):
    """Holds when its condition does not."""

    example: ClassVar[str] = "{not: {kpi: policy, is: [yes]}}"

    of: Condition = Field(alias="not")

    def exact(self, row: Row) -> bool:
        return not self.of.exact(row)

    def columns(self, columns: Columns) -> pl.Expr:
        return ~self.of.columns(columns)

    def peak(self, bounds: Bounds) -> int:
        return self.of.peak(bounds)

    def asks(self) -> Iterator[Asked]:
        yield from self.of.asks()

    def faults(self, known: Known) -> Iterator[Fault]:
        for path, message in self.of.faults(known):
            yield Fault(("not", *path), message)
