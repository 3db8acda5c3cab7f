"""The course of one duty: open, overdue, missed, unless it is met; and what holds meanwhile.

It is *open* from the day it begins, *overdue* from the day after it was due, and *missed* from the
day after it could last be met. Met in time it is *met*, later *met_late*. While a moratorium holds
it is in *moratorium*, and its days move by as much; one that falls due under an exemption is
*exempt*. An extension moves the due day; one with a label is *extended* from the old day to the
new. A return found incomplete is *incomplete* until it is filed anew, or *missed* when that is too
late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rulebooks.rules.continuity import Place, continuity
from rulebooks.rules.facts import Fact, ReturnFiled, ReturnFoundIncomplete
from rulebooks.rules.obligations import ReturnObligation
from rulebooks.rules.terms import add_days, after
from rulebooks.rules.timeline.changes import Change
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.owing import Days, Duty, Silent, days_of


def course(history: History, duty: Duty) -> list[Change]:
    """Return the changes of one duty, from the day it begins until it is settled."""
    if _is_met_in_time(history, duty):
        days = Days(duty.due_on, duty.late_until)
        opened = duty.change(duty.opens_on, "open", duty.opened_by, duty.because)
        return _falling_due([opened, _settled(duty, days, duty.met_by)], days)
    days = days_of(history, duty)
    changes = _paused(history, duty, days, _left_alone(duty, days))
    changes = _exempted(history, duty, changes)
    return _falling_due(_met(history, duty, days, changes), days)


def _is_met_in_time(history: History, duty: Duty) -> bool:
    """Return whether a duty was met in time and nothing bears on it, as most are in the end."""
    if duty.met_by is None or duty.silence or isinstance(duty.obligation, ReturnObligation):
        return False
    return max(duty.met_by.about_on, duty.opens_on) <= duty.due_on and history.relief.spares(
        duty.obligation.code,
        duty.extended_by,
        duty.key,
        due=duty.due_on,
        late=duty.late_until,
    )


def _falling_due(changes: Iterable[Change], days: Days) -> list[Change]:
    return [
        change if change.falls_due == days.due else replace(change, falls_due=days.due)
        for change in changes
    ]


def _left_alone(duty: Duty, days: Days) -> list[Change]:
    """Return the changes of a duty that nobody meets."""
    opened = duty.change(duty.opens_on, "open", duty.opened_by, duty.because)
    return [opened, *_extended(duty, days), *_run_out(duty, days)]


@dataclass(frozen=True, slots=True)
class Plain:
    """The course of a duty that is the same for all members whom nothing relieves of it."""

    duty: Duty
    days: Days
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, duty: Duty) -> Plain:
        """Return the course of a duty on its own days."""
        days = Days(duty.due_on, duty.late_until)
        return cls(duty, days, tuple(_falling_due(_left_alone(duty, days), days)))

    def course(self, history: History, met_by: Fact | None) -> Sequence[Change]:
        """Return the same as ``course`` for one member, sooner where nothing bears on it."""
        duty = self.duty
        spared = history.relief.spares(
            duty.obligation.code,
            duty.extended_by,
            duty.key,
            due=duty.due_on,
            late=duty.late_until,
        )
        if not spared or history.facts(ReturnFoundIncomplete, duty.about):
            return course(history, replace(duty, met_by=met_by))
        if met_by is None:
            return self.changes
        [met] = _falling_due([_settled(duty, self.days, met_by)], self.days)
        return [*(change for change in self.changes if change.on <= met.on), met]


def _extended(duty: Duty, days: Days) -> list[Change]:
    if not days.label or days.due_before is None or days.due_before >= days.due:
        return []
    because = f"{days.label}: until {days.due}"
    begins = max(add_days(days.due_before, 1), duty.opens_on)
    return [duty.change(begins, "extended", "extension.granted", because, *days.facts)]


def _run_out(duty: Duty, days: Days) -> list[Change]:
    """Return when a duty that nobody meets is overdue, and when it is missed."""
    changes = []
    if days.due is not None:
        computed = f": {duty.because}" if duty.because else ""
        because = f"due on {days.due}{days.words}{computed}"
        on = add_days(days.due, 1)
        changes.append(duty.change(on, "overdue", "due.passed", because, *days.facts))
    if days.late is not None:
        on, because = add_days(days.late, 1), _too_late(duty, days)
        changes.append(duty.change(on, "missed", "late_window.closed", because, *days.facts))
    return changes


def _too_late(duty: Duty, days: Days) -> str:
    if duty.because and days.late == days.due:
        return f"{duty.because}{days.words}"
    done = "filed" if duty.opened_by == "window.opened" else "met"
    return f"could be {done} until {days.late}"


def _paused(history: History, duty: Duty, days: Days, changes: list[Change]) -> list[Change]:
    """Add the days of moratoriums, and what holds again when each is over."""
    found: list[Change] = []
    late = duty.late_until
    for pause in history.relief.pauses_of(duty.obligation.code):
        if late is None or not pause.bears_on(late, since=duty.opens_on):
            continue
        begins = max(duty.opens_on, pause.begins)
        found.append(duty.change(begins, "moratorium", "moratorium.declared", "", pause.fact.id))
        if pause.ends is not None:
            held = [change for change in changes if change.on <= pause.ends]
            found.append(replace(max(held, key=lambda change: change.on), on=pause.ends))
        late = pause.moved(late, since=duty.opens_on)
    return [*changes, *found]


def _exempts(history: History, duty: Duty) -> Callable[[Fact], bool]:
    """Return whether an exemption is one from a duty, by what its obligation is called.

    One granted under another edition holds on where that is declared.
    """
    place = Place(duty.edition.code, "obligation", duty.obligation.code)
    known = continuity(history.editions).known_as(place, tie="waivers")
    codes = {other.edition: other.code for other in known}

    def named(fact: Fact) -> bool:
        edition = history.edition_on(fact.about_on)
        code = codes.get(edition.code) if edition else None
        return fact.key in (code, f"{code}:{duty.about}", duty.key)

    return named


def _exempted(history: History, duty: Duty, changes: list[Change]) -> list[Change]:
    """Let the course end in an exemption that the due day falls under."""
    if not history.relief.exemptions:
        return changes
    granted = history.relief.exemption(due=duty.due_on, named=_exempts(history, duty))
    if granted is None:
        return changes
    on = max(duty.opens_on, granted.about_on)
    because = f"exempt until {granted.what.until_on}, by {granted.what.approver}"
    exempt = duty.change(on, "exempt", "exemption.granted", because, granted.id)
    exempt = replace(exempt, clause=granted.what.clause)
    return [change for change in changes if change.on < on] + [exempt]


def _met(history: History, duty: Duty, days: Days, changes: list[Change]) -> list[Change]:
    """Cut the course of a duty short on the day it was met, or fell away."""
    silence = duty.silence
    if silence is not None and (duty.met_by is None or duty.met_by.about_on > silence.on):
        met = _by_silence(duty, days, silence)
        return [change for change in changes if change.on <= met.on] + [met]
    if duty.met_by is None:
        return _removed(duty, changes)
    met = _settled(duty, days, duty.met_by)
    changes = [change for change in changes if change.on <= met.on] + [met]
    if isinstance(duty.obligation, ReturnObligation):
        return _completed(history, duty, days, changes)
    return changes


def _by_silence(duty: Duty, days: Days, silence: Silent) -> Change:
    in_time = days.due is None or silence.on <= days.due
    state = "met" if in_time else "met_late"
    met = duty.change(silence.on, state, "silence.accepted", silence.because)
    return replace(met, clause=silence.clause)


def _removed(duty: Duty, changes: list[Change]) -> list[Change]:
    ended = duty.ended_by
    if ended is None:
        return changes
    on = max(ended.about_on, duty.opens_on)
    removed = duty.change(on, "removed", ended.what.kind, "", ended.id)
    return [change for change in changes if change.on <= on] + [removed]


def _settled(duty: Duty, days: Days, by: Fact) -> Change:
    on = max(by.about_on, duty.opens_on) if duty.opened_by != "window.opened" else by.about_on
    in_time = days.due is None or on <= days.due
    return duty.change(on, "met" if in_time else "met_late", "fact.recorded", "", by.id)


def _completed(history: History, duty: Duty, days: Days, changes: list[Change]) -> list[Change]:
    """Add what followed when the return was found incomplete."""
    filed = duty.met_by
    for found in history.facts(ReturnFoundIncomplete, duty.about):
        if found.about_on < filed.about_on:
            continue
        last = _may_complete_until(history, duty, days, filed, found)
        anew = [f for f in history.facts(ReturnFiled, duty.about) if _later(f, found)]
        changes.append(_incomplete(duty, found, last))
        if last is not None and not (anew and anew[0].about_on <= last):
            too_late = max(add_days(last, 1), found.about_on)
            because = f"incomplete, could be completed until {last}"
            changes.append(duty.change(too_late, "missed", "incomplete", because, found.id))
        if not anew:
            return changes
        filed = anew[0]
        changes = [change for change in changes if change.on <= filed.about_on]
        changes.append(_settled(duty, days, filed))
    return changes


def _incomplete(duty: Duty, found: Fact, last: date | None) -> Change:
    completion = duty.obligation.incomplete
    label = f"{completion.label}: " if completion and completion.label else ""
    because = f"{label}to be completed by {last}" if last else ""
    return duty.change(found.about_on, "incomplete", found.what.kind, because, found.id)


def _later(filed: Fact, found: Fact) -> bool:
    return (filed.about_on, filed.id) > (found.about_on, found.id)


def _may_complete_until(
    history: History, duty: Duty, days: Days, filed: Fact, found: Fact
) -> date | None:
    """Return the last day to complete a return: within a term of filing, where one is left."""
    completion = duty.obligation.incomplete
    if completion is None:
        return days.late
    used = [f for f in history.facts(ReturnFoundIncomplete) if _later(found, f)]
    if completion.at_most is not None and len(used) >= completion.at_most:
        return add_days(found.about_on, -1)
    return after(filed.about_on, completion.within, holidays=duty.edition.closed_days)
