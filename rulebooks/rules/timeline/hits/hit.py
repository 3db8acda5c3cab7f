"""A hit: one rule fired about one period, requirement, matter or finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rulebooks.rules.breaches import BreachRule
from rulebooks.rules.edition import Edition


@dataclass(frozen=True, slots=True)
class Cured:
    """The day on which a failure was made good, and what shows it."""

    on: date
    ground: str
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One rule fired. ``due_on`` is when what was missed had been due, or the day itself."""

    rule: BreachRule
    edition: Edition
    about: str
    on: date
    due_on: date
    quiet: bool
    because: str
    facts: tuple[int, ...]
    cured: Cured | None = None

    @property
    def key(self) -> str:
        return f"{self.rule.code}:{self.about}"
