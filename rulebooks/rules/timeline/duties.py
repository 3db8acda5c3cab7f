"""Obligations: open, met, overdue, missed.

A return is *open* from the day its window opens, *overdue* from the day after it was due, and
*missed* from the day after the late window closed. Filed in time it is *met*, later *met_late*.
A signature has no late window. ``key`` is ``obligation:period`` or ``obligation:requirement``.
"""

from __future__ import annotations

from datetime import date

from rulebooks.rules.continuity import Place, accepted_texts
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import ExtensionGranted, Fact, RequirementSigned, ReturnFiled
from rulebooks.rules.membership import Requirement
from rulebooks.rules.obligations import (
    Obligation,
    ReturnObligation,
    SignatureObligation,
)
from rulebooks.rules.schema import selects
from rulebooks.rules.terms import add_days, add_months
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.history import Cycle, History


def obligation_changes(history: History) -> list[Change]:
    """Return the changes of every obligation that the member has or had."""
    changes: list[Change] = []
    for cycle in history.cycles:
        for obligation in cycle.edition.obligations:
            if isinstance(obligation, ReturnObligation) and owes(history, obligation, cycle):
                changes += _return(history, obligation, cycle)
    for edition in history.editions:
        for obligation in edition.obligations:
            if isinstance(obligation, SignatureObligation):
                changes += _signatures(history, obligation, edition)
    return _until_leaving(history, changes)


def owes(history: History, obligation: ReturnObligation, cycle: Cycle) -> bool:
    """Return whether the member owes a return for a period.

    Not when the period was cancelled, its class is not bound, or it was admitted so late that
    ``newcomer_months`` have not passed when the window opens.
    """
    member_class = history.member_class(cycle.edition)
    admitted = history.admitted
    return (
        admitted is not None
        and member_class is not None
        and cycle.period.code not in history.cancelled
        and selects(obligation.periods, cycle.period.code)
        and selects(obligation.applies_to, member_class.code)
        and add_months(admitted.about_on, obligation.newcomer_months) <= cycle.period.opens_on
    )


def last_day(history: History, cycle: Cycle) -> tuple[date, date, tuple[int, ...]]:
    """Return the due day and the last late day of a return, and the extension used, if any."""
    period = cycle.period
    extension = history.last(ExtensionGranted, period.code)
    if extension is None:
        return period.due_on, period.late_until, ()
    until = extension.what.until_on
    return until, max(until, period.late_until), (extension.id,)


def _return(history: History, obligation: ReturnObligation, cycle: Cycle) -> list[Change]:
    period, (due, late, used) = cycle.period, last_day(history, cycle)
    changes = [
        _change(
            obligation,
            cycle.edition,
            period.code,
            period.opens_on,
            "open",
            "window.opened",
        ),
        _change(
            obligation,
            cycle.edition,
            period.code,
            add_days(due, 1),
            "overdue",
            "due.passed",
            because=f"due on {due}" + (" as extended" if used else ""),
            facts=used,
        ),
        _change(
            obligation,
            cycle.edition,
            period.code,
            add_days(late, 1),
            "missed",
            "late_window.closed",
            because=f"could be filed until {late}",
            facts=used,
        ),
    ]
    filed = history.first(ReturnFiled, period.code)
    return _met(changes, filed, due, obligation, cycle.edition, period.code)


def _signatures(
    history: History, obligation: SignatureObligation, edition: Edition
) -> list[Change]:
    """One duty for each text to sign; a text signed under an earlier edition needs no new one."""
    member_class, admitted = history.member_class(edition), history.admitted
    if member_class is None or admitted is None:
        return []
    if not selects(obligation.applies_to, member_class.code):
        return []
    begins = max(admitted.about_on, edition.in_force_from)
    if _superseded(history, edition, by=begins):
        return []
    changes: list[Change] = []
    for requirement in edition.requirements:
        if selects(requirement.applies_to, member_class.code):
            changes += _signature(history, obligation, edition, requirement, begins)
    return changes


def _superseded(history: History, edition: Edition, *, by: date) -> bool:
    """Whether a later edition was in force already when this duty would begin."""
    later = history.edition_on(by)
    return later is not None and later.in_force_from > edition.in_force_from


def _signature(
    history: History,
    obligation: SignatureObligation,
    edition: Edition,
    requirement: Requirement,
    begins: date,
) -> list[Change]:
    due = add_days(begins, obligation.days_to_sign)
    accepted = accepted_texts(history.editions)
    texts = accepted[Place(edition.code, "requirement", requirement.code)]
    signed = next(
        (f for f in history.facts(RequirementSigned) if (f.key, f.what.text_sha256) in texts), None
    )
    changes = [
        _change(obligation, edition, requirement.code, begins, "open", "text.to_sign"),
        _change(
            obligation,
            edition,
            requirement.code,
            add_days(due, 1),
            "missed",
            "due.passed",
            because=f"{begins} + {obligation.days_to_sign} days",
        ),
    ]
    return _met(changes, signed, due, obligation, edition, requirement.code, begins=begins)


def _met(
    changes: list[Change],
    by: Fact | None,
    due: date,
    obligation: Obligation,
    edition: Edition,
    about: str,
    begins: date | None = None,
) -> list[Change]:
    """Cut the course of an obligation short on the day it was met."""
    if by is None:
        return changes
    on = max(by.about_on, begins) if begins else by.about_on
    state = "met" if on <= due else "met_late"
    met = _change(obligation, edition, about, on, state, "fact.recorded", facts=(by.id,))
    return [change for change in changes if change.on <= on] + [met]


def _change(
    obligation: Obligation,
    edition: Edition,
    about: str,
    on: date,
    state: str,
    ground: str,
    *,
    because: str = "",
    facts: tuple[int, ...] = (),
) -> Change:
    return Change(
        on=on,
        kind=Kind.OBLIGATION,
        key=f"{obligation.code}:{about}",
        state=state,
        ground=ground,
        clause=obligation.clause,
        edition=edition.code,
        because=because,
        facts=facts,
    )


def _until_leaving(history: History, changes: list[Change]) -> list[Change]:
    """Nothing falls due after the member left; what it owed before stays owed."""
    left = history.left_on
    return changes if left is None else [change for change in changes if change.on < left]
