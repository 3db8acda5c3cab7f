"""Clocks that stand still, and the day on which they end after all.

Recorded pauses and resumptions of a case count always; an appeal, or a cancelled cycle, where the
ladder says that it pauses its clocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rulebooks.rules.facts import (
    AppealDecided,
    AppealFiled,
    ClockExtended,
    ClockPaused,
    ClockResumed,
    Fact,
)
from rulebooks.rules.ladder import Ladder
from rulebooks.rules.periods import DataAge, Rolling
from rulebooks.rules.timeline.history import History


@dataclass(frozen=True, slots=True)
class Standstill:
    """Days on which a clock does not run: to the day before ``ends``, None while that is open."""

    begins: date
    ends: date | None
    facts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a clock, None while it stands still, and the facts that moved it."""

    on: date | None
    facts: tuple[int, ...] = ()
    words: str = ""


def standstills(history: History, key: str, ladder: Ladder) -> list[Standstill]:
    """Return when the clocks called ``key`` stand still, in order and without overlap."""
    found = [*_recorded(history, key), *_appeals(history, key, ladder)]
    if "cancelled_cycle" in ladder.pauses:
        found += _cancelled(history)
    return _joined(found)


def deadline(
    history: History, key: str, ladder: Ladder, *, clock: str, begun: date, ends: date
) -> Deadline:
    """Return when a clock ends that began on one day and would end on another.

    The last extension sets the day anew; what stood still before it was decided is in it.
    """
    granted = (f for f in history.facts(ClockExtended, key) if f.what.clock == clock)
    extended = [fact for fact in granted if fact.about_on >= begun]
    words = ""
    if extended:
        begun, ends = max(begun, extended[-1].about_on), extended[-1].what.until_on
        words = " as extended"
    return _moved(standstills(history, key, ladder), begun, ends, extended[-1:], words)


def _moved(
    stills: Sequence[Standstill], begun: date, ends: date, by: list[Fact], words: str
) -> Deadline:
    facts = [fact.id for fact in by]
    days = 0
    for still in stills:
        if still.begins > ends or (still.ends is not None and still.ends <= begun):
            continue
        facts += still.facts
        if still.ends is None:
            return Deadline(None, tuple(facts), f"{words}, and stands still")
        days += (still.ends - max(still.begins, begun)).days
        ends += still.ends - max(still.begins, begun)
    return Deadline(ends, tuple(facts), f"{words} + {days} days of standstill" if days else words)


def _recorded(history: History, key: str) -> Iterator[Standstill]:
    resumed = history.facts(ClockResumed, key)
    for paused in history.facts(ClockPaused, key):
        later = (f for f in resumed if (f.about_on, f.id) > (paused.about_on, paused.id))
        end = next(later, None)
        facts = (paused.id, end.id) if end else (paused.id,)
        yield Standstill(paused.about_on, end and end.about_on, facts)


def _appeals(history: History, key: str, ladder: Ladder) -> Iterator[Standstill]:
    filed, decided = history.first(AppealFiled, key), history.last(AppealDecided, key)
    if "appeal" in ladder.pauses and filed is not None:
        facts = (filed.id, decided.id) if decided else (filed.id,)
        yield Standstill(filed.about_on, decided and decided.about_on, facts)


def _cancelled(history: History) -> Iterator[Standstill]:
    """Yield each cancelled cycle: from the day its window would have opened to the next one's."""
    for edition in history.editions:
        rules = [rule for rule in edition.periods if not isinstance(rule, Rolling | DataAge)]
        for code in sorted(history.cancelled):
            held = (rule.occurrence(code, holidays=edition.closed_days) for rule in rules)
            gone = next((period for period in held if period is not None), None)
            if gone is None:
                continue
            opens = (c.period.opens_on for c in history.cycles if c.period.of == gone.of)
            after = min((day for day in opens if day > gone.opens_on), default=None)
            if after is None:
                opens = (c.period.opens_on for c in history.cycles)
                after = min((day for day in opens if day > gone.opens_on), default=None)
            if after is not None:
                yield Standstill(gone.opens_on, after)


def _joined(found: Sequence[Standstill]) -> list[Standstill]:
    """Return standstills as stretches without overlap, so that no day counts twice."""
    joined: list[Standstill] = []
    for still in sorted(found, key=lambda s: (s.begins, s.ends or date.max)):
        last = joined[-1] if joined else None
        if last is None or (last.ends is not None and last.ends < still.begins):
            joined.append(still)
            continue
        ends = None if None in (last.ends, still.ends) else max(last.ends, still.ends)
        facts = tuple(dict.fromkeys((*last.facts, *still.facts)))
        joined[-1] = Standstill(last.begins, ends, facts)
    return joined
