"""What every word of the scoring tree can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from rulebooks.rules.document import Fault
from rulebooks.rules.quotients import Bound, Quotient, count, whole
from rulebooks.rules.rounding import Rounding
from rulebooks.rules.rows import HELD, Asked, Bounds, Columns, Held, Known, Most, Row
from rulebooks.rules.scales import Direction
from rulebooks.rules.schema import Clause, Code, Part, Title

AtLeast = Annotated[int, Field(ge=2, le=1_000, strict=True)]


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
    repeats: ClassVar[bool] = False  # may read the same input twice

    code: Code
    title: Title
    rounding: Rounding | Literal["none"] = "none"
    clause: Clause

    def reads(self) -> tuple[str, ...]:
        """Return the codes of the KPIs and nodes whose numbers are read, in order."""
        raise NotImplementedError

    def read_at(self) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """Return where in the document each code of ``reads`` stands."""
        raise NotImplementedError

    def asks(self) -> tuple[Asked, ...]:
        """Return what is asked beside those numbers: answers, labels, published numbers."""
        return ()

    def faults(self, known: Known) -> list[Fault]:
        """Return what the word cannot do with what it reads, beyond its schema."""
        return []

    def better(self, children: frozenset[Direction]) -> Direction:
        """Return which numbers of the node are better, given those of its inputs, which agree."""
        return next(iter(children))

    def weights_of_inputs(self) -> Mapping[str, Fraction]:
        """Return the weight of each input, empty where the word has no weights."""
        return {}

    def shares(self) -> Mapping[str, Fraction]:
        """Return the part of the node that each input is when all apply; together they are 1."""
        weights = self.weights_of_inputs() or dict.fromkeys(self.reads(), Fraction(1))
        weight = sum(weights.values(), Fraction(0))
        return {code: own / weight for code, own in weights.items()} if weight else {}

    def most(self, most: Most) -> Fraction | None:
        """Return the most that the node can come to, None where there is no such number."""
        return None

    def needed(self) -> int:
        """Return how many of ``counted`` must apply for the node to have a number."""
        return 1

    def counted(self) -> tuple[str, ...]:
        """Return the inputs of which ``needed`` must apply."""
        return self.reads()

    def held(self, row: Row) -> Held | None:
        """Return why the node of one member has no number although an input may have one."""
        given = sum(row.numbers[code] is not None for code in self.counted())
        if 1 < self.needed() > given:
            return Held.NOT_ENOUGH_DATA
        return max((row.held[code] for code in self.reads()), key=HELD.index, default=None)

    def held_columns(self, columns: Columns) -> pl.Expr | None:
        """Return the same for a frame, as places in ``HELD``; None where nothing can hold it."""
        held = [columns.held[code] for code in self.reads() if code in columns.held]
        if self.needed() > 1:
            given = count([columns.numbers[code].numerator for code in self.counted()])
            why = HELD.index(Held.NOT_ENOUGH_DATA)
            held.append(pl.when(given < whole(self.needed())).then(why).otherwise(0))
        return pl.max_horizontal(*held) if held else None

    def exact(self, row: Row) -> Fraction | str | None:
        """Return the number, or the label, of one member."""
        raise NotImplementedError

    def columns(self, columns: Columns) -> Quotient | pl.Expr:
        """Return the same for a frame of members."""
        raise NotImplementedError

    def bound(self, bounds: Bounds) -> Bound:
        """Return how large the numbers of ``columns`` can become."""
        raise NotImplementedError


class Labelled(Word):
    """A word that publishes a label, for every member one; it reads what is published."""

    labelled: ClassVar[bool] = True

    rounding: Literal["none"] = "none"

    def labels(self) -> tuple[str, ...]:
        """Return every label that can come out, the best or first one first."""
        raise NotImplementedError

    def better(self, children: frozenset[Direction]) -> Direction:
        return Direction.NONE

    def reads(self) -> tuple[str, ...]:
        return ()

    def read_at(self) -> Iterable[tuple[tuple[str | int, ...], str]]:
        return ()

    def exact(self, row: Row) -> str:
        raise NotImplementedError

    def columns(self, columns: Columns) -> pl.Expr:
        raise NotImplementedError


class Listing(Word):
    """A word that reads a list of KPIs and nodes, ``of``.

    Where fewer than ``at_least_applicable`` of them apply, the node states "not enough data" in
    place of a number, and so does whatever rests on it.
    """

    of: Annotated[tuple[Code, ...], Field(min_length=1)]
    at_least_applicable: AtLeast | None = None

    def reads(self) -> tuple[str, ...]:
        return self.of

    def read_at(self) -> Iterable[tuple[tuple[str | int, ...], str]]:
        return [(("of", index), code) for index, code in enumerate(self.of)]

    def needed(self) -> int:
        return self.at_least_applicable or 1

    def faults(self, known: Known) -> list[Fault]:
        return too_many_needed(self)

    def applicable(self, row: Row) -> list[Fraction]:
        """Return the numbers of the inputs that apply."""
        return [n for n in (row.numbers[code] for code in self.of) if n is not None]

    def children(self, of: Columns | Bounds) -> list:
        """Return the inputs' columns, or their bounds, in order."""
        return [of.numbers[code] for code in self.reads()]


def too_many_needed(word: Word) -> list[Fault]:
    """Return a fault where a word needs more inputs than it has."""
    if word.needed() <= len(word.counted()):
        return []
    message = f"more than the {len(word.counted())} inputs there are"
    return [Fault(("at_least_applicable",), f"{message}; it would never have a number")]


def together(numbers: Iterable[Fraction | None], put: Callable) -> Fraction | None:
    """Return ``put`` of ``numbers``, None where one of them is not there."""
    given = list(numbers)
    return None if None in given else put(given)


def published(of: Columns | Bounds | Row, code: str) -> Quotient | Bound | Fraction | None:
    """Return what is published of a node, or the number of a KPI."""
    return of.published[code] if code in of.published else of.numbers[code]


__all__ = [
    "AtLeast",
    "Bounds",
    "Columns",
    "Known",
    "Labelled",
    "Listing",
    "Row",
    "Word",
    "published",
    "together",
    "too_many_needed",
]
