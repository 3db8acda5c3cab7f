"""What a member owes: for each period, a signature on each text, and what is owed once.

``key`` is ``obligation:about``: a period, a requirement, a commitment, an invoice. What states
there are, ``courses`` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from rulebooks.rules.continuity import Place, accepted_texts
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import (
    DisclosurePublished,
    Fact,
    RequirementSigned,
    ReturnFiled,
)
from rulebooks.rules.membership import Requirement
from rulebooks.rules.obligations import (
    DisclosureObligation,
    Newcomer,
    ReturnObligation,
    SignatureObligation,
)
from rulebooks.rules.periods import DataAge, Occurrence
from rulebooks.rules.periods.base import in_year
from rulebooks.rules.schema import selects
from rulebooks.rules.terms import after
from rulebooks.rules.timeline.bound import is_bound
from rulebooks.rules.timeline.changes import Change
from rulebooks.rules.timeline.courses import Duty, course
from rulebooks.rules.timeline.deeds import deeds
from rulebooks.rules.timeline.history import Cycle, History

PerPeriod = ReturnObligation | DisclosureObligation
FILED = {ReturnObligation: ReturnFiled, DisclosureObligation: DisclosurePublished}


def obligation_changes(history: History) -> list[Change]:
    """Return the changes of every obligation that the member has or had."""
    found = [change for duty in duties(history) for change in course(history, duty)]
    left = history.left_on  # nothing falls due after leaving; what was owed before stays owed
    return found if left is None else [change for change in found if change.on < left]


def duties(history: History) -> Iterator[Duty]:
    """Yield all that the member owes or owed."""
    yield from chain(_per_period(history), _to_sign(history), deeds(history))


def owes(history: History, obligation: PerPeriod, cycle: Cycle) -> bool:
    """Return whether the member owes a return, or what else falls due, for a period.

    Not when the obligation is on others, or the member was a newcomer on the day that counts.
    """
    period = cycle.period
    return selects(obligation.periods, period.of) and (
        is_bound(history, obligation, cycle.edition, on=period.opens_on)
        and not _is_new(history, obligation.newcomer, cycle)
    )


def _is_new(history: History, newcomer: Newcomer | None, cycle: Cycle) -> bool:
    joined = history.admitted.about_on
    if newcomer is None:
        return joined > cycle.period.opens_on and not cycle.period.own
    no_more = after(joined, newcomer.exempt, holidays=cycle.edition.closed_days)
    return no_more > _tested_on(newcomer, cycle.period)


def _tested_on(newcomer: Newcomer, period: Occurrence) -> date:
    """Return the day on which a member must no longer be a newcomer."""
    if newcomer.tested_on == "named_day":
        return in_year(newcomer.named_day, period.opens_on.year)
    return {
        "window_opens": period.opens_on,
        "period_begins": period.about_from,
        "period_ends": period.about_until,
        "due": period.due_on,
    }[newcomer.tested_on]


def _per_period(history: History) -> Iterator[Duty]:
    for cycle in history.cycles:
        for obligation in cycle.edition.obligations:
            if isinstance(obligation, PerPeriod) and owes(history, obligation, cycle):
                yield _for_period(history, obligation, cycle)


def _for_period(history: History, obligation: PerPeriod, cycle: Cycle) -> Duty:
    period = cycle.period
    return Duty(
        obligation=obligation,
        edition=cycle.edition,
        about=period.code,
        opens_on=period.opens_on,
        due_on=period.due_on,
        late_until=period.late_until,
        because=period.because,
        met_by=_filed(history, obligation, cycle),
        extended_by=period.code,
        opened_by="window.opened",
    )


def _filed(history: History, obligation: PerPeriod, cycle: Cycle) -> Fact | None:
    """Return what was filed for a period; where the age of data counts, newer data answer too."""
    kind = FILED[type(obligation)]
    filed = history.first(kind, cycle.period.code)
    rule = next((p for p in cycle.edition.periods if p.code == cycle.period.of), None)
    if not isinstance(rule, DataAge):
        return filed
    newer = {
        other.period.code
        for other in history.cycles
        if other.period.of == rule.code and other.period.due_on >= cycle.period.due_on
    }
    return next((fact for fact in history.facts(kind) if fact.key in newer), None)


def _to_sign(history: History) -> Iterator[Duty]:
    for edition in history.editions:
        for obligation in edition.obligations:
            if isinstance(obligation, SignatureObligation):
                yield from _signatures(history, obligation, edition)


def _signatures(
    history: History, obligation: SignatureObligation, edition: Edition
) -> Iterator[Duty]:
    """Yield one duty for each text; a text signed under an earlier edition needs no new one."""
    begins = max(history.admitted.about_on, edition.in_force_from)
    later = history.edition_on(begins)
    superseded = later is not None and later.in_force_from > edition.in_force_from
    if superseded or not is_bound(history, obligation, edition, on=begins):
        return
    member_class = history.member_class(edition)
    due = after(begins, obligation.within, holidays=edition.closed_days)
    for requirement in edition.requirements:
        if selects(requirement.applies_to, member_class.code):
            yield Duty(
                obligation=obligation,
                edition=edition,
                about=requirement.code,
                opens_on=begins,
                due_on=due,
                late_until=due,
                because=f"{begins} + {obligation.within}",
                met_by=_signed(history, edition, requirement),
                opened_by="text.to_sign",
            )


def _signed(history: History, edition: Edition, requirement: Requirement) -> Fact | None:
    """Return the signature on the text, or on an earlier one that the edition accepts for it."""
    accepted = accepted_texts(history.editions)
    texts = accepted[Place(edition.code, "requirement", requirement.code)]
    signed = history.facts(RequirementSigned)
    return next((f for f in signed if (f.key, f.what.text_sha256) in texts), None)
