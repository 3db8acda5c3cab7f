"""When a failure was made good, as the step that followed from it asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rulebooks.rules.facts import DisclosurePublished, Fact, ReturnFiled, ScorePublished
from rulebooks.rules.ladder import Cure
from rulebooks.rules.timeline.history import Cycle, History
from rulebooks.rules.timeline.hits import Cured, Hit


def cured(
    history: History, asks: Cure, failures: Sequence[Hit], found: Sequence[Hit]
) -> Cured | None:
    """Return when ``failures``, the triggering one last, were made good, None if they were not."""
    if asks == "decision" or not failures:
        return None
    if asks == "triggering_failure":
        return failures[-1].cured
    if asks == "every_failure":
        days = [hit.cured for hit in failures]
        return None if None in days else max(days, key=lambda cured: cured.on)
    return next_complied(history, failures[-1], found)


def next_complied(history: History, failure: Hit, found: Sequence[Hit]) -> Cured | None:
    """Return when the member first complied for a later period than that of a failure."""
    at = next((c.place for c in history.cycles if c.period.code == failure.about), None)
    missed = {hit.about for hit in found if hit.rule.code == failure.rule.code}
    for cycle in history.cycles:
        later = at is not None and cycle.place > at
        if later and cycle.period.code not in missed:
            done = complied(history, cycle)
            if done is not None:
                return done
    return None


def complied(history: History, cycle: Cycle) -> Cured | None:
    """Return when the member did what it owed for a period, None when nothing shows that."""
    key = cycle.period.code
    kinds = (ReturnFiled, DisclosurePublished, ScorePublished)
    facts: list[Fact] = [f for f in (history.first(kind, key) for kind in kinds) if f]
    if not facts:
        return None
    first = min(facts, key=lambda fact: (fact.about_on, fact.id))
    return Cured(first.about_on, first.what.kind, (first.id,))


def over_on(history: History, cycle: Cycle) -> date:
    """Return the day on which a period in order ends a run: when it was met, or had passed."""
    done = complied(history, cycle)
    return done.on if done else cycle.period.late_until
