"""The parts of a report that say who the member is, how it stands, and what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta


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
    """The member. ``country_stated``: its country was stated of the day, else it is of its row."""

    code: str
    name: str
    country: str
    member_class: Named
    chamber: Named
    admitted_on: date
    country_stated: bool


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
    departs: str = ""  # what the step leaves out of due process, why, and by which clause
