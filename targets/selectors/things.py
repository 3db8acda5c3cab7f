"""What a member owes, as it is counted: texts that fall due together are one thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from targets.rules import in_days, things
from targets.selectors.duties import Duty

PRESSING = frozenset({"overdue", "open", "extended", "incomplete"})
STILL_TO_SIGN = ("signature", "missed")  # a return is taken no longer then, a signature is
LATE = ("overdue", "missed")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that a member owes: a duty, or ``texts`` to sign that fall due on one day."""

    duty: Duty
    texts: int = 1

    @property
    def title(self) -> str:
        said = f"{self.texts} texts" if self.texts > 1 else self.duty.about
        return f"{self.duty.title}: {said}" if self.duty.title else said


def owed_things(duties: Iterable[Duty]) -> list[Thing]:
    """Return what is owed today of these duties, in their order."""
    found: dict[tuple, Thing] = {}
    for duty in duties:
        if duty.state not in PRESSING and (duty.what, duty.state) != STILL_TO_SIGN:
            continue
        signing = duty.what == "signature"
        key = (duty.what, duty.course.due_on, duty.state) if signing else (duty.key,)
        before = found.get(key)
        found[key] = Thing(duty, before.texts + 1) if before else Thing(duty)
    return list(found.values())


def owed_sentence(found: Iterable[Thing], *, on: date) -> str:
    """Return what is owed in words: three things; the next is due in 12 days, on 3 Apr 2026.

    Empty where nothing is.
    """
    owed = list(found)
    if not owed:
        return ""
    said = things(len(owed), late=sum(thing.duty.state in LATE for thing in owed))
    days = [thing.duty.course.due_on for thing in owed]
    ahead = min((day for day in days if day is not None and day >= on), default=None)
    if ahead is None:
        return said
    return f"{said}; the next is due {in_days(ahead, on)}, on {ahead.day} {ahead:%b %Y}"
