"""Figures in full, and answers in words, as a trace shows them."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

from rulebooks.rules.aggregation import Row
from rulebooks.rules.answers import Answer, State
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.rounding import Rounding
from rulebooks.rules.tree import Tree

FEW = 3  # decimals that are read at a glance
MOST = 12


def in_full(number: Fraction) -> str:
    """Return ``number`` without loss: as a decimal where it ends, else as a fraction."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(twos, fives)
    digits = str(abs(int(number * 10**places))).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if number < 0 else text


def in_short(number: Fraction, places: int, *, apart_from: Collection[Fraction] = ()) -> str:
    """Return ``number`` for people to read: in full where it has few decimals, else as ≈ 1.86.

    Rounded half up to ``places`` decimals, at least one; to more where it would pass for 0 or for
    one of the numbers that it stands beside. Nothing is decided by it, and a trace has it in full.
    """
    text, places = in_full(number), max(places, 1)
    if "/" not in text and len(text.partition(".")[2]) <= max(places, FEW):
        return text
    for at in range(places, MOST):
        rounded = Rounding(mode="half_up", step=Decimal(1).scaleb(-at)).exact(number)
        if Fraction(rounded) == number:
            return text
        if Fraction(rounded) not in {Fraction(0), *apart_from}:
            return f"≈ {rounded:f}"
    return text


def answered(kpi: Kpi, answer: Answer) -> str:
    """Return an answer in words, with what it is read against and what became of it."""
    beside = kpi.scale.beside(answer) if answer.state is State.ANSWERED else ""
    return "; ".join(part for part in (_said(answer), beside, answer.read_with.remark) if part)


def _said(answer: Answer) -> str:
    if answer.state is not State.ANSWERED:
        return answer.state.value.replace("_", " ")
    if answer.denominator is not None:
        return f"{answer.numerator:f} of {answer.denominator:f}"
    if answer.counts:
        return ", ".join(f"{severity} {count}" for severity, count in answer.counts)
    number = "" if answer.number is None else f"{answer.number:f}"
    return " ".join(part for part in (number, ", ".join(answer.labels)) if part)


def checked(tree: Tree, code: str, row: Row) -> str:
    """Return how far an answer was checked and what that does to its number."""
    if tree.assurance is None or row.answers[code].state is not State.ANSWERED:
        return ""
    place = row.levels.get(code, 0)
    said = [tree.assurance.levels[place].title.lower()]
    if (times := tree.assurance.times(code, place)) != 1:
        said.append(f"counts × {in_full(times)}")
    if (most := tree.assurance.at_most(code, place)) is not None:
        said.append(f"at most {in_full(most)}")
    return f" ({', '.join(said)})"
