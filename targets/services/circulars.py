"""What all members are told: days of a period, a moratorium, an outage, a period cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.rules import Event
from members import services as members
from rulebooks import selectors as rulebooks
from rulebooks.rules import facts
from rulebooks.rules.facts import EVERYTHING
from rulebooks.rules.periods import Announced
from rulebooks.rules.terms import before
from targets import events, selectors
from targets.models import Circular, Period
from targets.rules import say_day

Sort = Circular.Sort
ORDER = ("opens_on", "due_on", "late_until")


class CannotTell(ValueError):
    """It is too late, out of order, or nothing that the edition knows; saying which."""


@transaction.atomic
def announce_period(
    *, period: Period, days: Mapping[str, date], reason: str, by: User, on: date
) -> Circular:
    """Announce days of a period, as its edition asks; every member is derived again.

    :raises PermissionDenied: ``by`` may not announce.
    :raises CannotTell: a day that is not announced, told too late, or out of order.
    """
    access.require(by, Permission.PERIOD_ANNOUNCE)
    period = Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    _require_announceable(period, days, on=on)
    return _tell(
        Sort.ANNOUNCED,
        period.code,
        events.PeriodAnnounced(period=period.code, **days),
        facts.PeriodAnnounced(**days),
        reason=reason,
        by=by,
        on=on,
    )


def _require_announceable(period: Period, days: Mapping[str, date], *, on: date) -> None:
    rules = selectors.announced_days(period)
    if not days:
        raise CannotTell("name at least one day")
    for name, day in days.items():
        rule: Announced | None = rules.get(name)
        if rule is None:
            raise CannotTell(f"{name} of {period} is not announced; the rulebook says it")
        latest = before(day, rule.ahead, holidays=period.edition.document.closed_days)
        if on > latest:
            message = f"{say_day(day)} must be announced {rule.ahead} ahead, by {say_day(latest)}"
            raise CannotTell(message)
    held = [days.get(name) or getattr(period, name) for name in ORDER]
    if held != sorted(held):
        raise CannotTell("a period opens, is due and closes in that order")


@transaction.atomic
def cancel_period(*, period: Period, reason: str, by: User, on: date) -> Circular:
    """Cancel a period for everybody: nothing is owed for it, and counters pass over it.

    :raises PermissionDenied: ``by`` may not.
    :raises CannotTell: it is one of members' own days, cancelled already, or without a reason.
    """
    access.require(by, Permission.PERIOD_ANNOUNCE)
    if period.is_own:
        raise CannotTell(f"{period} is no period of all members; declare a moratorium instead")
    if period.code in selectors.cancelled_periods():
        raise CannotTell(f"{period} was cancelled already")
    circular = _keep(Sort.CANCELLED, period.code, reason=reason, by=by, on=on)
    members.cancel_cycle(period=period.code, by=by, on=on)
    return circular


@transaction.atomic
def declare_moratorium(
    *, obligation: str = EVERYTHING, until_on: date | None = None, reason: str, by: User, on: date
) -> Circular:
    """Let nobody's time run for an obligation, or for all, from ``on``; until a day if said.

    :raises PermissionDenied: ``by`` may not.
    :raises CannotTell: no such obligation, or one runs already.
    """
    access.require(by, Permission.PERIOD_ANNOUNCE)
    _require_obligation(obligation)
    if obligation in selectors.moratoriums(on=on):
        raise CannotTell(f"a moratorium on {obligation} runs already")
    if until_on is not None and until_on < on:
        raise CannotTell(f"it ends on {say_day(on)} or later, not on {say_day(until_on)}")
    event = events.MoratoriumDeclared(obligation=obligation, until_on=until_on)
    what = facts.MoratoriumDeclared(until_on=until_on)
    return _tell(
        Sort.MORATORIUM, obligation, event, what, until_on=until_on, reason=reason, by=by, on=on
    )


@transaction.atomic
def end_moratorium(*, obligation: str = EVERYTHING, reason: str, by: User, on: date) -> Circular:
    """Let time run again from ``on``; what is still owed is due as much later as it rested.

    :raises PermissionDenied: ``by`` may not.
    :raises CannotTell: none runs.
    """
    access.require(by, Permission.PERIOD_ANNOUNCE)
    if obligation not in selectors.moratoriums(on=on, begun_before=True):
        raise CannotTell(f"no moratorium on {obligation} runs that began before {say_day(on)}")
    event, what = events.MoratoriumEnded(obligation=obligation), facts.MoratoriumEnded()
    return _tell(Sort.MORATORIUM_ENDED, obligation, event, what, reason=reason, by=by, on=on)


@transaction.atomic
def record_outage(*, from_on: date, until_on: date, reason: str, by: User, on: date) -> Circular:
    """Record that nobody could file for some days: what fell due then is due on the last of them.

    :raises PermissionDenied: ``by`` may not.
    :raises CannotTell: the days are out of order, or lie ahead.
    """
    access.require(by, Permission.PERIOD_ANNOUNCE)
    if not from_on <= until_on:
        raise CannotTell(f"it ends on {say_day(from_on)} or later, not on {say_day(until_on)}")
    if from_on > on:
        raise CannotTell("an outage is recorded once it has begun")
    code = f"outage-{from_on}-{Circular.objects.filter(sort=Sort.OUTAGE).count() + 1}"
    event = events.OutageRecorded(outage=code, until_on=until_on)
    what = facts.OutageRecorded(until_on=until_on)
    return _tell(
        Sort.OUTAGE, code, event, what, about_on=from_on, until_on=until_on,
        reason=reason, by=by, on=on,
    )  # fmt: skip


def _require_obligation(code: str) -> None:
    known = {o.code for edition in rulebooks.adopted_documents() for o in edition.obligations}
    if code not in known | {EVERYTHING}:
        raise CannotTell(f"{code!r} is no obligation; allowed: all, {', '.join(sorted(known))}")


def _tell(
    sort: Sort,
    key: str,
    event: Event,
    what: facts.What,
    *,
    reason: str,
    by: User,
    on: date,
    about_on: date | None = None,
    until_on: date | None = None,
) -> Circular:
    """Keep the circular, record the act and state the fact; a reaction derives everybody again."""
    circular = _keep(sort, key, reason=reason, by=by, on=about_on or on, until_on=until_on)
    entry = ledger.record(event, subject=circular, actor=by, on=on)
    members.state_for_all(what, about_on=about_on or on, entry=entry, key=key)
    return circular


def _keep(
    sort: Sort, key: str, *, reason: str, by: User, on: date, until_on: date | None = None
) -> Circular:
    if not reason.strip():
        raise CannotTell("all members read why: give a reason")
    return Circular.objects.create(
        sort=sort,
        key=key,
        on=on,
        until_on=until_on,
        reason=reason.strip(),
        told_at=timezone.now(),
        told_by=by,
    )
