"""What a member owes: for each period, a signature on each text, and what is owed once.

``key`` is ``obligation:about``: a period, a requirement, a commitment, an invoice. What states
there are, ``courses`` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import chain

from rulebooks.rules.continuity import texts_accepted
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import (
    DisclosurePublished,
    Fact,
    RequirementSigned,
    ReturnFiled,
)
from rulebooks.rules.obligations import (
    DisclosureObligation,
    Newcomer,
    ReturnObligation,
    SignatureObligation,
)
from rulebooks.rules.periods import DataAge, Occurrence, Period
from rulebooks.rules.periods.base import in_year
from rulebooks.rules.schema import selects
from rulebooks.rules.terms import after
from rulebooks.rules.timeline.bound import is_bound
from rulebooks.rules.timeline.changes import Change
from rulebooks.rules.timeline.courses import Days, Duty, Plain, course, days_of
from rulebooks.rules.timeline.deeds import deeds
from rulebooks.rules.timeline.history import Cycle, History

TESTED_ON = {
    "window_opens": "opens_on",
    "period_begins": "about_from",
    "period_ends": "about_until",
    "due": "due_on",
}
PerPeriod = ReturnObligation | DisclosureObligation
FILED = {ReturnObligation: ReturnFiled, DisclosureObligation: DisclosurePublished}


def obligation_changes(history: History) -> list[Change]:
    """Return the changes of every obligation that the member has or had."""
    found: list[Change] = []
    for plain, cycle in _per_period(history):
        found += plain.course(history, _filed(history, plain, cycle))
    for duty in chain(_to_sign(history), deeds(history)):
        found += course(history, duty)
    if history.left_on is None:
        return found
    # Nothing falls due after leaving until an admission anew; what was owed before stays owed.
    return [change for change in found if not history.gone_on(change.on)]


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
    for plain, cycle in _per_period(history):
        if cycle.period.code == period and isinstance(plain.duty.obligation, ReturnObligation):
            return cycle.period.opens_on, days_of(history, plain.duty)
    return None


def _per_period(history: History) -> Iterator[tuple[Plain, Cycle]]:
    """Yield what the member owes for each period: a return, or what else falls due.

    Nothing where the obligation is on others, or it was a newcomer on the day that counts.
    """
    for cycle in history.cycles:
        for plain in _for_one(cycle) if cycle.period.own else _for_all(cycle):
            obligation, on = plain.duty.obligation, cycle.period.opens_on
            if is_bound(history, obligation, cycle.edition, on=on) and not _is_new(
                history, obligation.newcomer, cycle
            ):
                yield plain, cycle


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


def _to_sign(history: History) -> Iterator[Duty]:
    for edition in history.editions:
        for obligation in edition.obligations:
            if isinstance(obligation, SignatureObligation):
                yield from _signatures(history, obligation, edition)


def _signatures(
    history: History, obligation: SignatureObligation, edition: Edition
) -> Iterator[Duty]:
    """Yield one duty for each text; a text signed under an earlier edition needs no new one."""
    begins = max(history.joined_on(edition.in_force_from), edition.in_force_from)
    later = history.edition_on(begins)
    superseded = later is not None and later.in_force_from > edition.in_force_from
    if superseded or not is_bound(history, obligation, edition, on=begins):
        return
    member_class = history.member_class(edition)
    due = after(begins, obligation.within, holidays=edition.closed_days)
    for text in edition.texts_of(member_class.code):
        yield Duty(
            obligation=obligation,
            edition=edition,
            about=text.code,
            opens_on=begins,
            due_on=due,
            late_until=due,
            because=f"{begins} + {obligation.within}",
            met_by=_signed(history, edition, text.code),
            opened_by="text.to_sign",
        )


def _signed(history: History, edition: Edition, code: str) -> Fact | None:
    """Return the signature on the text, or on an earlier one that the edition accepts for it."""
    texts = texts_accepted(history.editions, edition)[code]
    signed = history.facts(RequirementSigned)
    return next((f for f in signed if (f.key, f.what.text_sha256) in texts), None)
