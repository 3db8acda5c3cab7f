"""Outcomes by the rules alone: inputs are read, scored and put on a timeline; nothing is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from kpis.rules import scoring, tables
from kpis.rules.mapping import Mapper, Refused, Reported, normal
from kpis.rules.scoring import Card, MemberInputs
from kpis.rules.tables import Fault
from rulebooks.rules.answers import Answer
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact, MemberAdmitted, ScorePublished
from rulebooks.rules.timeline import timeline
from rulebooks.rules.timeline.changes import Kind
from suspensions.rules.replay import Given, Outcomes, Source, Who, last_day

LONG_AFTER = datetime.max.replace(tzinfo=UTC)


def recompute(given: Given) -> Outcomes:
    """Return what follows from ``given``.

    :raises Refused: an input cannot be read through its profile.
    """
    answers = _answers(given)
    cards: dict[Who, Card] = {}
    cohort: dict[str, dict[str, dict[str, int | None]]] = {}
    for period in sorted({period for _, period in answers}):
        inputs = [
            MemberInputs(member, held)
            for (member, about), held in sorted(answers.items())
            if about == period
        ]
        scored = scoring.score(given.edition, inputs)
        cards |= {(card.member, period): card for card in scored}
        cohort[period] = scoring.cohort(given.edition, scored)
    scores: dict[str, dict[str, ScorePublished]] = defaultdict(dict)
    for (member, period), card in cards.items():
        scores[member][period] = _published(card)
    return Outcomes(cards, answers, cohort, frozenset(hits(given.edition, scores)))


def _answers(given: Given) -> dict[Who, dict[str, Answer]]:
    """Return the answers of each member and period, those of later files over earlier ones."""
    found: dict[Who, dict[str, Answer]] = defaultdict(dict)
    for source in given.sources:
        read: dict[Who, dict[str, Answer]] = defaultdict(dict)
        for one in _reported(source, given.edition):
            held = read[normal(one.member), one.period].setdefault(one.kpi, one.answer)
            if held != one.answer:
                message = f"{one.member!r} answers {one.kpi} for {one.period} twice"
                raise Refused([Fault(message, one.row)])
        for who, held in read.items():
            found[who].update(held)
    return dict(found)


def _reported(source: Source, edition: Edition) -> Iterator[Reported]:
    governed = dict.fromkeys((period.code for period in edition.periods), edition)
    mapper = Mapper(source.profile, source.setting, governed.get)
    with source.path.open("rb") as stream:
        table = tables.read(stream, source.profile.file, columns=source.profile.columns())
        for row in table.rows:
            mapped = mapper.map(row)
            states = mapped.states if mapped else ()
            yield from (one for one in states if isinstance(one, Reported))
    mapper.finish()


def _published(card: Card) -> ScorePublished:
    return ScorePublished(
        edition=card.edition,
        numbers={line.node: line.published for line in card.lines if line.published is not None},
        labels={line.node: line.label for line in card.lines if line.label is not None},
    )


def hits(
    edition: Edition, scores: Mapping[str, Mapping[str, ScorePublished]]
) -> Iterator[tuple[str, str, str]]:
    """Yield rule, period and member for each hit on scores (member → period → score)."""
    for member, by_period in scores.items():
        for change in timeline([edition], [], _facts(edition, by_period), known_at=LONG_AFTER):
            if change.kind == Kind.BREACH:
                rule, _, about = change.key.partition(":")
                yield rule, about, member


def _facts(edition: Edition, by_period: Mapping[str, ScorePublished]) -> list[Fact]:
    begun, over = edition.in_force_from, last_day(edition)
    moment = datetime(over.year, over.month, over.day, tzinfo=UTC)
    first = edition.classes[0]
    admitted = MemberAdmitted(first.code, first.chambers[0])
    stated = [(admitted, "", begun), *((what, key, over) for key, what in by_period.items())]
    return [
        Fact(id=place, what=what, key=key, about_on=on, recorded_at=moment, imported=True)
        for place, (what, key, on) in enumerate(stated, start=1)
    ]
