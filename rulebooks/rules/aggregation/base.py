"""What every word of the scoring tree can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.answers import Answer
from rulebooks.rules.document import Fault
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.quotients import Bound, Quotient
from rulebooks.rules.rounding import Rounding
from rulebooks.rules.scales import Direction
from rulebooks.rules.schema import Clause, Code, Part, Title


@dataclass(frozen=True)
class Row:
    """What is known of one member when a node is computed; None is "does not apply"."""

    kpis: Mapping[str, Kpi]
    better: Mapping[str, Direction]
    answers: Mapping[str, Answer]
    numbers: Mapping[str, Fraction | None]


@dataclass(frozen=True)
class Columns:
    """The same for a frame of members, a row each."""

    kpis: Mapping[str, Kpi]
    better: Mapping[str, Direction]
    numbers: Mapping[str, Quotient]


@dataclass(frozen=True)
class Bounds:
    """How large the numbers of a frame can become."""

    kpis: Mapping[str, Kpi]
    numbers: Mapping[str, Bound]


class Word(Part):
    """One node of the scoring tree: a number for each member, from what it reads.

    A node reads KPIs and nodes that stand before it, and reads them exact: ``rounding`` makes the
    number that the node itself publishes, once, and nothing above sees it. An input that does not
    apply is left out; a node none of whose inputs applies does not apply either.

    The word is its schema, ``exact`` in fractions, ``columns`` in polars expressions, and the
    ``bound`` that says whether Int128 can hold the columns.
    """

    labelled: ClassVar[bool] = False
    calculated: ClassVar[bool] = False  # reads numbers of any direction, by their names

    code: Code
    title: Title
    rounding: Rounding | Literal["none"] = "none"
    clause: Clause

    def reads(self) -> tuple[str, ...]:
        """Return the codes of the KPIs and nodes whose numbers are read, in order."""
        raise NotImplementedError

    def asks(self) -> tuple[str, ...]:
        """Return the codes of the KPIs whose answers, not numbers, are asked."""
        return ()

    def faults(self, kpis: Mapping[str, Kpi], better: Mapping[str, Direction]) -> list[Fault]:
        """Return what the word cannot do with what it reads, beyond its schema."""
        return []

    def better(self, children: frozenset[Direction]) -> Direction:
        """Return which numbers of the node are better, given those of its inputs, which agree."""
        return next(iter(children))

    def weights_of_inputs(self) -> Mapping[str, Fraction]:
        """Return the weight of each input, empty where the word has no weights."""
        return {}

    def exact(self, row: Row) -> Fraction | str | None:
        """Return the number, or the label, of one member."""
        raise NotImplementedError

    def columns(self, columns: Columns) -> Quotient | pl.Expr:
        """Return the same for a frame of members."""
        raise NotImplementedError

    def bound(self, bounds: Bounds) -> Bound:
        """Return how large the numbers of ``columns`` can become."""
        raise NotImplementedError


class Listing(Word):
    """A word that reads a list of KPIs and nodes, ``of``."""

    of: Annotated[tuple[Code, ...], Field(min_length=1)]

    def reads(self) -> tuple[str, ...]:
        return self.of

    def applicable(self, row: Row) -> list[Fraction]:
        """Return the numbers of the inputs that apply."""
        return [n for n in (row.numbers[code] for code in self.of) if n is not None]

    def children(self, of: Columns | Bounds) -> list:
        """Return the inputs' columns, or their bounds, in order."""
        return [of.numbers[code] for code in self.of]
