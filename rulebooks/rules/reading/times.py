"""An edition in words: when members report, what they owe by when, and what gives more time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rulebooks.rules.edition import Edition
from rulebooks.rules.extensions import ExtensionKind
from rulebooks.rules.obligations import (
    DisclosureObligation,
    Due,
    FeeObligation,
    Newcomer,
    Obligation,
    ReturnObligation,
    SignatureObligation,
    Whom,
)
from rulebooks.rules.periods import Announced, DataAge, FixedWindow, Period, Rolling, YearDay
from rulebooks.rules.periods.base import say
from rulebooks.rules.reading import whom as classes
from rulebooks.rules.reminders import Reminder
from rulebooks.rules.schema import EVERYONE

TESTED_ON = {
    "window_opens": "when the window opens",
    "period_begins": "when the period begins",
    "period_ends": "when the period ends",
    "due": "when it is due",
}
COUNTED_FROM = {
    "join": "of joining",
    "commitment": "of each commitment",
    "edition": "of joining, or of the day the edition takes effect if that is later",
}
ROLLS_FROM = {
    "join": "joining",
    "last_return": "joining, then from the last return",
    "commitment": "each commitment",
}
DAYS = {
    "opens_on": "opening",
    "due_on": "due day",
    "late_until": "last late day",
    "evidence_until": "cut-off for evidence",
    "sanctions_on": "day of sanctions",
    "publication_on": "day of publication",
}
OTHERWISE = {
    "as_written": "else the days above hold",
    "last_year": "else the day of the period before holds, a year later",
    "nothing_due": "else nothing is due",
}


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """When members report for a period: what it is about, and its days in words."""

    name: str
    about: str
    opens: str
    due: str
    late: str
    clause: str


def periods(edition: Edition) -> Iterator[PeriodLine]:
    """Yield a line for each period of the edition."""
    for period in edition.periods:
        about, opens, due, late = _days(period)
        yield PeriodLine(period.name, about, opens, due, late or "no late window", period.clause)


def _days(period: Period) -> tuple[str, str, str, str]:
    if isinstance(period, FixedWindow):
        about = f"{say(period.about_from)} to {say(period.about_until)}"
        return about, say(period.opens_on), say(period.due_on), say(period.late_until)
    if isinstance(period, Rolling):
        return _rolling(period)
    if isinstance(period, DataAge):
        about = f"each fiscal year of a member, until {say(period.until)}"
        due = f"{period.within} after the year ends; the first data {period.first} after joining"
        return about, "the day after the year ends", due, _later(period.late)
    each = "each year" if period.kind == "calendar_year" else f"each {period.years} years"
    about = f"{each} from {period.first} to {period.last}"
    return about, _day(period.opens), _day(period.due), _day(period.late) if period.late else ""


def _rolling(period: Rolling) -> tuple[str, str, str, str]:
    about = f"each member's own cycle of {period.every}, until {say(period.until)}"
    due = f"{period.every} from {ROLLS_FROM[period.counted_from]}"
    if period.first is not None:
        due += f"; the first {period.first} after the start"
    if period.counted_from == "last_return":
        counted = "was filed" if period.anchor == "actual" else "had been due"
        due += f", counted from the day that {counted}"
    return about, f"{period.opens} before it is due", due, _later(period.late)


def _day(when: YearDay) -> str:
    return str(when)


def _later(late: object) -> str:
    return f"{late} after it was due" if late is not None else ""


def by_when(obligation: Obligation) -> str:
    """Return by when something is owed."""
    if isinstance(obligation, ReturnObligation | DisclosureObligation):
        return f"the due day of each period{_newcomer(obligation.newcomer)}"
    if isinstance(obligation, SignatureObligation):
        return f"{obligation.within} after admission, or after the edition takes effect"
    if isinstance(obligation, FeeObligation):
        due = f"{obligation.within} after the invoice, unless that names the day"
    else:
        due = _due(obligation.due)
    return f"{due}; at the latest {obligation.late} later" if obligation.late else due


def _due(due: Due) -> str:
    if due.on is not None:
        return f"by {say(due.on)}"
    if due.counted_from == "obligation":
        anchor = "was met" if due.anchor == "actual" else "had been due"
        since = f"of the day on which {due.obligation} {anchor}"
    else:
        since = COUNTED_FROM[due.counted_from]
    words = f"within {due.after} {since}"
    if due.starts_no_earlier is not None:
        words += f", counted from {say(due.starts_no_earlier)} at the earliest"
    return f"{words}, not before {say(due.ends_no_earlier)}" if due.ends_no_earlier else words


def _newcomer(newcomer: Newcomer | None) -> str:
    if newcomer is None:
        return ""
    tested = TESTED_ON.get(newcomer.tested_on, f"on {newcomer.named_day}")
    return f"; not of members for less than {newcomer.exempt} {tested}"


def whom(obligation: Obligation, edition: Edition) -> str:
    """Return of whom something is owed: classes, and what else is asked of them."""
    words = [classes(obligation.applies_to, edition), *_further(obligation.who, edition)]
    return "; ".join(words)


def _further(who: Whom | None, edition: Edition) -> Iterator[str]:
    if who is None:
        return
    if who.chambers != EVERYONE:
        yield "chambers " + ", ".join(edition.chamber(code).name for code in who.chambers)
    if who.sizes != EVERYONE:
        yield "size " + ", ".join(edition.size(code).name for code in who.sizes)
    if who.countries != EVERYONE:
        yield "from " + ", ".join(who.countries)
    if (years := who.years_of_membership) is not None:
        below = f", less than {years.below}" if years.below is not None else ""
        yield f"members for at least {years.from_} years{below}"


def extension(kind: ExtensionKind) -> str:
    """Return what a kind of extension gives, and on which conditions."""
    words = [f"up to {kind.term} after the due day"]
    if kind.at_most is not None:
        words.append("once only" if kind.at_most == 1 else f"at most {kind.at_most} times")
    if kind.not_consecutive:
        words.append("not for two periods running")
    if kind.only_before_deadline:
        words.append("granted before the deadline only")
    return ", ".join(words)


def reminder(said: Reminder, edition: Edition) -> str:
    """Return when a letter reminds, and of what."""
    titles = {o.code: o.title for o in edition.obligations}
    of = "all that is owed"
    if said.applies_to != EVERYONE:
        of = ", ".join(titles.get(code, code) for code in said.applies_to)
    return f"{said} the due day: {of}"


def announced(rule: Announced) -> str:
    """Return which days are announced, by whom, how long ahead, and what holds if they are not."""
    days = ", ".join(DAYS[day] for day in rule.days)
    return f"{days}, by {rule.by}, {rule.ahead} ahead of the day; {OTHERWISE[rule.otherwise]}"
