"""Hits on obligations that were not met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from rulebooks.rules.breaches import BreachRule
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import ExtensionGranted
from rulebooks.rules.terms import add_days, after
from rulebooks.rules.timeline.changes import Change, Kind
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.hits.hit import Cured, Hit

SETTLED = ("met", "met_late", "removed", "exempt")


def missed(
    history: History, edition: Edition, rule: BreachRule, duties: Sequence[Change]
) -> Iterator[Hit]:
    """Yield a hit for each obligation of the rule's kind that was missed under ``edition``."""
    obligation = edition.obligation(rule.detector.obligation)
    for about, course in courses(edition, rule, duties):
        fired = _fired(rule, course)
        if fired is None:
            continue
        on = _final_on(edition, rule, fired)
        settled = next((c for c in course if c.state in SETTLED and c.on >= fired.on), None)
        if settled is not None and settled.on < on:
            continue
        yield Hit(
            rule=rule,
            edition=edition,
            about=about,
            on=on,
            due_on=_was_due(course, fired),
            quiet=fired.due_on < obligation.enforced_from or _was_imported_later(history, fired),
            because=fired.because,
            facts=fired.facts,
            cured=settled and Cured(settled.on, settled.ground, settled.facts),
        )


def provisional_lists(edition: Edition, duties: Sequence[Change]) -> Iterator[Change]:
    """Yield who stands on a provisional list, from the day after the due day, and who is off it."""
    for rule in edition.breaches:
        detector = rule.detector
        if detector.kind != "missed_obligation" or not detector.provisional_list:
            continue
        for about, course in courses(edition, rule, duties):
            overdue = next((c for c in course if c.state == "overdue"), None)
            if overdue is None:
                continue
            yield _listed(rule, about, overdue, "provisional_list", overdue.on)
            settled = next((c for c in course if c.state in SETTLED), None)
            fired = _fired(rule, course)
            final_on = _final_on(edition, rule, fired) if fired else date.max
            if settled is not None and settled.on <= final_on:
                yield _listed(rule, about, settled, "closed", settled.on)


def courses(
    edition: Edition, rule: BreachRule, duties: Sequence[Change]
) -> Iterator[tuple[str, list[Change]]]:
    """Yield each thing owed under the obligation that a rule watches, with its course."""
    start = f"{rule.detector.obligation}:"
    found = [c for c in duties if c.edition == edition.code and c.key.startswith(start)]
    in_order = sorted(found, key=lambda c: (c.key, c.on))
    for key, course in groupby(in_order, key=lambda c: c.key):
        yield key.removeprefix(start), list(course)


def _fired(rule: BreachRule, course: list[Change]) -> Change | None:
    """Return the state that sets the rule off: missed, or overdue where lateness counts."""
    late = [c for c in course if c.state == "missed"]
    if rule.detector.fires == "due_passed":
        late = [c for c in course if c.state == "overdue"][:1] or late
    return late[-1] if late else None


def _was_due(course: list[Change], fired: Change) -> date:
    """Return the last day on which it was not late, as extensions and standstills had moved it."""
    late = [c for c in course if c.state == "overdue" and c.on <= fired.on]
    return add_days((late[-1] if late else fired).on, -1)


def _final_on(edition: Edition, rule: BreachRule, fired: Change) -> date:
    if rule.detector.grace is None:
        return fired.on
    last = after(add_days(fired.on, -1), rule.detector.grace, holidays=edition.closed_days)
    return add_days(last, 1)


def _was_imported_later(history: History, missed: Change) -> bool:
    """Whether the member came here by import after it missed something, or by an imported day."""
    admitted = history.admitted
    if admitted.imported and missed.on <= admitted.recorded_at.date():
        return True
    extension = history.last(ExtensionGranted, missed.key.partition(":")[2])
    return extension is not None and extension.imported and extension.id in missed.facts


def _listed(rule: BreachRule, about: str, by: Change, state: str, on: date) -> Change:
    return Change(
        on=on,
        kind=Kind.BREACH,
        key=f"{rule.code}:{about}",
        state=state,
        ground=by.ground,
        clause=rule.clause,
        edition=by.edition,
        because=by.because,
        facts=by.facts,
    )
