"""What a member owes: for each period, a signature on each text, and what is owed once.

``key`` is ``obligation:about``: a period, a requirement, a commitment, an invoice. What states
there are, ``courses`` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import chain

from rulebooks.rules.facts import (
    DisclosurePublished,
    Fact,
    MemberMerged,
    ReturnFiled,
)
from rulebooks.rules.obligations import (
    DisclosureObligation,
    Newcomer,
    ReturnObligation,
)
from rulebooks.rules.periods import DataAge, Occurrence, Period
from rulebooks.rules.periods.base import in_year
from rulebooks.rules.schema import selects
from rulebooks.rules.terms import after
from rulebooks.rules.timeline.belonging import Spell
from rulebooks.rules.timeline.bound import is_bound
from rulebooks.rules.timeline.changes import Change
from rulebooks.rules.timeline.courses import Plain, course
from rulebooks.rules.timeline.deeds import deeds
from rulebooks.rules.timeline.history import Cycle, History
from rulebooks.rules.timeline.owing import Days, Duty, days_of
from rulebooks.rules.timeline.signatures import to_sign

TESTED_ON = {
    "window_opens": "opens_on",
    "period_begins": "about_from",
    "period_ends": "about_until",
    "due": "due_on",
}
PerPeriod = ReturnObligation | DisclosureObligation
SETTLED = ("met", "met_late", "removed", "exempt")
FILED = {ReturnObligation: ReturnFiled, DisclosureObligation: DisclosurePublished}


def obligation_changes(history: History) -> list[Change]:
    """Return the changes of every obligation that the member has or had."""
    found: list[Change] = []
    for plain, cycle, spell in _per_period(history):
        found += _while_member(plain.course(history, _filed(history, plain, cycle)), spell)
    for duty in chain(to_sign(history), deeds(history)):
        spell = history.spell_of(duty.opens_on)
        found += _while_member(course(history, duty), spell) if spell else ()
    return found


def _while_member(changes: Sequence[Change], spell: Spell) -> Sequence[Change]:
    """Return what comes of a duty that began in a spell.

    Nothing falls due after leaving; what was owed before stays owed. After a merger it falls due
    as before, or it fell away, as was said.
    """
    if spell.ends is None:
        return changes
    before = [change for change in changes if change.on < spell.ends]
    if not isinstance(spell.ended_by.what, MemberMerged) or not before:
        return before
    if spell.ended_by.what.obligations == "follow":
        return changes
    ended = replace(before[-1], on=spell.ends, state="removed", ground=MemberMerged.kind,
                    because="", facts=(spell.ended_by.id,))  # fmt: skip
    return before if before[-1].state in SETTLED else [*before, ended]


def _is_new(history: History, newcomer: Newcomer | None, cycle: Cycle) -> bool:
    joined = history.joined_on(cycle.period.opens_on)
    if newcomer is None:
        return joined > cycle.period.opens_on and not cycle.period.own
    no_more = after(joined, newcomer.exempt, holidays=cycle.edition.closed_days)
    return no_more > _tested_on(newcomer, cycle.period)


def _tested_on(newcomer: Newcomer, period: Occurrence) -> date:
    """Return the day on which a member must no longer be a newcomer."""
    if newcomer.tested_on == "named_day":
        return in_year(newcomer.named_day, period.opens_on.year)
    return getattr(period, TESTED_ON[newcomer.tested_on])


def window_of(history: History, period: str) -> tuple[date, Days] | None:
    """Return when the window for a return opens and the days that hold, None where none is owed."""
    for plain, cycle, _ in _per_period(history):
        if cycle.period.code == period and isinstance(plain.duty.obligation, ReturnObligation):
            return cycle.period.opens_on, days_of(history, plain.duty)
    return None


def _per_period(history: History) -> Iterator[tuple[Plain, Cycle, Spell]]:
    """Yield what the member owes for each period: a return, or what else falls due.

    Nothing where the obligation is on others, or it was a newcomer on the day that counts. Class
    and chamber are those of the day on which the window opens.
    """
    for cycle in history.cycles:
        on = cycle.period.opens_on
        spell = history.spell_of(on)
        if spell is None:
            continue
        on = on if spell is history.spells[0] else max(on, spell.begins)
        for plain in _for_one(cycle) if cycle.period.own else _for_all(cycle):
            obligation = plain.duty.obligation
            if is_bound(history, obligation, cycle.edition, on=on) and not _is_new(
                history, obligation.newcomer, cycle
            ):
                yield plain, cycle, spell


def _for_one(cycle: Cycle) -> tuple[Plain, ...]:
    """Return the course of each obligation for a period."""
    return tuple(
        Plain.of(_duty(obligation, cycle))
        for obligation in cycle.edition.obligations
        if isinstance(obligation, PerPeriod) and selects(obligation.periods, cycle.period.of)
    )


_for_all = lru_cache(maxsize=1_000)(_for_one)


def _duty(obligation: PerPeriod, cycle: Cycle) -> Duty:
    period = cycle.period
    return Duty(
        obligation=obligation,
        edition=cycle.edition,
        about=period.code,
        opens_on=period.opens_on,
        due_on=period.due_on,
        late_until=period.late_until,
        because=period.because,
        extended_by=period.code,
        opened_by="window.opened",
    )


def _filed(history: History, plain: Plain, cycle: Cycle) -> Fact | None:
    """Return what was filed for a period; where the age of data counts, newer data answer too."""
    kind, period = FILED[type(plain.duty.obligation)], cycle.period
    if not (period.own and isinstance(_rule(cycle), DataAge)):
        return history.first(kind, period.code)
    newer = {
        other.period.code
        for other in history.cycles
        if other.period.of == period.of and other.period.due_on >= period.due_on
    }
    return next((fact for fact in history.facts(kind) if fact.key in newer), None)


def _rule(cycle: Cycle) -> Period:
    return next(rule for rule in cycle.edition.periods if rule.code == cycle.period.of)
