"""When a member may file a return."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone

from members import selectors as members
from members.models import Fact, Member, Span
from members.selectors import Places
from rulebooks.rules import facts
from rulebooks.rules.facts import CycleCancelled
from rulebooks.rules.periods import Announced
from rulebooks.rules.schema import selects
from rulebooks.rules.timeline.changes import Kind
from rulebooks.rules.timeline.duties import window_of
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.relief import Relief
from targets.models import Extension, Period
from targets.rules import Phase, Window, files_return, return_obligations, say_day


class CannotFile(ValueError):
    """No return can be filed for this period, by this member, on this day."""


class NothingOwed(CannotFile):
    """Members of this class file no return for the period, or this one is not due to the member."""


class PeriodCancelled(CannotFile):
    """The initiative cancelled the period for everybody."""


class NotYetOpen(CannotFile):
    """The window opens later."""


class WindowClosed(CannotFile):
    """The window, late days included, has closed."""


def filing_day(period: Period, *, at: datetime | None = None) -> date:
    """Return the day for which a return counts that is filed at a moment, by default now.

    It is the day of the initiative's time zone, unless the edition lets days end at another hour.
    """
    return period.edition.document.day_of(at or timezone.now())


def cancelled_periods() -> set[str]:
    """Return the codes of the periods that the initiative cancelled for everybody."""
    cancelled = Fact.objects.of_initiative().filter(kind=CycleCancelled.kind, corrected_by=None)
    return set(cancelled.values_list("key", flat=True))


def moratoriums(*, on: date, begun_before: bool = False) -> set[str]:
    """Return the obligations, or all, on which a moratorium runs on a day."""
    told = facts.known(members.initiative_facts(), at=timezone.now())
    return {
        key
        for key, pauses in Relief.of(told, {}).pauses.items()
        for pause in pauses
        if pause.begins <= on
        and (pause.ends is None or on < pause.ends)
        and not (begun_before and pause.begins == on)
    }


def announced_days(period: Period) -> dict[str, Announced]:
    """Return the days of a period that are announced, each with the rule that says so."""
    if period.is_own:
        return {}
    rules = period.edition.document.announced
    return {day: rule for rule in rules if selects(rule.periods, period.rule) for day in rule.days}


def extension(member: Member, period: Period) -> Extension | None:
    """Return the extension that ``member`` has for ``period``, None if none."""
    return Extension.objects.filter(member=member, period=period).first()


def window(member: Member, period: Period) -> Window:
    """Return the window of ``period`` for ``member``, with all that gives it more time.

    While a moratorium without an end runs, it does not close.
    """
    return windows([member], period)[member.pk]


def windows(owing: Collection[Member], period: Period) -> dict[int, Window]:
    """Return the same of many members, by member, in a fixed number of queries."""
    ids = [member.pk for member in owing]
    histories = members.histories(ids) if ids else {}
    given = {one.member_id: one for one in Extension.objects.filter(member__in=ids, period=period)}
    return {pk: _window(histories[pk], period, given.get(pk)) for pk in ids}


def _window(history: History, period: Period, given: Extension | None) -> Window:
    owed = window_of(history, period.code)
    if owed is None:
        plain = Window(period.opens_on, period.due_on, period.late_until)
        return plain.extended_until(given.until_on if given else None)
    opens_on, days = owed
    due, late = days.due or date.max, days.late or date.max
    return Window(opens_on, due, max(due, late), extended=given is not None)


def filers(member_ids: Collection[int], periods: Collection[Period]) -> set[tuple[int, str]]:
    """Return which of these members file a return for which of the periods, in two queries.

    Pairs of member and code. A member files by its class of the day on which the window opens,
    by which it owes, whatever class it is in later; and whatever it owes. For a period on days of
    a member's own it files only what it owes.
    """
    keys = {
        f"{obligation.code}:{period.code}"
        for period in periods
        for obligation in return_obligations(period.edition.document, period.code)
    }
    spans = Span.objects.of(Kind.OBLIGATION).filter(member__in=member_ids, key__in=keys)
    rows = spans.values_list("member", "key").distinct()
    owed = {(member, key.partition(":")[2]) for member, key in rows}
    places = members.places_of(member_ids)
    return owed | {
        (member, period.code)
        for period in periods
        if not period.is_own
        for member, over_time in places.items()
        if _by_class(period, over_time)
    }


def _by_class(period: Period, places: Places) -> bool:
    member_class = places.on(period.opens_on).member_class
    return files_return(period.edition.document, period.code, member_class)


def open_window(member: Member, period: Period, *, on: date) -> Window:
    """Return the window of ``period`` for ``member`` when it is open on a day, late days included.

    :raises NothingOwed: the member's class files no return for the period, or it is another's.
    :raises PeriodCancelled: the initiative cancelled it.
    :raises NotYetOpen: before the first day.
    :raises WindowClosed: after the last day.
    """
    if (member.pk, period.code) not in filers([member.pk], [period]):
        raise NothingOwed(_nothing_owed(member, period))
    if period.code in cancelled_periods():
        raise PeriodCancelled(f"{period} was cancelled: no return is filed for it")
    found = window(member, period)
    phase = found.phase(on)
    if phase is Phase.AHEAD:
        raise NotYetOpen(f"the window for {period} opens on {say_day(found.opens_on)}")
    if phase is Phase.CLOSED:
        raise WindowClosed(f"the window for {period} closed on {say_day(found.late_until)}")
    return found


def _nothing_owed(member: Member, period: Period) -> str:
    places = members.places_of([member.pk])[member.pk]
    if _by_class(period, places):
        return f"{member} has days of its own; {period} is not among them"
    document, code = period.edition.document, places.on(period.opens_on).member_class
    names = {one.code: one.name for one in document.classes}
    return f"members of class {names.get(code, code)} file no return for {period}"
