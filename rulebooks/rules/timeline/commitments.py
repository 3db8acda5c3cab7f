"""Commitments with a day of their own: open, overdue, met, removed.

``key`` is ``commitment:code``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rulebooks.rules.facts import (
    CommitmentExtended,
    CommitmentMade,
    CommitmentMet,
    CommitmentRemoved,
    Fact,
)
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.deeds import commitments_covered
from rulebooks.rules.timeline.history import History


def commitment_changes(history: History) -> list[Change]:
    """Return the course of what the member committed itself to, unless an obligation says when."""
    made = history.facts(CommitmentMade)
    if not made:
        return []
    covered = commitments_covered(history)
    return [c for fact in made if fact.key not in covered for c in _course(history, fact)]


def _course(history: History, made: Fact) -> Iterator[Change]:
    edition = history.edition_on(made.about_on)
    extended = history.last(CommitmentExtended, made.key)
    due_fact = extended or made
    due = due_fact.what.due_on
    met = history.first(CommitmentMet, made.key)
    removed = history.first(CommitmentRemoved, made.key)
    end = met or removed

    def change(fact: Fact, state: str, because: str = "", on: date = made.about_on) -> Change:
        return Change(
            on=on,
            kind=Kind.OBLIGATION,
            key=f"commitment:{made.key}",
            state=state,
            ground=fact.what.kind,
            clause="",
            edition=edition.code if edition else "",
            because=because,
            facts=(fact.id,),
            falls_due=due,
        )

    yield change(made, "open")
    if due is not None and (end is None or end.about_on > due) and due >= made.about_on:
        yield change(due_fact, "overdue", f"due on {due}", add_days(due, 1))
    if end is not None:
        yield change(end, "met" if met else "removed", on=end.about_on)
