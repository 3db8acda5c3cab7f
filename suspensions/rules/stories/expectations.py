"""What a story expects: the words, each a small class that says what was found instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from kpis.rules.cards import Card, Line
from rulebooks.rules.document import Fault
from rulebooks.rules.edition import Edition
from rulebooks.rules.schema import Clause, Code, Day, Label, NotNegative, Number, Part, Text
from rulebooks.rules.timeline.changes import Change, Kind
from suspensions.rules.replay import digits

NOTHING = "none"  # the state of what has no state yet
Mark = Literal["published", "derived", "chosen"]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._-]{0,119}$")]
GroundKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9/._-]{0,119}$")]
KINDS = tuple(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class World:
    """What follows for one case: the changes of its timeline, and the card of its answers."""

    changes: tuple[Change, ...]
    card: Card | None


class Expectation(Part):
    """One thing that must follow. ``mark`` says where it comes from; ``code`` names it.

    *published*: the initiative published this outcome; *derived*: it follows from published
    numbers by arithmetic; *chosen*: the rule is published, the inputs were chosen for this story.
    """

    code: Code | None = None
    mark: Mark
    source: Text | None = None

    def found(self, world: World) -> str | None:
        """Return what was found instead, None when the expectation holds."""
        raise NotImplementedError

    def faults(self, edition: Edition) -> Iterator[Fault]:
        """Yield what the edition does not know."""
        return iter(())


class StateExpected(Expectation):
    """The state of a standing, right, obligation, breach, case or clock on a day.

    ``since`` is the first day of that state, ``until`` the first day on which it no longer holds;
    ``never: true`` says that the state does not come about at all, now or if nothing more happens.
    """

    example: ClassVar[str] = (
        "{what: right, key: logo, is: held, on: 2024-07-03, until: 2024-08-02, mark: published}"
    )

    what: Literal[KINDS]
    key: Key | Literal[""] = ""
    is_: Label = Field(alias="is")
    on: Day | None = None
    since: Day | None = None
    until: Day | None = None
    never: bool = False
    clause: Clause | None = None

    @model_validator(mode="after")
    def has_a_day(self) -> StateExpected:
        """Refuse an expectation of no day, or of a day on which nothing is expected."""
        dated = [day for day in (self.on, self.since, self.until) if day is not None]
        if self.never and (dated or self.clause):
            raise ValueError("never: true has no day and no clause; leave on, since, until out")
        if not self.never and self.on is None and self.since is None:
            raise ValueError("say when: on, or since (the first day of the state), or never: true")
        if (self.what == Kind.STANDING) != (not self.key):
            raise ValueError("needs a key, such as a right's code; a standing has none")
        return self

    def __str__(self) -> str:
        name = f"{self.what} {self.key}".strip()
        if self.never:
            return f"{name} never {self.is_}"
        days = (("on", self.on), ("since", self.since), ("until", self.until))
        told = " ".join(f"{word} {day}" for word, day in days if day is not None)
        return f"{name} {self.is_} {told}" + (f" by {self.clause}" if self.clause else "")

    def found(self, world: World) -> str | None:
        stretches = list(_stretches(world.changes, self.what, self.key))
        if self.never:
            return next((f"since {s.since}" for s in stretches if s.state == self.is_), None)
        day = self.on or self.since
        held = next((s for s in stretches if s.holds(day)), _Stretch(NOTHING, None, None, ()))
        holds = (
            held.state == self.is_
            and self.since in (None, held.since)
            and self.until in (None, held.until)
            and self.clause in (None, *held.clauses)
        )
        return None if holds else str(held)

    def faults(self, edition: Edition) -> Iterator[Fault]:
        rights = {right.code for right in edition.rights}
        if self.what == Kind.RIGHT and self.key not in rights:
            yield Fault(("key",), f"is no right; allowed: {', '.join(sorted(rights)) or 'none'}")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A run of days in one state, whatever its grounds were."""

    state: str
    since: date | None
    until: date | None
    clauses: tuple[str, ...]

    def holds(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )

    def __str__(self) -> str:
        days = (("since", self.since), ("until", self.until))
        told = [f"{word} {day}" for word, day in days if day is not None]
        clause = f" by {', '.join(self.clauses)}" if self.clauses else ""
        return " ".join([self.state, *told]) + clause


def _stretches(changes: Sequence[Change], kind: str, key: str) -> Iterator[_Stretch]:
    mine = [change for change in changes if change.kind == kind and change.key == key]
    runs = [list(run) for _, run in groupby(mine, key=lambda change: change.state)]
    if runs:
        yield _Stretch(NOTHING, None, runs[0][0].on, ())
    for place, run in enumerate(runs):
        until = runs[place + 1][0].on if place + 1 < len(runs) else None
        clauses = tuple(dict.fromkeys(change.clause for change in run if change.clause))
        yield _Stretch(run[0].state, run[0].on, until, clauses)


class ScoreExpected(Expectation):
    """Something that is read off the card of the case's answers."""

    def on_card(self, card: Card) -> str | None:
        """Return what the card has instead, None when it is as expected."""
        raise NotImplementedError

    def found(self, world: World) -> str | None:
        return "no answers, so no card" if world.card is None else self.on_card(world.card)


class NumberExpected(ScoreExpected):
    """The number of a node as it is published, or before it is rounded; no node is the total."""

    example: ClassVar[str] = "{what: number, node: total, is: 87.5, mark: published}"

    what: Literal["number"]
    node: Code | None = None
    is_: Number | Literal["none"] = Field(alias="is")
    within: NotNegative = Decimal(0)
    before_rounding: bool = False

    @model_validator(mode="after")
    def rounds_a_node(self) -> NumberExpected:
        """Refuse to look behind the total: name the node whose rounding is meant."""
        if self.before_rounding and self.node is None:
            raise ValueError("before_rounding needs a node")
        return self

    def __str__(self) -> str:
        return f"{self.node or 'total'} {self.is_}" + (f" ± {self.within}" * bool(self.within))

    def on_card(self, card: Card) -> str | None:
        number = self._number(card)
        if number is None or self.is_ == NOTHING:
            return None if number is None and self.is_ == NOTHING else digits(number) or NOTHING
        away = abs(number - Fraction(self.is_))
        return None if away <= Fraction(self.within) else digits(number)

    def _number(self, card: Card) -> Fraction | None:
        if self.node is None:
            return None if card.total is None else Fraction(card.total)
        line = card.line(self.node)
        return line.exact if self.before_rounding else line.number

    def faults(self, edition: Edition) -> Iterator[Fault]:
        yield from _unknown_node(self.node, edition)


class SumExpected(ScoreExpected):
    """The published numbers of several nodes, added as a reader would add them."""

    example: ClassVar[str] = (
        "{what: sum_of_published, nodes: [a, b], is: 66, within: 0.1, mark: published}"
    )

    what: Literal["sum_of_published"]
    nodes: Annotated[tuple[Code, ...], Field(min_length=1)]
    is_: Number = Field(alias="is")
    within: NotNegative = Decimal(0)

    def __str__(self) -> str:
        return f"sum of published {', '.join(self.nodes)} {self.is_}"

    def on_card(self, card: Card) -> str | None:
        total = sum((card.line(node).number or Fraction(0) for node in self.nodes), Fraction(0))
        return None if abs(total - Fraction(self.is_)) <= Fraction(self.within) else digits(total)

    def faults(self, edition: Edition) -> Iterator[Fault]:
        for place, node in enumerate(self.nodes):
            for fault in _unknown_node(node, edition):
                yield Fault(("nodes", place), fault.message)


class LabelExpected(ScoreExpected):
    """The label of a node; no node is the verdict."""

    example: ClassVar[str] = "{what: label, node: verdict, is: Met, mark: chosen}"

    what: Literal["label"]
    node: Code | None = None
    is_: Label = Field(alias="is")

    def __str__(self) -> str:
        return f"{self.node or 'verdict'} {self.is_!r}"

    def on_card(self, card: Card) -> str | None:
        line = Line("", label=card.verdict) if self.node is None else card.line(self.node)
        found = line.label or line.outcome or NOTHING
        return None if found == self.is_ else found

    def faults(self, edition: Edition) -> Iterator[Fault]:
        yield from _unknown_node(self.node, edition)


class BandExpected(ScoreExpected):
    """The band that the published number is in."""

    example: ClassVar[str] = "{what: band, is: high, mark: derived}"

    what: Literal["band"]
    is_: Code = Field(alias="is")

    def __str__(self) -> str:
        return f"band {self.is_}"

    def on_card(self, card: Card) -> str | None:
        return None if (card.band or NOTHING) == self.is_ else card.band or NOTHING

    def faults(self, edition: Edition) -> Iterator[Fault]:
        bands = [NOTHING, *(band.code for band in (edition.bands.bands if edition.bands else ()))]
        if self.is_ not in bands:
            yield Fault(("is",), f"is no band; allowed: {', '.join(bands)}")


class GroundsExpected(ScoreExpected):
    """Every ground that stands beside the number, and no other."""

    example: ClassVar[str] = "{what: grounds, are: [zero-tolerance], mark: chosen}"

    what: Literal["grounds"]
    are: tuple[GroundKey, ...]

    def __str__(self) -> str:
        return f"grounds {', '.join(self.are) or NOTHING}"

    def on_card(self, card: Card) -> str | None:
        fired = sorted(card.fired or ())
        return None if fired == sorted(self.are) else ", ".join(fired) or NOTHING


def _unknown_node(node: str | None, edition: Edition) -> Iterator[Fault]:
    nodes = [one.code for one in edition.scoring.nodes]
    if node is not None and node not in nodes:
        yield Fault(("node",), f"is no node; allowed: {', '.join(nodes) or 'none'}")


Expected = Annotated[
    StateExpected | NumberExpected | SumExpected | LabelExpected | BandExpected | GroundsExpected,
    Field(discriminator="what"),
]
