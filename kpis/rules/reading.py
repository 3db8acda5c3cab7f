"""What people type for a KPI, and the answer that it is.

Text in; an answer out, with what is wrong field by field: what, what is allowed, an example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales import BaseScale
from rulebooks.rules.scales.labels import Choices, Labelled
from rulebooks.rules.scales.numbers import NumberScale, RatioScale
from rulebooks.rules.scales.outside import Findings, Money
from rulebooks.rules.scales.points import PointsScale

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
GAPS = dict.fromkeys(map(ord, " \u00a0\u2009\u202f'"))  # between thousands
MINUS = "\u2212"
MOST_DIGITS = 40
LONGEST_NOTE = 2_000

NOT_KNOWN, DOES_NOT_APPLY, NONE_OF_THESE = "unknown", "not_applicable", "none"
INSTEAD = {NOT_KNOWN: State.UNKNOWN, DOES_NOT_APPLY: State.NOT_APPLICABLE}
COUNT = re.compile(r"[0-9]{1,9}")
VALUE_FIELDS = ("number", "numerator", "denominator", "labels", "counts")
NUMBERS = VALUE_FIELDS[:3]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for one KPI, as text. ``instead`` says in a word that there is no value.

    ``counts`` holds a text for each severity of findings; a currency is a label.
    """

    number: str = ""
    numerator: str = ""
    denominator: str = ""
    labels: tuple[str, ...] = ()
    counts: tuple[tuple[str, str], ...] = ()
    instead: str = ""
    note: str = ""

    def given(self) -> tuple[str, ...]:
        """Return the names of the fields of a value that are filled."""
        return tuple(name for name in VALUE_FIELDS if _is_filled(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, or what keeps the text from being one: field → what is wrong."""

    answer: Answer = MISSING
    note: str = ""
    problems: dict[str, str] = field(default_factory=dict)


def _is_filled(value: str | tuple) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return any(_is_filled(part[1]) if isinstance(part, tuple) else True for part in value)


def read(kpi: Kpi, typed: Typed) -> Reading:
    """Return the answer to ``kpi`` that ``typed`` is, or the problems. Nothing typed is missing."""
    typed = _with_currency(kpi.scale, typed)
    note = typed.note.replace("\x00", "").strip()
    problems = dict(_problems(kpi, typed, note))
    if problems:
        return Reading(note=note[:LONGEST_NOTE], problems=problems)
    if typed.instead in INSTEAD:
        return Reading(Answer(INSTEAD[typed.instead]), note)
    if not typed.given() and typed.instead != NONE_OF_THESE:
        return Reading(MISSING, note)
    answer = Answer(
        State.ANSWERED,
        **{name: _number(getattr(typed, name)) for name in NUMBERS},
        labels=typed.labels,
        counts=tuple(sorted((severity, int(text)) for severity, text in typed.counts)),
    )
    if problem := kpi.problem(answer):
        said = say(problem) if kpi.per_site else f"{say(problem)}; for example {example(kpi.scale)}"
        return Reading(note=note, problems={fields_of(kpi.scale)[0]: said})
    return Reading(answer, note)


def _with_currency(scale: BaseScale, typed: Typed) -> Typed:
    """Return an amount with the only currency there is, and no currency without an amount."""
    if not isinstance(scale, Money):
        return typed
    if not typed.number.strip():
        return replace(typed, labels=())
    only = scale.currencies if len(scale.currencies) == 1 else ()
    return typed if typed.labels else replace(typed, labels=only)


def _problems(kpi: Kpi, typed: Typed, note: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong before the scale is asked."""
    wanted, given = fields_of(kpi.scale), typed.given()
    yield from _contradictions(kpi, typed, note)
    for name in given:
        if name not in wanted:
            yield name, f"{kpi.code} is answered by {' and '.join(wanted)}, not by {name}"
        elif name in NUMBERS and _number(getattr(typed, name)) is None:
            yield name, _no_number(kpi.scale)
    if isinstance(kpi.scale, Findings) and (told := "; ".join(_no_counts(kpi.scale, typed))):
        yield "counts", told
    if isinstance(kpi.scale, RatioScale):
        yield from _half_a_ratio(kpi.scale, typed, given)


def _contradictions(kpi: Kpi, typed: Typed, note: str) -> Iterator[tuple[str, str]]:
    instead = {NOT_KNOWN, DOES_NOT_APPLY}
    if isinstance(kpi.scale, Choices):
        instead |= {NONE_OF_THESE}
    if typed.instead and typed.instead not in instead:
        yield "instead", f"{typed.instead[:40]!r} is none of: {', '.join(sorted(instead))}"
    elif typed.instead and typed.given():
        word = typed.instead.replace("_", " ")
        yield "instead", f"A value and “{word}” contradict each other; keep one of them"
    elif typed.instead == DOES_NOT_APPLY and kpi.not_applicable == "refused":
        yield "instead", f"It always applies, clause {kpi.clause}; say that it is not known"
    elif typed.instead == DOES_NOT_APPLY and not note:
        yield "note", "Say why it does not apply, for example: no recruitment in the period"
    if len(note) > LONGEST_NOTE:
        yield "note", f"At most {LONGEST_NOTE} characters, these are {len(note)}"


def _half_a_ratio(
    scale: RatioScale, typed: Typed, given: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    names = {"numerator": scale.numerator, "denominator": scale.denominator}
    for name, other in (("numerator", "denominator"), ("denominator", "numerator")):
        if other in given and name not in given:
            yield name, f"Give both numbers; for example {example(scale)}"
    if "denominator" in given and _number(typed.denominator) == 0:
        nothing = f"{names['denominator']} is 0, so there is no share; choose “does not apply”"
        yield "denominator", f"{nothing} and say why"


def _no_counts(scale: Findings, typed: Typed) -> Iterator[str]:
    found = dict(typed.counts)
    if not any(text.strip() for text in found.values()):
        return
    if missing := [severity for severity in scale.points if not found.get(severity, "").strip()]:
        yield f"Say how many for {', '.join(missing)}, 0 where there were none"
    for severity, text in typed.counts:
        if text.strip() and not COUNT.fullmatch(text.strip()):
            yield f"{severity}: write a whole number, such as 3"


def _no_number(scale: BaseScale) -> str:
    return f"Write digits, with a point before decimals; for example {example(scale)}"


def _number(text: str) -> Decimal | None:
    """Read a decimal number: point before decimals, gaps between thousands; None for no number."""
    plain = text.strip().translate(GAPS).replace(MINUS, "-")
    if len(plain) > MOST_DIGITS or not NUMBER.fullmatch(plain):
        return None
    return Decimal(plain)


def fields_of(scale: BaseScale) -> tuple[str, ...]:
    """Return the names of the fields in which an answer on ``scale`` is typed."""
    if isinstance(scale, Labelled):
        return ("labels",)
    if isinstance(scale, Findings):
        return ("counts",)
    if isinstance(scale, Money):
        return ("number", "labels")
    return ("numerator", "denominator") if isinstance(scale, RatioScale) else ("number",)


def allowed(scale: BaseScale) -> str:
    """Return in words which answers ``scale`` takes."""
    if isinstance(scale, Findings):
        return f"How many of each, up to {grouped(Decimal(scale.max_each))}; 0 where none."
    if isinstance(scale, NumberScale):
        return f"From {grouped(scale.min)} to {grouped(scale.max)}, {_decimals(scale.decimals)}."
    if isinstance(scale, PointsScale):
        return f"One of {', '.join(digits(points) for points in scale.allowed)}."
    if isinstance(scale, RatioScale):
        more = "" if scale.may_exceed_one else f" {scale.numerator} is at most {scale.denominator}."
        return f"Two numbers up to {grouped(scale.max)}, {_decimals(scale.decimals)}.{more}"
    return "Any number of these." if isinstance(scale, Choices) else "One of these."


def example(scale: BaseScale) -> str:
    """Return an answer that ``scale`` takes."""
    if isinstance(scale, Findings):
        return ", ".join(f"{severity} 0" for severity in scale.points)
    if isinstance(scale, NumberScale):
        return digits(round((scale.min + scale.max) / 2, scale.decimals))
    if isinstance(scale, PointsScale):
        return digits(scale.allowed[0])
    if isinstance(scale, RatioScale):
        return f"{digits(min(Decimal(3), scale.max))} of {digits(min(Decimal(4), scale.max))}"
    return f"“{scale.labels()[0]}”"


def typed_of(kpi: Kpi, answer: Answer, note: str = "") -> Typed:
    """Return the text that reads as ``answer``."""
    numbers = {n: digits(v) for n in NUMBERS if (v := getattr(answer, n)) is not None}
    counts = tuple((severity, str(count)) for severity, count in answer.counts)
    instead = {state: word for word, state in INSTEAD.items()}.get(answer.state, "")
    if answer.state is State.ANSWERED and isinstance(kpi.scale, Choices) and not answer.labels:
        instead = NONE_OF_THESE
    return Typed(**numbers, labels=answer.labels, counts=counts, instead=instead, note=note)


def words(answer: Answer) -> str:
    """Return a value in words, without its unit; empty unless the KPI was answered."""
    if answer.state is not State.ANSWERED:
        return ""
    if answer.denominator is not None:
        return f"{digits(answer.numerator)} of {digits(answer.denominator)}"
    if answer.counts:
        return ", ".join(f"{severity} {count}" for severity, count in answer.counts)
    number = [digits(answer.number)] if answer.number is not None else []
    return " ".join([*number, ", ".join(answer.labels)]).strip()


def digits(number: Decimal) -> str:
    """Return a number in full, without the zeros that a column adds."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def grouped(number: Decimal) -> str:
    """Return a number in full with narrow spaces between thousands."""
    whole, point, rest = digits(number).partition(".")
    return f"{int(whole):,}".replace(",", "\u202f") + point + rest


def say(problem: str) -> str:
    """Return a problem as the beginning of a sentence."""
    return problem[:1].upper() + problem[1:]


def _decimals(count: int) -> str:
    if count == 0:
        return "without decimals"
    return f"with at most {count} decimal{'s' if count > 1 else ''}"
