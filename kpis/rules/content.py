"""The one byte form of what a return holds, which its digest in the record covers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kpis.rules.reading import digits
from rulebooks.rules.answers import Answer


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One piece of evidence, as the digest covers it."""

    kpi: str
    sha256: str
    size: int
    covers_from: date | None
    covers_until: date | None


def content(
    answers: Iterable[tuple[str, Answer, str]],
    exhibits: Iterable[Exhibit],
    *,
    version: int,
    sites: Iterable[tuple[str, str, Answer]] = (),
) -> bytes:
    """Return canonical JSON of answers (KPI, answer, note) and evidence, whatever their order.

    Answers of ``sites`` (site, KPI, answer) stand in it only where there are any.
    """
    plain = {
        "version": version,
        "values": sorted([kpi, *_plain(answer), note] for kpi, answer, note in answers),
        "evidence": sorted(
            [e.kpi, e.sha256, e.size, _day(e.covers_from), _day(e.covers_until)] for e in exhibits
        ),
    }
    if of_sites := sorted([site, kpi, *_plain(answer)] for site, kpi, answer in sites):
        plain["sites"] = of_sites
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(answer: Answer) -> list:
    numbers = (answer.number, answer.numerator, answer.denominator)
    parts = ["" if number is None else digits(number) for number in numbers]
    counts = [sorted(answer.counts)] if answer.counts else []
    return [answer.state.value, *parts, sorted(answer.labels), *counts]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
