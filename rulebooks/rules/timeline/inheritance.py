"""What a member takes over from those that became part of it: signatures, and measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact, MemberAbsorbed, RequirementSigned
from rulebooks.rules.timeline.duties import obligation_changes
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.hits import hits
from rulebooks.rules.timeline.measures import Force, Measure, measures

Predecessors = Mapping[str, Sequence[Fact]]  # known facts, by the member's code


def signatures(own: Iterable[Fact], predecessors: Predecessors) -> list[Fact]:
    """Return the signatures of others that count for the member, from the day they merged."""
    return [
        replace(fact, about_on=max(fact.about_on, absorbed.about_on))
        for absorbed in _absorbed(own, "signatures")
        for fact in predecessors.get(absorbed.key, ())
        if isinstance(fact.what, RequirementSigned)
    ]


def measures_against_others(
    editions: Sequence[Edition],
    initiative: Sequence[Fact],
    own: Iterable[Fact],
    predecessors: Predecessors,
) -> list[Measure]:
    """Return the measures against others that hold against the member, from the day they merged.

    Their cases stay theirs: each act in one is recorded there.
    """
    found: list[Measure] = []
    for absorbed in _absorbed(own, "cases"):
        history = History.of(editions, initiative, predecessors.get(absorbed.key, ()))
        if history.admitted is None:
            continue
        holding, _ = measures(history, hits(history, obligation_changes(history)))
        found += _from(holding, absorbed.about_on)
    return found


def _from(holding: Iterable[Measure], day: date) -> Iterator[Measure]:
    for measure in holding:
        periods = tuple(
            Force(max(force.begin, day), force.over)
            for force in measure.periods
            if force.end is None or force.end > day
        )
        if periods:
            yield replace(measure, periods=periods)


def _absorbed(own: Iterable[Fact], what: str) -> list[Fact]:
    return [
        fact
        for fact in own
        if isinstance(fact.what, MemberAbsorbed) and getattr(fact.what, what) == "follow"
    ]
