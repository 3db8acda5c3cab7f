"""Filters and tags that all pages and PDF templates share: days, numbers, kinds of status.

Plain functions; a number is shown as stored, never rounded here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date

register = template.Library()

FRACTION = re.compile(r"-?\d+/[1-9]\d*")
ISO = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")
THIN = "\u202f"
MINUS = "\u2212"
MISSING = "\u2013"

# States' codes, as rules and models write them, by the look they have. What is not listed looks
# like "not yet": a page never guesses a breach.
KINDS = {
    "good": "good admitted met verified filed adopted published lifted held sent answered "
    "approved judged",
    "soon": "soon due open extended incomplete warned running provisional proposed in_review "
    "met_late adjusted notified opened submitted",
    "breach": "breach overdue missed lapsed unanswered confirmed imposed unsupported excluded "
    "refused",
    "suspended": "suspended lost",
    "none": "none draft left quiet unknown missing not_applicable dismissed set_aside removed "
    "moratorium exempt not_enough_data",
}
KIND_OF = {state: kind for kind, states in KINDS.items() for state in states.split()}
STRIP_FLOOR = 22
MOST_YEARS = 7  # their labels fit side by side on a phone
END_OF_STRIP = 90  # percent; a label further right stands before its tick
STRIP_LOOKS = {  # height and colour on paper; the page's style sheet has its own colours
    "good": (8, "#1f7a4d"),
    "soon": (13, "#8a5a00"),
    "breach": (22, "#b42318"),
    "suspended": (22, "#6b2c91"),
    "none": (3, "#8b8a84"),
}


@register.filter
def day(value: date | datetime | None) -> str:
    """Say a day as ``12 Mar 2026``; an aware moment by the day it has here."""
    if value is None or value == "":
        return MISSING
    return format_date(_here(value), "j M Y")


@register.filter
def days_in_words(text: object) -> str:
    """Write every ISO day in a sentence as pages do: ``12 Mar 2026``. What is no day stays."""
    return ISO.sub(_in_words, str(text))


def _in_words(found: re.Match[str]) -> str:
    try:
        return day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


@register.filter
def moment(value: datetime | None) -> str:
    """Say a moment as ``12 Mar 2026, 14:05 CET``."""
    if value is None or value == "":
        return MISSING
    return format_date(_here(value), "j M Y, H:i T")


@register.filter
def in_days(value: date | datetime | None, today: date) -> str:
    """Say how far off a day is: ``(in 9 days)``, ``(today)``, ``(2 days ago)``."""
    if value is None or value == "":
        return ""
    there = _here(value)
    if isinstance(there, datetime):
        there = there.date()
    days = (there - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return f"({near[days]})"
    return f"(in {days} days)" if days > 0 else f"({-days} days ago)"


@register.filter
def figure(value: Any, places: int | str | None = None) -> str:
    """Write a number with thin spaces between thousands and a true minus; words pass unchanged.

    ``places`` pads with zeros so that a column stands at the decimal point. It never cuts a digit:
    rounding belongs to the rule that published the number. A fraction is written both ways.
    """
    if value is None or value == "":
        return MISSING
    if isinstance(value, str):
        return both_ways(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return str(value)
    return _written(Decimal(value), int(places or 0))


def both_ways(text: str) -> str:
    """Write a fraction such as ``1300/17`` with its first digits: ``76.4705… = 1300/17``.

    Its decimal does not end, and is cut where the mark says so. Words pass unchanged, and so does
    what no trace writes: ``1/2`` and ``24/8`` are answers in words.
    """
    if FRACTION.fullmatch(text) is None:
        return text
    number = Fraction(text)
    below = number.denominator
    ends = pow(10, below.bit_length(), below) == 0
    if ends or text != str(number):
        return text
    whole, rest = divmod(abs(number.numerator), below)
    return f"{'-' * (number < 0)}{whole}.{rest * 10**4 // below:04d}… = {text}"


@register.filter
def signed(value: int | Decimal | None) -> str:
    """Write a change with arrow and sign: ``↑ +3.2`` or ``→ 0``."""
    if value is None:
        return MISSING
    number = Decimal(value)
    arrow, sign = ("↑", "+") if number > 0 else ("↓", "") if number < 0 else ("→", "")
    return f"{arrow} {sign}{_written(number, 0)}"


@register.filter
def status_kind(state: str | None) -> str:
    """Return the kind (colour and shape) of a state's code; ``none`` where we know no better."""
    return KIND_OF.get(str(state or "").lower().replace("-", "_"), "none")


@register.simple_tag
def strip_parts(spans: Iterable[Any], since: date, until: date) -> dict[str, list[dict[str, Any]]]:
    """Place spans and years, in percent of the width, on a strip from ``since`` to ``until``."""
    parts = []
    for span in spans:
        start = max(_of(span, "since"), since)
        end = min(_of(span, "until") or until, until)
        if start < end:
            kind = _of(span, "kind")
            height, fill = STRIP_LOOKS.get(kind, STRIP_LOOKS["none"])
            place, stop = _share(start, since, until), _share(end, since, until)
            parts.append({"kind": kind, "fill": fill, "y": STRIP_FLOOR - height, "height": height})
            parts[-1] |= {"x": f"{place}%", "width": f"{max(stop - place, Decimal('0.3'))}%"}
    return {"parts": parts, "ticks": _ticks(since, until)}


def _ticks(since: date, until: date) -> list[dict[str, str]]:
    years = [year for year in range(since.year, until.year + 1) if date(year, 1, 1) >= since]
    every = len(years) // MOST_YEARS + 1
    places = {year: _share(date(year, 1, 1), since, until) for year in years}
    return [
        {"x": f"{min(place, Decimal('99.8'))}%", "label": "" if number % every else str(year)}
        | {"anchor": "start" if place < END_OF_STRIP else "end"}
        for number, (year, place) in enumerate(places.items())
    ]


def _share(value: date, since: date, until: date) -> Decimal:
    days = max((until - since).days, 1)
    return (Decimal((value - since).days * 100) / days).quantize(Decimal("0.1"))


def _of(thing: Any, name: str) -> Any:
    return thing[name] if isinstance(thing, dict) else getattr(thing, name)


def _here(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _written(number: Decimal, places: int) -> str:
    if number == 0:
        number = Decimal(0)
    text = format(abs(number), "f")
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0").ljust(places, "0")
    groups = f"{int(whole):,}".replace(",", THIN)
    return (MINUS if number < 0 else "") + groups + (f".{rest}" if rest else "")
