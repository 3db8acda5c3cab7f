"""Replays: what an initiative published, beside what the platform computes from the same inputs.

A replay file has two parts that never meet before the end: what is *given* (edition, inputs) and
what was *published*. Whoever computes gets a ``Given``, which holds nothing published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kpis.rules.cards import Card
from kpis.rules.profiles import Column, CsvFile, Fixed, Profile, Rows, Written, XlsxFile
from kpis.rules.stating import Setting
from rulebooks.rules import document
from rulebooks.rules.answers import Answer
from rulebooks.rules.document import Fault
from rulebooks.rules.edition import Edition
from rulebooks.rules.schema import Code, Day, Label, NotNegative, Part, Text, Title

LINE = "recomputed from published data; no finding about any company"
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
DataName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][\w-]*(/[A-Za-z0-9][\w-]*){0,4}$")
]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][\w.-]{0,99}$")]
RelativePath = Annotated[str, StringConstraints(pattern=r"^[\w.][\w ./-]{0,199}$")]


class Input(Part):
    """One file of the data set, and the import profile that reads it."""

    profile: RelativePath
    file: FileName
    period: Code | None = None
    as_of: Day | None = None


class Published(Part):
    """One level of published outcomes: where they stand, and what of ours each is to equal.

    ``node`` names a node of the scoring tree, ``cohort`` a word of the cohort. Numbers are equal
    when they differ by no more than ``within``; without it they are labels.
    """

    level: Word
    file: FileName
    table: Annotated[CsvFile | XlsxFile, Field(discriminator="kind")] = CsvFile(kind="csv")
    rows: tuple[Rows, ...] = ()
    member: Column
    period: Written | Fixed
    node: Written | Fixed | None = None
    cohort: Code | None = None
    value: Column
    within: NotNegative | None = None

    def columns(self) -> frozenset[str]:
        """Return the columns that are read, by header."""
        specs = (self.period, self.node)
        named = [spec.column for spec in specs if isinstance(spec, Written)]
        return frozenset([self.member, self.value, *named, *(rows.column for rows in self.rows)])


class RuleHits(Part):
    """How many members a breach rule hits: on the labels published at ``level``, and on ours."""

    rule: Code
    level: Word
    on_published: Annotated[int, Field(ge=0, strict=True)]
    on_computed: Annotated[int, Field(ge=0, strict=True)]


class KnownDifference(Part):
    """A published outcome that does not follow from the published inputs, and why."""

    level: Word
    member: Label
    period: Code
    node: Code | None = None
    published: Label
    reason: Text


class Replay(Part):
    """A data set played against an edition, and compared with what was published."""

    format: Literal[1]
    kind: Literal["data"] = "data"
    title: Title
    data: DataName
    edition: RelativePath
    inputs: Annotated[tuple[Input, ...], Field(min_length=1)]
    published: Annotated[tuple[Published, ...], Field(min_length=1)]
    hits: tuple[RuleHits, ...] = ()
    known_differences: tuple[KnownDifference, ...] = ()

    @classmethod
    def load(cls, text: str | bytes) -> Replay:
        """Return the replay that ``text`` holds.

        :raises document.Invalid: with the line and column of every fault.
        """
        return document.load(text, cls)

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong between parts that are right."""
        levels = [published.level for published in self.published]
        for index, published in enumerate(self.published):
            if (published.node is None) == (published.cohort is None):
                yield Fault(("published", index), "say what it equals: either node or cohort")
            if published.level in levels[:index]:
                yield Fault(("published", index, "level"), "stands twice; name each level once")
        for name in ("hits", "known_differences"):
            for index, part in enumerate(getattr(self, name)):
                if part.level not in levels:
                    allowed = ", ".join(levels)
                    yield Fault((name, index, "level"), f"is no level; allowed: {allowed}")


@dataclass(frozen=True)
class Source:
    """A file to be read through a profile."""

    profile: Profile
    path: Path
    setting: Setting


@dataclass(frozen=True)
class Given:
    """All that a computation may know. Nothing in here was published as an outcome."""

    edition_text: str
    edition: Edition
    sources: tuple[Source, ...]


Who = tuple[str, str]  # a member's name as names are compared, and a period


@dataclass(frozen=True)
class Outcomes:
    """What was computed.

    ``cohort`` is period → word → member → place; ``hits`` holds rule, period and member.
    """

    cards: Mapping[Who, Card]
    answers: Mapping[Who, Mapping[str, Answer]]
    cohort: Mapping[str, Mapping[str, Mapping[str, int | None]]]
    hits: frozenset[tuple[str, str, str]]

    def value(self, who: Who, *, node: str | None, cohort: str | None) -> object:
        """Return the number, label or place of a member in a period, None where there is none."""
        member, period = who
        if cohort is not None:
            return self.cohort.get(period, {}).get(cohort, {}).get(member)
        card = self.cards.get(who)
        line = next((one for one in card.lines if one.node == node), None) if card else None
        if line is None:
            return None
        return line.label if line.label is not None else line.number

    def members_hit(self, rule: str) -> int:
        """Return how many members a rule hits."""
        return len({member for code, _, member in self.hits if code == rule})


def setting_of(wanted: Input) -> Setting:
    """Return what is said when an input is imported."""
    return Setting(period=wanted.period, as_of=wanted.as_of)


def digits(value: object) -> str | None:
    """Return a computed value as text: at most fifteen digits of a number that never ends."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.normalize():f}" if len(f"{exact:f}") <= 17 else f"{exact:.15g}"
