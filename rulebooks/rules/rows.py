"""What is known when a node is computed: of one member, of a frame of members, of none yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from rulebooks.rules.answers import Answer
from rulebooks.rules.quotients import Bound, Quotient
from rulebooks.rules.scales import Direction

if TYPE_CHECKING:
    from rulebooks.rules.aggregation.base import Word
    from rulebooks.rules.assurance import Assurance
    from rulebooks.rules.attributes import Attribute
    from rulebooks.rules.indicators import Kpi


class Held(StrEnum):
    """Why a node has no number although something below it has one."""

    NOT_SCORED = "not_scored"
    NOT_ENOUGH_DATA = "not_enough_data"


HELD = (None, Held.NOT_SCORED, Held.NOT_ENOUGH_DATA)  # as integers in a column, by place
Attributes = Mapping[str, str | int | None]
Most = Mapping[str, Fraction | None]
Under = Mapping[str, Mapping[str, Fraction]]  # node → KPI that it rests on → weight


class Asked(NamedTuple):
    """What a condition asks about: a KPI, a node, or an attribute of the member."""

    about: str
    code: str


@dataclass(frozen=True)
class Known:
    """What stands before a node in its edition, and so may be read or asked there.

    ``most`` holds the most that each KPI and node can come to, None where there is no such number.
    """

    kpis: Mapping[str, Kpi]
    better: Mapping[str, Direction]
    nodes: Mapping[str, Word] = field(default_factory=dict)
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    assurance: Assurance | None = None
    most: Most = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """What is known of one member when a node is computed; None is "has no number".

    ``published`` holds the numbers of nodes as they are published, ``labels`` their labels,
    ``levels`` the level of assurance of each answer, lowest 0.
    """

    kpis: Mapping[str, Kpi]
    better: Mapping[str, Direction]
    answers: Mapping[str, Answer]
    numbers: Mapping[str, Fraction | None]
    published: Mapping[str, Fraction | None] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, Held | None] = field(default_factory=dict)
    attributes: Attributes = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    assurance: Assurance | None = None
    under: Under = field(default_factory=dict)
    most: Most = field(default_factory=dict)


@dataclass(frozen=True)
class Columns:
    """The same for a frame of members, a row each; ``held`` has only what something can hold."""

    kpis: Mapping[str, Kpi]
    better: Mapping[str, Direction]
    numbers: Mapping[str, Quotient]
    published: Mapping[str, Quotient] = field(default_factory=dict)
    labels: Mapping[str, pl.Expr] = field(default_factory=dict)
    held: Mapping[str, pl.Expr] = field(default_factory=dict)
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    assurance: Assurance | None = None
    under: Under = field(default_factory=dict)
    most: Most = field(default_factory=dict)


@dataclass(frozen=True)
class Bounds:
    """How large the numbers of a frame can become."""

    kpis: Mapping[str, Kpi]
    numbers: Mapping[str, Bound]
    published: Mapping[str, Bound] = field(default_factory=dict)
    under: Under = field(default_factory=dict)
    most: Most = field(default_factory=dict)
