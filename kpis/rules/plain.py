"""Answers as plain JSON values, the same for 1.0 and 1: with names, or compact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Context, Decimal
from typing import Any

from kpis.rules.cards import in_json
from rulebooks.rules.answers import ALONE, MISSING, Answer, Line, OfSite, Past, State, With

NUMBERS = ("number", "numerator", "denominator")
EXACT = Context(prec=60)  # the usual one cuts to 28 digits


def plain(answer: Answer) -> dict[str, Any]:
    """Return an answer, and what it is read with, without what is empty."""
    made: dict[str, Any] = {"state": answer.state.value}
    for name in NUMBERS:
        number = getattr(answer, name)
        if number is not None:
            made[name] = _digits(number)
    if answer.labels:
        made["labels"] = sorted(answer.labels)
    if answer.counts:
        made["counts"] = dict(sorted(answer.counts))
    if answer.read_with != ALONE:
        made["with"] = dict(_with(answer.read_with))
    return made


def compact(answer: Answer) -> str:
    """Return an answer as JSON, as short as it can be told.

    A number, two numbers, a label or several stand for themselves, null for no answer; what sites
    answer stands under ``sites``. Any other answer is written with names.
    """
    if answer == MISSING:
        return "null"
    if answer.read_with.sites and answer == _silent(answer.read_with.year, answer.read_with.sites):
        year = "" if answer.read_with.year is None else f',"year":{answer.read_with.year}'
        sites = sorted((one.site, compact(one.answer)) for one in answer.read_with.sites)
        return (
            f'{{"sites":{{{",".join(f"{in_json(site)}:{held}" for site, held in sites)}}}{year}}}'
        )
    parts = (answer.numerator, answer.denominator)
    if answer == Answer(State.ANSWERED, answer.number) and _is_told(answer.number):
        return _digits(answer.number)
    if answer == Answer(State.ANSWERED, None, *parts) and all(map(_is_told, parts)):
        return f"[{_digits(parts[0])},{_digits(parts[1])}]"
    if answer == Answer(State.ANSWERED, labels=answer.labels):
        return in_json(answer.labels[0] if len(answer.labels) == 1 else sorted(answer.labels))
    return in_json(plain(answer))


def _is_told(number: Decimal | None) -> bool:
    """Return whether ``number`` is there and can stand in JSON: NaN cannot."""
    return number is not None and number.is_finite()


def _silent(year: int | None, sites: tuple[OfSite, ...]) -> Answer:
    return Answer(State.MISSING, read_with=With(year=year, sites=sites))


def answer(made: Any) -> Answer:
    """Return the answer that ``plain`` or ``compact`` wrote, read with decimals."""
    if isinstance(made, dict):
        return _of_sites(made) if "state" not in made else _named(made)
    if made is None:
        return MISSING
    if isinstance(made, str):
        return Answer(State.ANSWERED, labels=(made,))
    if not isinstance(made, list):
        return Answer(State.ANSWERED, Decimal(made))
    if made and not isinstance(made[0], str):
        return Answer(State.ANSWERED, None, *map(Decimal, made))
    return Answer(State.ANSWERED, labels=tuple(made))


def _of_sites(made: Mapping[str, Any]) -> Answer:
    sites = tuple(OfSite(site, answer(one)) for site, one in made["sites"].items())
    return _silent(made.get("year"), sites)


def _named(made: Mapping[str, Any]) -> Answer:
    return Answer(
        State(made["state"]),
        **{name: Decimal(made[name]) for name in NUMBERS if name in made},
        labels=tuple(made.get("labels", ())),
        counts=tuple(made.get("counts", {}).items()),
        read_with=_read_with(made["with"]) if "with" in made else ALONE,
    )


def _with(read_with: With) -> Iterator[tuple[str, Any]]:
    if read_with.year is not None:
        yield "year", read_with.year
    if read_with.rate is not None:
        yield "rate", _digits(read_with.rate)
    for name in ("source", "remark"):
        if text := getattr(read_with, name):
            yield name, text
    if read_with.line:
        points = [[year, _digits(value)] for year, value in read_with.line.points]
        yield "line", {"points": points, "trajectory": read_with.line.trajectory}
    if read_with.sites:
        yield "sites", {one.site: plain(one.answer) for one in read_with.sites}
    if read_with.past:
        yield (
            "past",
            [
                {
                    "period": past.period,
                    "year": past.year,
                    "published": past.published,
                    "answer": plain(past.answer),
                }
                for past in read_with.past
            ],
        )


def _read_with(made: Mapping[str, Any]) -> With:
    return With(
        year=made.get("year"),
        rate=Decimal(made["rate"]) if "rate" in made else None,
        source=made.get("source", ""),
        past=tuple(
            Past(one["period"], one["year"], answer(one["answer"]), one["published"])
            for one in made.get("past", ())
        ),
        sites=tuple(OfSite(site, answer(one)) for site, one in made.get("sites", {}).items()),
        line=_line(made["line"]) if "line" in made else None,
        remark=made.get("remark", ""),
    )


def _line(made: Mapping[str, Any]) -> Line:
    points = tuple((year, Decimal(value)) for year, value in made["points"])
    return Line(points, made["trajectory"])


def _digits(number: Decimal) -> str:
    return f"{EXACT.normalize(number):f}"
