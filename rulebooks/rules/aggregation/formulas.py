"""Numbers that are calculated by a formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, StringConstraints

from rulebooks.rules.aggregation.base import Bounds, Columns, Row, Word
from rulebooks.rules.document import Fault
from rulebooks.rules.formula import Expression, FormulaError, NoNumber, parse
from rulebooks.rules.quotients import Bound, Quotient
from rulebooks.rules.scales import Direction
from rulebooks.rules.schema import Label
from rulebooks.rules.units import Measure


def _readable(text: str) -> str:
    parse(text)
    return text


class Formula(Word):
    """A number calculated from KPIs and nodes: a calculated KPI.

    A formula has names, decimal numbers, ``+ - * /``, parentheses, ``min max sum abs`` and
    ``if(a > b, c, d)``. ``unit`` and ``direction`` say what comes out; what goes in may be better
    either way, or just describe. Where an input has no number, or something would be divided by
    zero, the formula has no number either, and the card says why.

    Source: docs/sources.md, formula.
    """

    example: ClassVar[str] = (
        "{code: share, title: Share certified, op: formula, unit: percent, direction: higher, "
        'formula: "if(bought > 0, certified / bought * 100, 0)", clause: "3.2"}'
    )
    calculated: ClassVar[bool] = True

    op: Literal["formula"]
    formula: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_readable)
    ]
    unit: Label
    direction: Literal[Direction.HIGHER, Direction.LOWER, Direction.NONE]

    @cached_property
    def expression(self) -> Expression:
        """Return the formula as nodes."""
        return parse(self.formula)

    def reads(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name.code for name in self.expression.names()))

    def read_at(self) -> list[tuple[tuple[str], str]]:
        return [(("formula",), code) for code in self.reads()]

    def better(self, children: frozenset[Direction]) -> Direction:
        return self.direction

    def exact(self, row: Row) -> Fraction | None:
        try:
            return self.expression.exact(row.numbers)
        except NoNumber:
            return None

    def why_none(self, row: Row) -> str | None:
        """Return why there is no number for one member, None when there is one."""
        try:
            self.expression.exact(row.numbers)
        except NoNumber as error:
            return str(error)
        return None

    def columns(self, columns: Columns) -> Quotient:
        return self.expression.columns(columns.numbers)

    def bound(self, bounds: Bounds) -> Bound:
        return self.expression.bound(bounds.numbers)

    def unknown_names(self, known: Mapping[str, str], later: frozenset[str]) -> Iterator[Fault]:
        """Yield names that cannot be read here; ``known`` says of each code why it cannot, or "".

        ``later`` are this node and those that stand after it.
        """
        for name in self.expression.names():
            if problem := self._problem(name.code, known, later):
                yield Fault(("formula",), str(FormulaError(name.at, problem)))

    def _problem(self, code: str, known: Mapping[str, str], later: frozenset[str]) -> str:
        if code in known:
            return known[code]
        if code == self.code:
            return f"{code!r} reads itself: a cycle"
        if code in later:
            return f"{code!r} does not stand before {self.code}; a node reads upwards"
        if "-" in code and all(part in known for part in code.split("-")):
            return f"{code!r} is one name; to subtract, put spaces around the sign"
        near = get_close_matches(code, known, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        readable = ", ".join(c for c, why in known.items() if not why) or "none is defined"
        return f"{code!r} is no KPI or node; {hint}allowed: {readable}"

    def unit_fault(self, measures: Mapping[str, Measure]) -> Fault | None:
        """Return what is wrong with the units, None when they go together."""
        try:
            found = self.expression.measure(measures)
        except FormulaError as error:
            return Fault(("formula",), str(error))
        if found.may_be_called(self.unit):
            return None
        return Fault(("unit",), f"the formula comes to {found}, not to {self.unit}")
