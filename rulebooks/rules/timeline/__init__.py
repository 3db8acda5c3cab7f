"""State as a pure function of editions and facts.

``timeline`` answers every question about a member's past, present and, if nothing more happens,
future: standing, rights, obligations, clocks, breaches. The daily run, the explanation of a
status, a replay and a simulation all read this one function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact, known
from rulebooks.rules.timeline import inheritance
from rulebooks.rules.timeline.cases import case_changes
from rulebooks.rules.timeline.changes import Change, Kind, Span, as_spans, by_thing, in_order
from rulebooks.rules.timeline.climbing import step_changes
from rulebooks.rules.timeline.commitments import commitment_changes
from rulebooks.rules.timeline.conditions import condition_changes
from rulebooks.rules.timeline.duties import obligation_changes
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.hits import breach_changes, hits
from rulebooks.rules.timeline.measures import measures
from rulebooks.rules.timeline.standing import standing_changes

__all__ = ["Change", "Kind", "Span", "as_spans", "derived_spans", "spans", "state_on", "timeline"]


def timeline(
    editions: Sequence[Edition],
    initiative_facts: Iterable[Fact],
    member_facts: Iterable[Fact],
    *,
    known_at: datetime,
    predecessors: Mapping[str, Iterable[Fact]] | None = None,
) -> tuple[Change, ...]:
    """Return all that changes for one member, in the order of days.

    ``editions`` are the adopted ones, in any order. Only what was recorded by ``known_at``
    counts. The last changes may lie in the future: they come to pass if nothing more happens.
    ``predecessors`` are the facts of members that became part of this one, by code.
    """
    return in_order(_changes(editions, initiative_facts, member_facts, known_at, predecessors))


def derived_spans(
    editions: Sequence[Edition],
    initiative_facts: Iterable[Fact],
    member_facts: Iterable[Fact],
    *,
    known_at: datetime,
    predecessors: Mapping[str, Iterable[Fact]] | None = None,
) -> tuple[Span, ...]:
    """Return the same as ``spans(timeline(…))``, sooner: days are not put in order between."""
    changes = _changes(editions, initiative_facts, member_facts, known_at, predecessors)
    return as_spans(by_thing(changes))


def _changes(
    editions: Sequence[Edition],
    initiative_facts: Iterable[Fact],
    member_facts: Iterable[Fact],
    known_at: datetime,
    predecessors: Mapping[str, Iterable[Fact]] | None,
) -> Sequence[Change]:
    """Return all that changes for one member, in no order: the last word of a day counts."""
    about_all, own = known(initiative_facts, at=known_at), known(member_facts, at=known_at)
    before = {code: known(said, at=known_at) for code, said in (predecessors or {}).items()}
    taken_over = inheritance.signatures(own, before)
    history = History.of(editions, about_all, [*own, *taken_over])
    if history.admitted is None:
        return commitment_changes(history)
    duties = obligation_changes(history)
    found = hits(history, duties)
    holding, rungs = measures(history, found)
    inherited = inheritance.measures_against_others(editions, about_all, own, before)
    return [
        *duties,
        *commitment_changes(history),
        *condition_changes(history),
        *breach_changes(history, duties, found),
        *step_changes(rungs),
        *case_changes(history, found),
        *standing_changes(history, [*holding, *inherited]),
    ]


def spans(changes: Iterable[Change]) -> tuple[Span, ...]:
    """Return the same as spans: each state with its first day and the first day after it."""
    return as_spans(changes)


def state_on(changes: Sequence[Change], kind: Kind, key: str, *, on: date) -> Change | None:
    """Return the change that explains the state of one thing on a day, None before the first."""
    so_far = [c for c in changes if c.kind == kind and c.key == key and c.on <= on]
    return so_far[-1] if so_far else None
