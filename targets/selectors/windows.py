"""When a member may file a return."""

from __future__ import annotations

from datetime import date

from members.models import Fact, Member
from rulebooks.rules.facts import CycleCancelled
from targets.models import Extension, Period
from targets.rules import Phase, Window, files_return, say_day


class CannotFile(ValueError):
    """No return can be filed for this period, by this member, on this day."""


class NothingOwed(CannotFile):
    """Members of this class file no return for the period."""


class PeriodCancelled(CannotFile):
    """The initiative cancelled the period for everybody."""


class NotYetOpen(CannotFile):
    """The window opens later."""


class WindowClosed(CannotFile):
    """The window, late days included, has closed."""


def cancelled_periods() -> set[str]:
    """Return the codes of the periods that the initiative cancelled for everybody."""
    facts = Fact.objects.of_initiative().filter(kind=CycleCancelled.kind, corrected_by=None)
    return set(facts.values_list("key", flat=True))


def extension(member: Member, period: Period) -> Extension | None:
    """Return the extension that ``member`` has for ``period``, None if none."""
    return Extension.objects.filter(member=member, period=period).first()


def window(member: Member, period: Period) -> Window:
    """Return the window of ``period`` for ``member``, an extension included."""
    given = extension(member, period)
    window = Window(period.opens_on, period.due_on, period.late_until)
    return window.extended_until(given.until_on if given else None)


def open_window(member: Member, period: Period, *, on: date) -> Window:
    """Return the window of ``period`` for ``member`` when it is open on a day, late days included.

    :raises NothingOwed: the member's class files no return for the period.
    :raises PeriodCancelled: the initiative cancelled it.
    :raises NotYetOpen: before the first day.
    :raises WindowClosed: after the last day.
    """
    document = period.edition.document
    if not files_return(document, period.code, member.member_class):
        name = document.member_class(member.member_class).name
        raise NothingOwed(f"members of class {name} file no return for {period}")
    if period.code in cancelled_periods():
        raise PeriodCancelled(f"{period} was cancelled: no return is filed for it")
    found = window(member, period)
    phase = found.phase(on)
    if phase is Phase.AHEAD:
        raise NotYetOpen(f"the window for {period} opens on {say_day(found.opens_on)}")
    if phase is Phase.CLOSED:
        raise WindowClosed(f"the window for {period} closed on {say_day(found.late_until)}")
    return found
