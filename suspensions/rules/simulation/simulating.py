"""``simulate``: a draft over stored facts and answers, member by member."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from kpis.rules.scoring import Card
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact, ScorePublished, known
from rulebooks.rules.timeline import timeline
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.cycles import Told
from suspensions.rules.simulation.alternative import Alternative, Days
from suspensions.rules.simulation.rescoring import Rescored, Scored, rescore, with_scores
from suspensions.rules.simulation.shifts import (
    ASPECTS,
    Aspect,
    Shift,
    Way,
    of_cards,
    of_states,
    together,
)

EVERYTHING = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """One member as it is known: what it is, the facts about it, what it was published with.

    ``group`` is the corporate group behind it, or the member itself.
    """

    code: str
    member_class: str
    size: str
    chamber: str
    group: str
    facts: tuple[Fact, ...]
    scored: tuple[Scored, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would be otherwise for one member; nothing, when ``shifts`` is empty."""

    member: Known
    shifts: tuple[Shift, ...]
    not_scored: tuple[str, ...] = ()
    """Periods with a published score but without stored answers: the score was kept."""

    def way(self, aspect: Aspect) -> Way:
        """Return which way the member goes in one aspect."""
        return together(shift for shift in self.shifts if shift.aspect == aspect)


@dataclass(frozen=True, slots=True)
class Batch:
    """The outcomes of some members, and what could not be carried over for them."""

    outcomes: tuple[Outcome, ...]
    rescored: Rescored


def simulate(
    editions: Sequence[Edition],
    draft: Edition,
    initiative: Iterable[Fact],
    batches: Iterable[Sequence[Known]],
    days: Days,
    *,
    known_at: datetime = EVERYTHING,
) -> Iterator[Batch]:
    """Yield what would have been otherwise on some days, had the draft taken effect on the first.

    Members come in batches, and only one batch is held at a time. The order of batches, and which
    members are in one, does not matter.
    """
    in_order = tuple(sorted(editions, key=lambda e: (e.in_force_from, e.code)))
    about_all = known(initiative, at=known_at)
    alternative = Alternative(in_order, draft, days, Told.of(about_all))
    for members in batches:
        yield _batch(alternative, about_all, members, known_at)


def _batch(
    alternative: Alternative,
    initiative: Sequence[Fact],
    members: Sequence[Known],
    known_at: datetime,
) -> Batch:
    governed = {
        member.code: alternative.governed(known(member.facts, at=known_at), initiative)
        for member in members
    }
    published = (
        (member.code, one)
        for member in members
        for one in member.scored
        if one.period in governed[member.code]
    )
    rescored = rescore(alternative, published)
    outcomes = (
        _outcome(alternative, initiative, one, rescored, governed[one.code], known_at)
        for one in members
    )
    return Batch(tuple(outcomes), rescored)


def _outcome(
    alternative: Alternative,
    initiative: Sequence[Fact],
    member: Known,
    rescored: Rescored,
    governed: frozenset[str],
    known_at: datetime,
) -> Outcome:
    was = timeline(alternative.editions, initiative, member.facts, known_at=known_at)
    facts = with_scores(alternative.cases(member.facts), rescored.cards, member.code)
    editions = alternative.editions_of(facts)
    would_be = timeline(editions, initiative, facts, known_at=known_at)
    renamed = [_renamed(change, alternative.renamed) for change in would_be]
    published = {f.key: f.about_on for f in member.facts if isinstance(f.what, ScorePublished)}
    return Outcome(
        member,
        (
            *_scores(alternative, member, published, rescored.cards),
            *of_states(was, renamed, alternative.days),
        ),
        tuple(sorted((published.keys() & governed) - {one.period for one in member.scored})),
    )


def _renamed(change: Change, renamed: Mapping[str, str]) -> Change:
    """Return a change of an obligation under the code that it had before the draft."""
    code, _, about = change.key.partition(":")
    if change.kind != Kind.OBLIGATION or renamed.get(code, code) == code:
        return change
    return replace(change, key=f"{renamed[code]}:{about}")


def _scores(
    alternative: Alternative,
    member: Known,
    published: Mapping[str, date],
    cards: Mapping[tuple[str, str], Card],
) -> Iterator[Shift]:
    for one in member.scored:
        card, day = cards.get((member.code, one.period)), published.get(one.period)
        if card is not None and day is not None and day in alternative.days:
            yield from of_cards(one.card, card, alternative.draft, one.period, day)


__all__ = ["ASPECTS", "Aspect", "Batch", "Days", "Known", "Outcome", "Scored", "Way", "simulate"]
