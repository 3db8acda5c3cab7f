"""Stored answers, scored under the draft."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kpis.rules import scoring, stored
from kpis.rules.scoring import Card, MemberInputs
from rulebooks.rules.answers import Answer, State
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact, ScorePublished
from suspensions.rules.simulation.alternative import Alternative

NEVER_ASKED = Answer(State.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Scored:
    """What a member was published with in a period: its inputs, and the card they gave."""

    period: str
    inputs: MemberInputs
    card: Card


@dataclass(frozen=True)
class Rescored:
    """The cards under the draft, by member and period, and what could not be carried over.

    ``unknowable`` are the KPIs of the draft that nobody was asked before, with the periods of which
    that is true; ``unfit`` counts the answers that are not on the scale the draft gives them.
    """

    cards: Mapping[tuple[str, str], Card]
    unknowable: Mapping[str, frozenset[str]]
    unfit: Mapping[str, int]


def rescore(alternative: Alternative, published: Iterable[tuple[str, Scored]]) -> Rescored:
    """Return the cards under the draft of what members were published with.

    A KPI is the same when the draft says so, whatever its code. What nobody was asked is left out
    of the arithmetic, whatever the draft makes of a missing answer: it cannot be known.
    """
    cards: dict[tuple[str, str], Card] = {}
    unknowable: dict[str, set[str]] = defaultdict(set)
    unfit: Counter[str] = Counter()
    for (period, edition), found in _together(published).items():
        goes_on = alternative.successors(edition, "kpi")
        sheets = [_sheet(alternative.draft, member, one, goes_on) for member, one in found]
        unfit.update(kpi for sheet in sheets for kpi in sheet.problems)
        for kpi in _never_asked(alternative.draft, goes_on):
            unknowable[kpi].add(period)
        for card in scoring.score(alternative.draft, [sheet.inputs for sheet in sheets]):
            cards[card.member, period] = card
    return Rescored(cards, {kpi: frozenset(periods) for kpi, periods in unknowable.items()}, unfit)


def _together(
    published: Iterable[tuple[str, Scored]],
) -> dict[tuple[str, str], list[tuple[str, Scored]]]:
    found: dict[tuple[str, str], list[tuple[str, Scored]]] = defaultdict(list)
    for member, one in published:
        found[one.period, one.card.edition].append((member, one))
    return found


def _sheet(draft: Edition, member: str, one: Scored, goes_on: Mapping[str, str]) -> stored.Scorable:
    return stored.scorable(draft.tree.kpis, carried(one.inputs, draft, goes_on, member))


def carried(
    inputs: MemberInputs, draft: Edition, goes_on: Mapping[str, str], member: str
) -> MemberInputs:
    """Return inputs as inputs under the draft: what it asks of them, as far as it was known."""
    answers = {kpi: NEVER_ASKED for kpi in _never_asked(draft, goes_on)}
    answers |= {goes_on[kpi]: one for kpi, one in inputs.answers.items() if kpi in goes_on}
    tree = draft.tree
    levels = tree.assurance.codes() if tree.assurance else ()
    return MemberInputs(
        member,
        answers,
        attributes={
            code: value
            for code, value in inputs.attributes.items()
            if code in tree.attributes and not tree.attributes[code].problem(value)
        },
        assurance={
            goes_on[kpi]: level
            for kpi, level in inputs.assurance.items()
            if kpi in goes_on and level in levels
        },
    )


def _never_asked(draft: Edition, goes_on: Mapping[str, str]) -> list[str]:
    known = set(goes_on.values())
    return [kpi.code for kpi in draft.kpis if kpi.code not in known]


def with_scores(
    facts: Iterable[Fact], cards: Mapping[tuple[str, str], Card], member: str
) -> list[Fact]:
    """Return facts with the published scores replaced by those under the draft."""
    return [
        replace(fact, what=published(cards[member, fact.key]))
        if isinstance(fact.what, ScorePublished) and (member, fact.key) in cards
        else fact
        for fact in facts
    ]


def published(card: Card) -> ScorePublished:
    """Return the fact that publishing a card would state."""
    return ScorePublished(
        edition=card.edition,
        numbers={line.node: line.published for line in card.lines if line.published is not None},
        labels={line.node: line.label for line in card.lines if line.label is not None},
        grounds=card.fired,
    )
