"""Conditions on which a member was admitted: open, overdue, met in time or late, unmet.

``key`` is ``condition:code``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rulebooks.rules.facts import ConditionSet, ConditionSettled, Fact
from rulebooks.rules.terms import add_days
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.history import History


def condition_changes(history: History) -> list[Change]:
    """Return the course of each condition of admission, from its decision until it is settled."""
    return [c for fact in history.facts(ConditionSet) for c in _course(history, fact)]


def _course(history: History, made: Fact) -> Iterator[Change]:
    edition = history.edition_on(made.about_on)
    due = made.what.due_on
    settled = history.last(ConditionSettled, made.key)

    def change(fact: Fact, state: str, on: date, because: str = "") -> Change:
        return Change(
            on=on,
            kind=Kind.OBLIGATION,
            key=f"condition:{made.key}",
            state=state,
            ground=fact.what.kind,
            clause=made.what.clause,
            edition=edition.code if edition else "",
            because=because,
            facts=(fact.id,),
            due_on=due,
        )

    yield change(made, "open", made.about_on, f"due on {due}")
    if settled is None or settled.about_on > due:
        yield change(made, "overdue", add_days(due, 1), f"due on {due}")
    if settled is not None:
        met = "met_late" if settled.about_on > due else "met"
        state = met if settled.what.outcome == "met" else "missed"
        yield change(settled, state, settled.about_on)
