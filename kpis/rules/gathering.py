"""What the answers of a member are read with when they are scored.

The year that they are about, the rate of a currency, the answers for the periods before, and what
is thought of "does not apply". All of it is stored beside the card, so that the card can be
explained and made again without asking anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from rulebooks.rules.answers import ALONE, MISSING, Answer, Line, Past, State, With
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales.outside import Money

WAITS = "said not to apply; nobody has approved it yet"
REFUSED = "said not to apply; that was refused"
NOT_JUDGED = "not judged yet"


@dataclass(frozen=True, slots=True)
class Earlier:
    """The answers of a member for an earlier period, by KPI."""

    period: str
    ends_on: date
    answers: Mapping[str, Answer] = field(default_factory=dict)
    published: bool = False


def not_applicable(kpi: Kpi, *, approved: bool | None) -> Answer:
    """Return what "does not apply" counts as; ``approved`` is None while nobody has said so."""
    if kpi.not_applicable == "allowed" or (kpi.not_applicable == "needs_approval" and approved):
        return Answer(State.NOT_APPLICABLE)
    remark = REFUSED if approved is False or kpi.not_applicable == "refused" else WAITS
    return Answer(State.MISSING, read_with=With(remark=remark))


def gather(
    edition: Edition,
    answers: Mapping[str, Answer],
    *,
    period: str,
    ends_on: date,
    fiscal_year_ends: tuple[int, int] = (12, 31),
    earlier: Sequence[Earlier] = (),
    lines: Mapping[str, Line] = MappingProxyType({}),
    kpis: Collection[str] | None = None,
) -> dict[str, Answer]:
    """Return ``answers`` with what each is read with; ``earlier`` is newest first.

    A KPI without an answer is there too where earlier periods may speak for it. ``lines`` are
    those of the member's own approved targets, by KPI. With ``kpis`` only these are looked at.
    """
    made = dict(answers)
    year = year_about(edition, ends_on, fiscal_year_ends)
    for kpi in edition.kpis:
        if kpis is not None and kpi.code not in kpis:
            continue
        answer = answers.get(kpi.code, MISSING)
        if not kpi.is_asked and answer.state is State.MISSING:
            made[kpi.code] = Answer(State.MISSING, read_with=With(remark=NOT_JUDGED))
        elif kpi.reads_more:
            read_with = _read_with(kpi, answer, edition, period=period, year=year)
            past = tuple(
                Past(
                    one.period,
                    year_about(edition, one.ends_on, fiscal_year_ends),
                    _as_it_was(kpi, one, edition),
                    one.published,
                )
                for place, one in enumerate(earlier)
                if place < kpi.past_needed or one.period == kpi.scale.past_named
            )
            line = lines.get(kpi.code) if kpi.reads_own_line else None
            read_with = replace(read_with, past=past, line=line)
            if read_with != ALONE or kpi.code in answers:
                made[kpi.code] = replace(answer, read_with=read_with)
    return made


def year_about(edition: Edition, ends_on: date, fiscal_year_ends: tuple[int, int]) -> int:
    """Return the year that the values of a period ending on ``ends_on`` are about."""
    if edition.fiscal_years is None:
        return ends_on.year
    return edition.fiscal_years.span(ends_on, ends=fiscal_year_ends)[1].year


def _read_with(kpi: Kpi, answer: Answer, edition: Edition, *, period: str, year: int) -> With:
    made = replace(answer.read_with, year=year)
    if not isinstance(kpi.scale, Money) or edition.currencies is None or not answer.labels:
        return made
    rate, source = edition.currencies.rate(answer.labels[0], period)
    return replace(made, rate=rate, source=source)


def _as_it_was(kpi: Kpi, earlier: Earlier, edition: Edition) -> Answer:
    """Return the answer of an earlier period as it was given, with the rate of that period."""
    answer = earlier.answers.get(kpi.code, MISSING)
    alone = replace(answer, read_with=ALONE)
    if not isinstance(kpi.scale, Money) or edition.currencies is None or not answer.labels:
        return alone
    rate, source = answer.read_with.rate, answer.read_with.source
    if rate is None:
        rate, source = edition.currencies.rate(answer.labels[0], earlier.period)
    return replace(alone, read_with=With(rate=rate, source=source))
