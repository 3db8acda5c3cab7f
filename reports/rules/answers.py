"""The parts of a report that say what was answered, checked and scored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from kpis.rules.shortfalls import Shortfall
from reports.rules.parts import Named


@dataclass(frozen=True, slots=True)
class Filing:
    """The return that counts: the newest version filed."""

    version: int
    submitted_at: datetime | None
    filed_at: datetime
    filed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An auditor's word on an answer."""

    outcome: str
    words: str
    kind: str
    said: str  # the answer as the auditor left it, when adjusted
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one KPI. ``withheld`` says why where the reader may not see it."""

    kpi: Named
    unit: str
    requirement: str | None
    confidentiality: str
    state: str = ""
    said: str = ""
    note: str = ""
    mark: Mark | None = None
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of evidence, known by its hash. No name where the reader may not see the KPI."""

    kpi: Named
    sha256: str
    size: int
    media_type: str
    covers_from: date | None
    covers_until: date | None
    received_at: datetime
    name: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the receipt: see ``kpis.rules.traces.TraceLine``."""

    kind: str
    code: str
    title: str
    clause: str
    says: str
    number: str | None
    weight: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """How one node of the scoring tree came about."""

    node: Named
    word: str
    published: Decimal | None  # rounded; None where the node publishes no number
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Band:
    code: str
    label: str
    kind: str
    clause: str
    from_: Decimal | None
    below: Decimal | None
    numbers: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Something that stands beside the number."""

    words: str
    clause: str


@dataclass(frozen=True, slots=True)
class Rank:
    code: str
    place: int | None
    of: int
    clause: str


@dataclass(frozen=True, slots=True)
class Score:
    """The published score, with what it rests on."""

    total: Decimal | None
    node: Named | None
    band: Band | None
    bands: tuple[Band, ...]
    verdict: str
    verdict_clause: str
    grounds: tuple[Ground, ...]
    ranks: tuple[Rank, ...]
    receipts: tuple[Receipt, ...]
    shortfall: Shortfall | None
    published_at: datetime
    run: int
    version: int | None  # of the return that was scored
    fingerprint: str
    digest: str
    root: str


@dataclass(frozen=True, slots=True)
class Past:
    """The published total of an earlier or this period; None where none was published."""

    period: str
    total: Decimal | None


def withheld(reply: Reply, why: str) -> Reply:
    """Return ``reply`` with nothing in it but that it is there, and why it is not shown."""
    return Reply(
        kpi=reply.kpi,
        unit=reply.unit,
        requirement=reply.requirement,
        confidentiality=reply.confidentiality,
        withheld=why,
    )


def nameless(file: File) -> File:
    """Return ``file`` without its name."""
    return replace(file, name=None)
