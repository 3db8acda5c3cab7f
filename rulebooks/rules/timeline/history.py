"""What is known of one member, sorted for the derivations that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from rulebooks.rules.calendar import Period
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import CycleCancelled, Fact, MemberAdmitted, MemberLeft, What
from rulebooks.rules.membership import MemberClass
from rulebooks.rules.timeline.notice import Notices, applies_from, governing, notices

W = TypeVar("W", bound=What)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A period, the edition that governs it, and its place in the initiative's calendar."""

    edition: Edition
    period: Period
    place: int


@dataclass(frozen=True, slots=True)
class History:
    """The facts about one member that are known and hold good, by kind and key."""

    editions: tuple[Edition, ...]
    cycles: tuple[Cycle, ...]
    cancelled: frozenset[str]
    by_kind: dict[type[What], list[Fact]]

    @classmethod
    def of(
        cls,
        editions: Sequence[Edition],
        initiative: Iterable[Fact],
        member: Iterable[Fact],
    ) -> History:
        """Return the history that known facts tell under ``editions``."""
        by_kind: dict[type[What], list[Fact]] = defaultdict(list)
        for fact in member:
            by_kind[type(fact.what)].append(fact)
        in_order = tuple(sorted(editions, key=lambda e: (e.in_force_from, e.code)))
        initiative = list(initiative)
        cancelled = frozenset(f.key for f in initiative if isinstance(f.what, CycleCancelled))
        return cls(in_order, cycles(in_order, notices(initiative)), cancelled, by_kind)

    def facts(self, kind: type[W], key: str | None = None) -> list[Fact]:
        """Return the facts of a kind, about one key if given, earliest day first."""
        found = self.by_kind.get(kind, [])
        return found if key is None else [fact for fact in found if fact.key == key]

    def first(self, kind: type[W], key: str | None = None) -> Fact | None:
        """Return the earliest fact of a kind, None if there is none."""
        return next(iter(self.facts(kind, key)), None)

    def last(self, kind: type[W], key: str | None = None) -> Fact | None:
        """Return the latest fact of a kind, None if there is none."""
        return next(iter(reversed(self.facts(kind, key))), None)

    @property
    def admitted(self) -> Fact | None:
        return self.first(MemberAdmitted)

    @property
    def left_on(self) -> date | None:
        left = self.last(MemberLeft)
        return left.about_on if left else None

    def edition_on(self, day: date) -> Edition | None:
        """Return the edition in force on a day: the last to take effect by then, else the first."""
        in_force = [e for e in self.editions if e.in_force_from <= day]
        return in_force[-1] if in_force else next(iter(self.editions), None)

    def edition(self, code: str) -> Edition | None:
        """Return the edition called ``code``, None when it is not among those adopted."""
        return next((e for e in self.editions if e.code == code), None)

    def member_class(self, edition: Edition) -> MemberClass | None:
        """Return the member's class as ``edition`` defines it, None where it does not."""
        admitted = self.admitted
        wanted = admitted.what.member_class if admitted else None
        return next((c for c in edition.classes if c.code == wanted), None)


@lru_cache(maxsize=64)
def cycles(editions: tuple[Edition, ...], served: Notices = frozenset()) -> tuple[Cycle, ...]:
    """Return all periods in the order of their windows, each under the edition that governs it.

    A period keeps the edition that binds on the day its window opens: in force, and ``served`` on
    the members by then. When a later edition defines a period of the same code, the one whose own
    edition binds that day counts.
    """
    starts = applies_from(editions, served)
    governed = {
        period.code: (edition, period)
        for edition in editions
        for period in edition.periods
        if governing(editions, starts, period.opens_on) is edition
    }
    in_order = sorted(governed.values(), key=lambda pair: (pair[1].about_from, pair[1].code))
    return tuple(Cycle(edition, period, place) for place, (edition, period) in enumerate(in_order))
