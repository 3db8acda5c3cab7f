"""Answers as plain JSON values, the same for 1.0 and 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rulebooks.rules.answers import ALONE, Answer, Line, OfSite, Past, State, With

NUMBERS = ("number", "numerator", "denominator")


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


def answer(made: Mapping[str, Any]) -> Answer:
    """Return the answer that ``plain`` wrote."""
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
    return f"{number.normalize():f}"
