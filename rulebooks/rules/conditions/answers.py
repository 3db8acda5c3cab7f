"""Conditions about one KPI, one node, or one attribute of the member."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, ClassVar

import polars as pl
from pydantic import Field

from rulebooks.rules.answers import State
from rulebooks.rules.conditions.base import About
from rulebooks.rules.document import Fault
from rulebooks.rules.ends import Ends
from rulebooks.rules.indicators import in_states
from rulebooks.rules.quotients import Bound, Quotient
from rulebooks.rules.rows import HELD, Bounds, Columns, Held, Known, Row
from rulebooks.rules.scales import Direction
from rulebooks.rules.schema import Code, Label


class Is(About):
    """Holds when the answer, the node's label or the member's attribute is one of these labels.

    Of several labels chosen in one answer, one is enough.
    """

    example: ClassVar[str] = "{kpi: policy, is: [published, adopted]}"

    labels: Annotated[tuple[Label, ...], Field(min_length=1, alias="is")]

    def exact(self, row: Row) -> bool:
        about, code = self.asked
        if about == "kpi":
            answer = row.answers[code]
            given = set(answer.labels) if answer.state is State.ANSWERED else set()
            return not given.isdisjoint(self.labels)
        value = row.labels[code] if about == "node" else row.attributes.get(code)
        return value in self.labels

    def columns(self, columns: Columns) -> pl.Expr:
        about, code = self.asked
        if about == "kpi":
            mask = columns.kpis[code].scale.mask(self.labels)
            return ((pl.col(code) & mask) != 0).fill_null(False)
        if about == "node":
            return columns.labels[code].is_in(list(self.labels)).fill_null(False)
        return columns.attributes[code].is_one_of(self.labels)

    def misfits(self, known: Known) -> Iterator[Fault]:
        about, code = self.asked
        if about == "kpi":
            allowed, what = known.kpis[code].scale.labels(), "on the scale"
        elif about == "node":
            node = known.nodes[code]
            allowed, what = node.labels() if node.labelled else (), "a label of the node"
        else:
            allowed, what = known.attributes[code].labels(), f"a {code}"
        for index, label in enumerate(self.labels):
            if label not in allowed:
                listed = ", ".join(allowed) or "none, it has no labels"
                yield Fault(("is", index), f"{label!r} is not {what}; allowed: {listed}")


class NodeState(StrEnum):
    """How far a node has a number."""

    SCORED = "scored"
    NO_NUMBER = "no_number"
    NOT_SCORED = Held.NOT_SCORED.value
    NOT_ENOUGH_DATA = Held.NOT_ENOUGH_DATA.value


class InState(About):
    """Holds when the answer, or the node, is in one of these states.

    A KPI is answered, missing, unknown or not_applicable; a node is scored, or it is not_scored,
    not_enough_data or no_number (nothing that it reads applies).
    """

    example: ClassVar[str] = "{kpi: policy, state: [missing, unknown]}"
    subjects = ("kpi", "node")

    state: Annotated[tuple[Code, ...], Field(min_length=1)]

    def exact(self, row: Row) -> bool:
        about, code = self.asked
        if about == "kpi":
            return row.answers[code].state in self.state
        if row.numbers[code] is not None:
            return NodeState.SCORED in self.state
        return (row.held[code] or NodeState.NO_NUMBER) in self.state

    def columns(self, columns: Columns) -> pl.Expr:
        about, code = self.asked
        if about == "kpi":
            return in_states(code, tuple(map(State, self.state)))
        held = [place for place, why in enumerate(HELD) if (why or "no_number") in self.state]
        scored = columns.numbers[code].numerator.is_not_null()
        why = columns.held.get(code, pl.lit(HELD.index(None)))
        return (scored & pl.lit(NodeState.SCORED in self.state)) | (~scored & why.is_in(held))

    def misfits(self, known: Known) -> Iterator[Fault]:
        about, code = self.asked
        if about == "node" and known.nodes[code].labelled:
            yield Fault(("node",), f"{code} always has a label; ask it with is")
        allowed = [*State] if about == "kpi" else [*NodeState]
        for index, state in enumerate(self.state):
            if state not in allowed:
                yield Fault(
                    ("state", index), f"{state!r} is no state; allowed: {', '.join(allowed)}"
                )


class Lies(Ends, About):
    """Holds when a KPI's number, a node's published number or a number of the member lies there.

    Where there is no number it does not hold, whatever the ends.
    """

    example: ClassVar[str] = "{node: total, from: 50, below: 70}"

    def exact(self, row: Row) -> bool:
        about, code = self.asked
        numbers = {"kpi": row.numbers, "node": row.published, "member": row.attributes}[about]
        number = numbers.get(code)
        return number is not None and self.holds(number)

    def columns(self, columns: Columns) -> pl.Expr:
        return Ends.columns(self, self._number(columns)).fill_null(False)

    def peak(self, bounds: Bounds) -> int:
        about, code = self.asked
        bound = {"kpi": bounds.numbers, "node": bounds.published}.get(about, {}).get(code)
        return Ends.peak(self, bound or Bound(1, 1_000))

    def misfits(self, known: Known) -> Iterator[Fault]:
        about, code = self.asked
        if about == "kpi" and known.kpis[code].better in (Direction.NONE, Direction.IN_RANGE):
            if known.kpis[code].scale.labels():
                yield Fault(("kpi",), f"{code} gives no number; ask it with is")
        elif about == "node" and known.nodes[code].labelled:
            yield Fault(("node",), f"{code} gives a label, no number; ask it with is")
        elif about == "member" and known.attributes[code].labels():
            yield Fault(("member",), f"{code} is a label, no number; ask it with is")

    def _number(self, columns: Columns) -> Quotient:
        about, code = self.asked
        if about == "member":
            return columns.attributes[code].number()
        return (columns.numbers if about == "kpi" else columns.published)[code]


class Assured(About):
    """Holds when the answer was checked to this level of assurance, or a higher one."""

    example: ClassVar[str] = "{kpi: injuries, assured: verified}"
    subjects = ("kpi",)

    assured: Code

    def exact(self, row: Row) -> bool:
        answered = row.answers[self.kpi].state is State.ANSWERED
        return answered and row.levels.get(self.kpi, 0) >= row.assurance.place(self.assured)

    def columns(self, columns: Columns) -> pl.Expr:
        answered = in_states(self.kpi, (State.ANSWERED,))
        return answered & columns.assurance.at_least(self.kpi, self.assured)

    def misfits(self, known: Known) -> Iterator[Fault]:
        levels = known.assurance.codes() if known.assurance else ()
        if self.assured not in levels:
            listed = ", ".join(levels) or "none, the edition has no assurance"
            yield Fault(("assured",), f"{self.assured!r} is no level; allowed: {listed}")
