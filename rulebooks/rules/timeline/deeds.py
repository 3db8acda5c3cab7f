"""What is owed once: certificates and their renewal, deeds, fees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import (
    CertificateGranted,
    CertificateWithdrawn,
    CommitmentExtended,
    CommitmentMade,
    CommitmentMet,
    CommitmentRemoved,
    DeedDone,
    Fact,
    FeeInvoiced,
    FeePaid,
)
from rulebooks.rules.obligations import CertificateObligation, DeedObligation, Due, FeeObligation
from rulebooks.rules.schema import selects
from rulebooks.rules.terms import after, short_month
from rulebooks.rules.timeline.bound import is_bound, stretches
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.owing import Duty, days_of

ONCE = "once"
DONE = {CertificateObligation: CertificateGranted, DeedObligation: DeedDone}
OnceOwed = CertificateObligation | DeedObligation


@dataclass(frozen=True, slots=True)
class _Start:
    """From when something is counted, and what it is about; ``due_on``, where that is known."""

    about: str
    on: date
    due_on: date | None = None
    commitment: Fact | None = None


def deeds(history: History) -> Iterator[Duty]:
    """Yield all that the member owes once, and the renewal of what runs out."""
    found: dict[str, Duty] = {}
    known: set[str] = set()
    for edition in history.editions:
        for obligation in edition.obligations:
            if isinstance(obligation, FeeObligation):
                yield from _fees(history, obligation, edition)
            elif isinstance(obligation, OnceOwed):
                is_new = obligation.code not in known
                for duty in _once(history, obligation, edition, found, is_new=is_new):
                    found[obligation.code] = duty
                    yield duty
        known |= {obligation.code for obligation in edition.obligations}


def commitments_covered(history: History) -> set[str]:
    """Return the commitments whose due day follows from an obligation of the edition."""
    return {
        made.key
        for edition in history.editions
        for obligation in edition.obligations
        if isinstance(obligation, OnceOwed) and obligation.due.counted_from == "commitment"
        for made in history.facts(CommitmentMade)
        if selects(obligation.due.commitments, made.key)
        and history.admitted is not None
        and is_bound(history, obligation, edition, on=made.about_on)
    }


def _once(
    history: History,
    obligation: OnceOwed,
    edition: Edition,
    found: dict[str, Duty],
    *,
    is_new: bool,
) -> Iterator[Duty]:
    """Yield what one obligation asks for: a duty keeps the edition under which it began.

    One that a later edition brings in begins when that takes effect, for who was a member before.
    """
    for start in _starts(history, obligation.due, edition, found):
        effect = edition.in_force_from if edition is not history.editions[0] else date.min
        begins = max(start.on, effect) if is_new else start.on
        for on, ended_by in _owed(history, obligation, edition, begins):
            duty = _duty(history, obligation, edition, replace(start, on=on))
            duty = replace(duty, ended_by=duty.ended_by or ended_by)
            yield duty
            if isinstance(obligation, CertificateObligation):
                yield from _renewals(history, obligation, edition, duty)


def _owed(
    history: History, obligation: OnceOwed, edition: Edition, begins: date
) -> Iterator[tuple[date, Fact | None]]:
    """Yield the day on which an obligation begins to bind, if ``edition`` is in force then.

    Who comes into its class later owes it from that day, and who leaves the class no longer does.
    """

    def binds(on: date) -> bool:
        governing = history.edition_on(on)
        known = (o for o in governing.obligations if o.code == obligation.code)
        owed = obligation if governing is edition else next(known, None)
        return owed is not None and is_bound(history, owed, governing, on=on)

    spell = history.spell_of(begins)
    if spell is None:
        return
    for on, ended_by in stretches(history, binds, spell, begins=begins, until=date.max):
        if history.edition_on(on) is edition:
            yield on, ended_by


def _starts(
    history: History, due: Due, edition: Edition, found: dict[str, Duty]
) -> Iterator[_Start]:
    joined = history.admitted.about_on
    if due.on is not None:
        if joined <= due.on:
            yield _Start(ONCE, joined, due_on=due.on)
    elif due.counted_from == "commitment":
        for made in history.facts(CommitmentMade):
            if selects(due.commitments, made.key):
                moved = history.last(CommitmentExtended, made.key) or made
                yield _Start(made.key, made.about_on, moved.what.due_on, made)
    elif due.counted_from == "obligation":
        yield from _follows(history, due, found.get(due.obligation))
    elif due.counted_from == "edition":
        yield _Start(ONCE, max(joined, edition.in_force_from))
    else:
        yield _Start(ONCE, joined)


def _follows(history: History, due: Due, step_before: Duty | None) -> Iterator[_Start]:
    """Yield the start that the step before gives: the day it was met, or had been due."""
    if step_before is None:
        return
    if due.anchor == "due":
        last = days_of(history, step_before).due
        if last is not None:
            yield _Start(ONCE, last)
    elif step_before.met_by is not None:
        yield _Start(ONCE, step_before.met_by.about_on)


def _duty(history: History, obligation: OnceOwed, edition: Edition, start: _Start) -> Duty:
    due, last, because = obligation.due, start.due_on, ""
    if last is None:
        begins = max(filter(None, (start.on, due.starts_no_earlier)))
        counted = after(begins, due.after, holidays=edition.closed_days)
        last = max(filter(None, (counted, due.ends_no_earlier)))
        because = f"{begins} + {due.after} = {counted}{short_month(begins, due.after, counted)}"
        because += f", not before {last}" if last != counted else ""
    return Duty(
        obligation=obligation,
        edition=edition,
        about=start.about,
        opens_on=start.on,
        due_on=last,
        late_until=_late(last, obligation, edition),
        because=because,
        met_by=_done(history, obligation, start),
        ended_by=_removed(history, start),
    )


def _late(due: date, obligation: OnceOwed | FeeObligation, edition: Edition) -> date:
    if obligation.late is None:
        return due
    return after(due, obligation.late, holidays=edition.closed_days)


def _done(history: History, obligation: OnceOwed, start: _Start) -> Fact | None:
    """Return the fact that met a duty: a certificate, the deed, or the commitment met."""
    if start.commitment is not None and isinstance(obligation, DeedObligation):
        return history.first(CommitmentMet, start.commitment.key)
    return history.first(DONE[type(obligation)], obligation.code)


def _removed(history: History, start: _Start) -> Fact | None:
    if start.commitment is None:
        return None
    return history.first(CommitmentRemoved, start.commitment.key)


def _renewals(
    history: History, obligation: CertificateObligation, edition: Edition, first: Duty
) -> Iterator[Duty]:
    """Yield a duty to renew each certificate by the day it runs out, or was withdrawn."""
    granted = history.facts(CertificateGranted, obligation.code)
    for place, certificate in enumerate(granted):
        ends = _ends(history, obligation, edition, certificate)
        if ends is None:
            continue
        yield replace(
            first,
            about=f"renewal-{ends}",
            opens_on=certificate.about_on,
            due_on=ends,
            late_until=_late(ends, obligation, edition),
            because=f"certified {certificate.about_on}, valid until {ends}",
            met_by=granted[place + 1] if place + 1 < len(granted) else None,
        )


def _ends(
    history: History, obligation: CertificateObligation, edition: Edition, certificate: Fact
) -> date | None:
    ends = certificate.what.valid_until
    if ends is None and obligation.valid_for is not None:
        ends = after(certificate.about_on, obligation.valid_for, holidays=edition.closed_days)
    withdrawn = [
        fact.about_on
        for fact in history.facts(CertificateWithdrawn, obligation.code)
        if fact.about_on >= certificate.about_on and (ends is None or fact.about_on < ends)
    ]
    return min(withdrawn, default=ends)


def _fees(history: History, obligation: FeeObligation, edition: Edition) -> Iterator[Duty]:
    """Yield each invoice of the fee that was written while the edition was in force."""
    for invoiced in history.facts(FeeInvoiced):
        on = invoiced.about_on
        if invoiced.what.obligation != obligation.code or history.edition_on(on) is not edition:
            continue
        if not is_bound(history, obligation, edition, on=on):
            continue
        named = invoiced.what.due_on
        due = named or after(on, obligation.within, holidays=edition.closed_days)
        yield Duty(
            obligation=obligation,
            edition=edition,
            about=invoiced.key,
            opens_on=on,
            due_on=due,
            late_until=_late(due, obligation, edition),
            because=""
            if named
            else f"invoiced {on} + {obligation.within} = {due}"
            f"{short_month(on, obligation.within, due)}",
            met_by=history.first(FeePaid, invoiced.key),
        )
