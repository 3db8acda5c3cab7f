"""Counts of things and days off, as a sentence has them."""

from __future__ import annotations

from datetime import date

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def things(count: int, *, late: int = 0) -> str:
    """Return a count of things in words, as a sentence has it: three things, two of them late."""
    said = f"{_in_words(count)} thing{'' if count == 1 else 's'}"
    if not late:
        return said
    if late == count:
        return f"{said}, and {'it is' if count == 1 else 'all are'} late"
    return f"{said}, {_in_words(late)} of them late"


def _in_words(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def in_days(day: date, on: date) -> str:
    """Return how far off a day is, as a sentence has it: in 12 days, tomorrow, today."""
    days = (day - on).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")
