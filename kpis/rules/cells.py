"""What single cells mean: codes, days, numbers, answers. Each refusal says what is allowed."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from kpis.rules.profiles import (
    DAYS,
    Answers,
    DayIn,
    EarliestOf,
    Fixed,
    FixedDay,
    SomeDay,
    Written,
)
from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales.numbers import RatioScale
from rulebooks.rules.scales.outside import Findings, Money

Cells = Mapping[str, str]
PLAIN = re.compile(r"[+-]?[0-9]{1,24}(\.[0-9]{1,12})?")
EARLIEST, LATEST = 1800, 2200  # years; a day outside them is a slip of the pen
LISTED = 12  # allowed words that a message names


class BadCell(ValueError):
    """A cell cannot be read as what it should be; ``column`` says which, if it is one."""

    def __init__(self, message: str, column: str | None = None) -> None:
        self.column = column
        super().__init__(message)


class SkipRow(Exception):
    """The profile leaves rows with this cell out."""


def code(spec: Written | Fixed, cells: Cells) -> str | None:
    """Return the code or label that a row gives, None when it gives none.

    :raises BadCell: the text is not among those that the profile translates.
    :raises SkipRow: neither, and the profile leaves such rows out.
    """
    if isinstance(spec, Fixed):
        return spec.fixed
    text = cells[spec.column]
    for old, new in (spec.replace or {}).items():
        text = text.replace(old, new)
    if spec.codes is None:
        return text or None
    if text in spec.codes:
        return spec.codes[text]
    if spec.unlisted == "skip":
        raise SkipRow
    if spec.unlisted == "refuse":
        raise BadCell(f"{text!r} is not known; allowed: {listed(spec.codes)}", spec.column)
    return text if spec.unlisted == "keep" else None


def text(cells: Cells, column: str, longest: int) -> str:
    """Return the text of a cell, its spaces made one.

    :raises BadCell: it is longer than that many characters.
    """
    found = " ".join(cells[column].split())
    if len(found) > longest:
        raise BadCell(f"longer than {longest} characters", column)
    return found


def first_day(spec: SomeDay, cells: Cells, *, as_of: date | None) -> date:
    """Return the day since when something is so.

    :raises BadCell: the cell is empty, or no day in the form that the profile names.
    """
    found = day(spec, cells, as_of=as_of)
    if found is None:
        raise BadCell("the day since when is missing", getattr(spec, "column", None))
    return found


def day(spec: SomeDay, cells: Cells, *, as_of: date | None) -> date | None:
    """Return the day that a row gives, None when its cell is empty.

    :raises BadCell: the text is no day in the form that the profile names.
    """
    if spec == "as_of":
        return as_of
    if isinstance(spec, FixedDay):
        return spec.fixed
    if isinstance(spec, EarliestOf):
        days = [day(one, cells, as_of=as_of) for one in spec.earliest_of]
        return min((one for one in days if one is not None), default=None)
    return _written_day(spec, cells[spec.column])


def _written_day(spec: DayIn, text: str) -> date | None:
    if text in spec.empty:
        return None
    found = _read_day(text, spec.day)
    if found is None:
        raise BadCell(f"{text!r} is no day; write it as {spec.day}", spec.column)
    if not EARLIEST <= found.year <= LATEST:
        message = f"the year {found.year} is not one between {EARLIEST} and {LATEST}"
        raise BadCell(message, spec.column)
    return found


@lru_cache(maxsize=10_000)
def _read_day(text: str, form: str) -> date | None:
    """Return the day that a text says in a form, or as a workbook writes it; else None."""
    for pattern in (DAYS[form], DAYS["YYYY-MM-DD"]):
        try:
            return date(*time.strptime(text, pattern)[:3])
        except ValueError:
            continue
    return None


def number(text: str, answers: Answers) -> Decimal:
    """Return ``text`` as an exact number.

    :raises BadCell: it is none, or has more digits than can be kept.
    """
    plain = text.replace(answers.thousands, "") if answers.thousands else text
    if answers.decimal == ",":
        plain = plain.replace(".", "x").replace(",", ".")
    if not PLAIN.fullmatch(plain):
        example = "1234,5" if answers.decimal == "," else "1234.5"
        message = f"{text!r} is not a number; write digits such as {example}"
        raise BadCell(f"{message}, at most 24 of them and 12 decimals")
    return Decimal(plain)


def whole(text: str | None, column: str | None) -> int | None:
    """Return ``text`` as an integer, None when there is none.

    :raises BadCell: it is no integer of at most nine digits.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadCell(f"{text!r} is no whole number; write digits such as 2030", column)
    return int(text)


def answer(kpi: Kpi, text: str, part_of: str | None, answers: Answers) -> Answer:
    """Return the answer to ``kpi`` that a cell holds.

    ``part_of`` is the cell beside it: the denominator of a ratio, the currency of an amount.

    :raises BadCell: it is not on the KPI's scale.
    """
    for state, words in (
        (State.MISSING, answers.missing),
        (State.UNKNOWN, answers.unknown),
        (State.NOT_APPLICABLE, answers.not_applicable),
    ):
        if text in words:
            made = Answer(state) if state is not State.MISSING else MISSING
            if problem := kpi.problem(made):
                raise BadCell(f"{kpi.code}: {problem}")
            return made
    made = _answered(kpi, text, part_of, answers)
    if problem := kpi.problem(made):
        raise BadCell(f"{kpi.code}: {problem}")
    return made


def _answered(kpi: Kpi, text: str, part_of: str | None, answers: Answers) -> Answer:
    if isinstance(kpi.scale, RatioScale):
        if part_of is None:
            raise BadCell(f"{kpi.code} is a ratio; the profile must name a column for the whole")
        return Answer(
            State.ANSWERED,
            numerator=number(text, answers),
            denominator=number(part_of, answers),
        )
    if isinstance(kpi.scale, Findings):
        return Answer(State.ANSWERED, counts=_counts(kpi, text, answers))
    if isinstance(kpi.scale, Money):
        return _amount(kpi, text, part_of, answers)
    if not kpi.scale.labels():
        return Answer(State.ANSWERED, number=number(text, answers))
    several = kpi.scale.kind == "choices"
    texts = [part.strip() for part in text.split(answers.separator)] if several else [text]
    words = (answers.labels or {}).get(kpi.code)
    return Answer(State.ANSWERED, labels=tuple(_label(kpi, one, words) for one in texts))


def _amount(kpi: Kpi, text: str, currency: str | None, answers: Answers) -> Answer:
    """Return an amount: the currency is in a cell of its own, or written behind the number."""
    amount, _, behind = text.rpartition(" ")
    if amount and behind.isalpha():
        text, currency = amount, behind
    only = kpi.scale.currencies[0] if len(kpi.scale.currencies) == 1 else None
    if not (currency or only):
        known = ", ".join(kpi.scale.currencies)
        raise BadCell(f"{kpi.code}: write the currency behind the amount, one of: {known}")
    return Answer(State.ANSWERED, number=number(text, answers), labels=(currency or only,))


def _counts(kpi: Kpi, text: str, answers: Answers) -> tuple[tuple[str, int], ...]:
    """Return findings written as ``critical 2, minor 5``; a severity left out has none."""
    found = {severity: 0 for severity in kpi.scale.points}
    words = (answers.labels or {}).get(kpi.code)
    for part in text.split(answers.separator):
        severity, _, count = part.strip().rpartition(" ")
        if not (severity and count.isascii() and count.isdigit() and len(count) <= 9):
            raise BadCell(f"{kpi.code}: {part.strip()!r} is no count; write such as critical 2")
        found[_label(kpi, severity.strip(), words)] = int(count)
    return tuple(sorted(found.items()))


def _label(kpi: Kpi, text: str, words: Mapping[str, str] | None) -> str:
    if words is None:
        return text
    if text not in words:
        raise BadCell(f"{kpi.code}: {text!r} is not known; allowed: {listed(words)}")
    return words[text]


def listed(words: Mapping[str, object]) -> str:
    """Return the first of ``words``, for a message."""
    known = [repr(word) for word in words]
    more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
    return ", ".join(known[:LISTED]) + more


def day_of_file(name: str) -> date | None:
    """Return the first day that stands in a file's name as YYYY-MM-DD, None if there is none."""
    for start in range(len(name) - 9):
        try:
            if name[start + 4] == name[start + 7] == "-":
                return date.fromisoformat(name[start : start + 10])
        except ValueError:
            continue
    return None
