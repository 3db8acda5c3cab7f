"""How what is owed is recorded and told, day by day."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rulebooks.rules import facts

ISO_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Recording:
    """Something that is recorded of a duty: in words, of which sort of obligation, as which fact.

    ``day`` says which further day it may have.
    """

    label: str
    what: str
    fact: Callable[[str, date | None], facts.What]
    day: str = ""


RECORDS: Mapping[str, Recording] = {
    "certified": Recording(
        "Certified", "certificate", lambda _, day: facts.CertificateGranted(day), "Valid until"
    ),
    "withdrawn": Recording(
        "Certificate withdrawn", "certificate", lambda _, __: facts.CertificateWithdrawn()
    ),
    "done": Recording("Done", "deed", lambda _, __: facts.DeedDone()),
    "met": Recording("Commitment met", "commitment", lambda _, __: facts.CommitmentMet()),
    "published": Recording("Published", "disclosure", lambda _, __: facts.DisclosurePublished()),
    "invoiced": Recording(
        "Invoiced", "fees", lambda code, day: facts.FeeInvoiced(code, day), "Due on"
    ),
    "paid": Recording("Paid", "fee", lambda _, __: facts.FeePaid()),
    "incomplete": Recording(
        "Found incomplete", "return", lambda _, __: facts.ReturnFoundIncomplete()
    ),
}


@dataclass(frozen=True, slots=True)
class Course:
    """Where an obligation stands: its words, and the day that counts next.

    ``due_on`` is the last day in time. ``until_on`` is the last day on which it can be met at all.
    """

    state: str
    words: str
    due_on: date | None
    until_on: date | None


def course(
    state: str,
    *,
    begins: date,
    ends: date | None,
    on: date,
    due_on: date | None = None,
    because: str = "",
) -> Course:
    """Return where an obligation stands whose current state holds from ``begins`` to ``ends``.

    ``ends`` is the first day of the next state, None for none. A state that begins after ``on``
    is the first one, still to come. ``due_on`` is the last day in time, where one is known;
    ``because`` says why the state holds.
    """
    last = ends - timedelta(days=1) if ends else None
    before = begins - timedelta(days=1)
    if begins > on:
        return Course("ahead", f"Opens on {say_day(begins)}", due_on or last, None)
    due = due_on or last
    words = {
        "open": f"Due on {say_day(due)}" if due else "Open",
        "extended": f"{because.partition(':')[0]}, due on {say_day(due)}" if due else "Extended",
        "overdue": f"Overdue since {say_day(begins)}"
        + (f", can still be met until {say_day(last)}" if last else ""),
        "missed": f"Missed: it could be met until {say_day(before)}",
        "met": f"Met on {say_day(begins)}",
        "met_late": f"Met late, on {say_day(begins)}",
        "incomplete": f"Incomplete, {because}" if because else "Incomplete",
        "moratorium": "At rest: no time runs in a moratorium"
        + (f", which lasts until {say_day(last)}" if last else ""),
        "exempt": because[:1].upper() + because[1:],
        "removed": f"Taken off the list on {say_day(begins)}",
    }.get(state, state)
    ran_out = due_on or before
    in_time = {"open": due, "extended": due, "overdue": ran_out, "missed": ran_out}
    until = last if state in {"open", "extended", "overdue", "incomplete"} else None
    return Course(state, words, in_time.get(state), until)


def say_day(day: date) -> str:
    """Return a day in words: 31 Mar 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_days_in(text: str) -> str:
    """Return ``text`` with its days of the form YYYY-MM-DD in words."""
    return ISO_DAY.sub(lambda found: say_day(date.fromisoformat(found[1])), text)
