"""What an accountability report says: one frozen value, from which paper and JSON are made.

Nothing is on the paper that is not in here, and the JSON is all of it. What the reader may not
see never gets in; that something was left out does.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

FORMAT = "accountability-report/1"


@dataclass(frozen=True, slots=True)
class Named:
    """A code of the edition with its name and clause."""

    code: str
    name: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a report is made: a class of readers, never a person. All of it read the same."""

    code: str
    words: str
    allowed: tuple[str, ...]  # confidentiality classes
    follows_up: bool  # whether breaches and cases are shown


@dataclass(frozen=True, slots=True)
class Who:
    """The member."""

    code: str
    name: str
    country: str
    member_class: Named
    chamber: Named
    admitted_on: date


@dataclass(frozen=True, slots=True)
class Window:
    """The period, and the days that its return hangs on."""

    code: str
    name: str
    about_from: date
    about_until: date
    opens_on: date
    due_on: date
    late_until: date
    extended_until: date | None


@dataclass(frozen=True, slots=True)
class Rules:
    """The edition that governs the period."""

    code: str
    title: str
    sha256: str
    in_force_from: date
    adopted_at: datetime | None
    modelled_on: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state from a day until another (exclusive; None: still), with what brought it about."""

    state: str
    words: str
    kind: str
    since: date
    until: date | None
    ground: str
    clause: str
    edition: str
    because: str = ""

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return self.until - timedelta(days=1) if self.until else None


@dataclass(frozen=True, slots=True)
class RightHeld:
    right: Named
    held: bool
    since: date
    ground: str
    clause: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed the exact text that has this hash, in what capacity, when."""

    by: str
    capacity: str
    at: datetime
    edition: str


@dataclass(frozen=True, slots=True)
class Required:
    """A requirement of the edition that the member signs; ``signed`` is None while it has not."""

    requirement: Named
    text_sha256: str
    signed: Signed | None


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation and how it came to its state."""

    obligation: Named
    about: str
    state: str
    words: str
    kind: str
    due_on: date | None
    steps: tuple[Stretch, ...]


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


@dataclass(frozen=True, slots=True)
class Breach:
    key: str
    rule: Named
    about: str
    state: str
    words: str
    kind: str
    raised_on: date
    because: str
    correct_until: date | None
    contest: str
    reason: str
    case: str | None


@dataclass(frozen=True, slots=True)
class Case:
    code: str
    step: Named
    edition: str
    stage: str
    words: str
    kind: str
    opened_on: date
    open: bool
    clocks: tuple[Stretch, ...]
    breaches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The accountability report of a member for a period, as known at a moment, for a reader."""

    initiative: str
    language: str
    time_zone: str
    reader: Reader
    known_at: datetime
    on: date
    member: Who
    period: Window
    edition: Rules
    standing: Stretch | None
    history: tuple[Stretch, ...]
    rights: tuple[RightHeld, ...]
    requirements: tuple[Required, ...]
    duties: tuple[Duty, ...]
    filing: Filing | None
    replies: tuple[Reply, ...]
    evidence: tuple[File, ...]
    score: Score | None
    past: tuple[Past, ...]
    breaches: tuple[Breach, ...]
    cases: tuple[Case, ...]
    hidden: tuple[str, ...]
    format: str = FORMAT


def canonical(report: Report) -> bytes:
    """Return all of ``report`` as JSON: keys sorted, no white space, UTF-8, the same every time."""
    return json.dumps(
        asdict(report),
        default=_plain,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    ).encode()


def digest(report: Report) -> str:
    """Return the SHA-256 of the canonical form, in hex."""
    return sha256(canonical(report)).hexdigest()


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


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} has no place in a report")
