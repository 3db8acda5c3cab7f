"""Clocks of a case that are paused, run on, or are extended, each with its reasons on paper."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.rules import Event
from members import access
from members import services as members
from members.models import Span
from rulebooks.rules import facts
from rulebooks.rules.timeline.changes import Kind
from suspensions import events
from suspensions.access import locked_case
from suspensions.models import Case, Paper
from suspensions.rules import clocks
from suspensions.services import papers


@transaction.atomic
def pause_clocks(*, case_id: int, ground: str, text: str, by: User, on: date) -> Case:
    """Let the clocks of a case stand still from ``on``, on a ground that its ladder names.

    :raises PermissionDenied: ``by`` may not manage cases.
    :raises IllegalAction: the ladder knows no such pause, nothing runs, or no reason is given.
    """
    access.require(by, Permission.CASE_MANAGE)
    case = locked_case(case_id, by=by, on=on)
    clocks.require_pause(case.code, case.ladder, ground, _states(case, on))
    event = events.ClockPaused(member=case.member.code, case=case.code, ground=ground)
    return _record(case, event, facts.ClockPaused(ground=ground), text, by, on)


@transaction.atomic
def resume_clocks(*, case_id: int, text: str, by: User, on: date) -> Case:
    """Let the clocks of a case run on from ``on``.

    :raises PermissionDenied: ``by`` may not manage cases.
    :raises IllegalAction: they do not stand still, or no reason is given.
    """
    access.require(by, Permission.CASE_MANAGE)
    case = locked_case(case_id, by=by, on=on)
    clocks.require_paused(case.code, _states(case, on))
    event = events.ClockResumed(member=case.member.code, case=case.code)
    return _record(case, event, facts.ClockResumed(), text, by, on)


@transaction.atomic
def extend_clock(
    *, case_id: int, clock: str, until_on: date, text: str, by: User, on: date
) -> Case:
    """Give time until ``until_on``: to ``answer``, to ``appeal``, for a ``cure`` or a ``plan``.

    :raises PermissionDenied: ``by`` may not manage cases.
    :raises IllegalAction: that clock does not run, would end earlier, or no reason is given.
    """
    access.require(by, Permission.CASE_MANAGE)
    case = locked_case(case_id, by=by, on=on)
    running = {span.key.split(":")[0]: span for span in _clocks(case, on)}
    ends = running[clock].last_day if clock in running else None
    clocks.require_later(case.code, clock, running.keys(), ends=ends, until_on=until_on)
    event = events.ClockExtended(
        member=case.member.code, case=case.code, clock=clock, until_on=until_on
    )
    what = facts.ClockExtended(clock=clock, until_on=until_on)
    return _record(case, event, what, text, by, on)


def _clocks(case: Case, on: date) -> list[Span]:
    """Return the clocks of a case on a day: those to answer, to appeal, to make good, to plan."""
    spans = Span.objects.in_force(on).of(Kind.CLOCK).filter(member=case.member)
    return [span for span in spans if case.code in span.key.split(":")[1:2]]


def _states(case: Case, on: date) -> set[str]:
    return {span.state for span in _clocks(case, on)}


def _record(case: Case, event: Event, what: facts.What, text: str, by: User, on: date) -> Case:
    papers.add(Paper.Sort.CLOCK, case=case, text=text, by=by, on=on)
    entry = ledger.record(event, subject=case, actor=by, on=on)
    members.state(what, member=case.member, about_on=on, entry=entry, key=case.code)
    papers.tell("case-clock", case=case, on=on, text=text, event=event)
    return case
