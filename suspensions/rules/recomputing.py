"""Outcomes by the rules alone: inputs are read, scored and put on a timeline; nothing is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from kpis.rules import scoring, tables
from kpis.rules.mapping import Mapped, Mapper, Refused, Reported
from kpis.rules.profiles import Created
from kpis.rules.scoring import Card, MemberInputs
from kpis.rules.stating import Stated, normal
from kpis.rules.tables import Fault
from rulebooks.rules.answers import Answer
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact, MemberAdmitted, ReturnFiled, ScorePublished, What
from rulebooks.rules.obligations import ReturnObligation
from rulebooks.rules.timeline import timeline
from rulebooks.rules.timeline.changes import Change, Kind
from suspensions.rules.replay import Given, Outcomes, Source, Who

LONG_AFTER = datetime.max.replace(tzinfo=UTC)
Saying = tuple[What, str, date]  # what a fact says, its key, and the day it is about


@dataclass
class _Stated:
    """What the inputs state, of whom."""

    answers: dict[Who, dict[str, Answer]] = field(default_factory=lambda: defaultdict(dict))
    filed: dict[Who, date] = field(default_factory=dict)
    facts: dict[str, list[Saying]] = field(default_factory=lambda: defaultdict(list))


def recompute(given: Given, *, on: date) -> Outcomes:
    """Return what follows from ``given`` when everything is scored and published on a day.

    :raises Refused: an input cannot be read through its profile.
    :raises tables.Unreadable: it is no table.
    """
    read = _Stated()
    for source in given.sources:
        _take(source, given.edition, read, on)
    cards, cohort = _scored(given.edition, read, on)
    for (member, period), card in cards.items():
        read.facts[member].append((_published(card), period, on))
    hit = frozenset(hits(given.edition, read.facts, recorded_on=on))
    return Outcomes(cards, dict(read.answers), cohort, hit)


def _take(source: Source, edition: Edition, read: _Stated, on: date) -> None:
    """Read one input into ``read``; its answers take the place of those of earlier inputs."""
    governed = dict.fromkeys((period.code for period in edition.periods), edition)
    mapper = Mapper(source.profile, source.setting, governed.get)
    found: dict[Who, dict[str, Answer]] = defaultdict(dict)
    filed: dict[Who, date] = {}
    with source.path.open("rb") as stream:
        table = tables.read(stream, source.profile.file, columns=source.profile.columns())
        for row in table.rows:
            mapped = mapper.map(row)
            if mapped is not None:
                _admit(mapped, mapper, read)
                for one in mapped.states:
                    _state(one, edition, on, found, filed, read)
    mapper.finish()
    for who, answers in found.items():
        if who not in read.filed:
            read.filed[who] = filed[who]
            read.facts[who[0]].append((ReturnFiled(), who[1], filed[who]))
        read.answers[who].update(answers)


def _admit(mapped: Mapped, mapper: Mapper, read: _Stated) -> None:
    """State the admission of a member that is met for the first time, as an import would."""
    member, created = normal(mapped.member), mapper.profile.member.unknown
    if member not in read.facts and isinstance(created, Created):
        newcomer = mapper.newcomer(mapped.row)
        read.facts[member] = []
        if newcomer is not None and created.admitted:
            admitted = MemberAdmitted(newcomer.member_class, newcomer.chamber)
            read.facts[member].append((admitted, "", newcomer.admitted_on))


def _state(
    one: Reported | Stated,
    edition: Edition,
    on: date,
    found: dict[Who, dict[str, Answer]],
    filed: dict[Who, date],
    read: _Stated,
) -> None:
    if isinstance(one, Stated):
        read.facts[normal(one.member)].append((one.what, one.key, one.about_on))
        return
    who = normal(one.member), one.period
    if found[who].setdefault(one.kpi, one.answer) != one.answer:
        message = f"{one.member!r} answers {one.kpi} for {one.period} twice"
        raise Refused([Fault(message, one.row)])
    day = one.filed_on or min(edition.period(one.period).due_on, on)
    filed[who] = min(filed.get(who, day), day)


def _scored(
    edition: Edition, read: _Stated, on: date
) -> tuple[dict[Who, Card], dict[str, dict[str, dict[str, int | None]]]]:
    """Return cards and cohorts of each period that somebody reported on.

    Scored are those who filed a return for it, and those who owe one by ``on``.
    """
    owed = set(_owing(edition, read.facts, on))
    cards: dict[Who, Card] = {}
    cohort: dict[str, dict[str, dict[str, int | None]]] = {}
    for period in sorted({period for _, period in read.filed}):
        whose = sorted({member for member, about in owed | read.filed.keys() if about == period})
        inputs = [MemberInputs(one, read.answers.get((one, period), {})) for one in whose]
        scored = scoring.score(edition, inputs)
        cards |= {(card.member, period): card for card in scored}
        cohort[period] = scoring.cohort(edition, scored)
    return cards, cohort


def _owing(edition: Edition, facts: Mapping[str, list[Saying]], on: date) -> Iterator[Who]:
    returns = {d.code for d in edition.obligations if isinstance(d, ReturnObligation)}
    if not returns:
        return
    for member, change in _changes(edition, facts, recorded_on=on):
        duty, _, period = change.key.partition(":")
        if change.kind == Kind.OBLIGATION and duty in returns and change.on <= on:
            yield member, period


def _published(card: Card) -> ScorePublished:
    return ScorePublished(
        edition=card.edition,
        numbers={line.node: line.published for line in card.lines if line.published is not None},
        labels={line.node: line.label for line in card.lines if line.label is not None},
        grounds=card.fired,
    )


def hits(
    edition: Edition, facts: Mapping[str, list[Saying]], *, recorded_on: date
) -> Iterator[tuple[str, str, str]]:
    """Yield rule, what it is about and member for each hit that follows from imported facts."""
    for member, change in _changes(edition, facts, recorded_on=recorded_on):
        if change.kind == Kind.BREACH:
            rule, _, about = change.key.partition(":")
            yield rule, about, member


def hits_on_labels(
    edition: Edition, labels: Iterable[tuple[str, str, str, str]], *, on: date
) -> Iterator[tuple[str, str, str]]:
    """Yield the hits on labels as they are given: member, period, node and label."""
    first, facts = edition.classes[0], {}
    admitted = MemberAdmitted(first.code, first.chambers[0])
    for member, period, node, label in labels:
        stated = facts.setdefault(member, [(admitted, "", edition.in_force_from)])
        stated.append((ScorePublished(edition.code, {}, {node: label}), period, on))
    yield from hits(edition, facts, recorded_on=on)


def _changes(
    edition: Edition, facts: Mapping[str, list[Saying]], *, recorded_on: date
) -> Iterator[tuple[str, Change]]:
    moment = datetime(recorded_on.year, recorded_on.month, recorded_on.day, tzinfo=UTC)
    for member, said in facts.items():
        stated = [
            Fact(id=place, what=what, key=key, about_on=on, recorded_at=moment, imported=True)
            for place, (what, key, on) in enumerate(said, start=1)
        ]
        for change in timeline([edition], [], stated, known_at=LONG_AFTER):
            yield member, change
