"""Hits on what people recorded: judgements, and findings that stay open."""

from __future__ import annotations

from collections.abc import Iterator

from rulebooks.rules.breaches import BreachRule
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact, FindingClosed, FindingRecorded, JudgementRecorded
from rulebooks.rules.terms import add_days, after
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.hits.hit import Cured, Hit


def judged(history: History, edition: Edition, rule: BreachRule) -> Iterator[Hit]:
    """Yield a hit for each matter judged as the rule says, until it is judged otherwise."""
    matters: dict[str, list[Fact]] = {}
    for fact in history.facts(JudgementRecorded):
        matters.setdefault(fact.key, []).append(fact)
    for key, said in matters.items():
        judgement, _, about = key.partition(":")
        first = next((f for f in said if f.what.outcome in rule.detector.outcomes), None)
        if judgement != rule.detector.judgement or first is None:
            continue
        if history.edition_on(first.about_on) is not edition:
            continue
        later = said[said.index(first) :]
        other = next((f for f in later if f.what.outcome not in rule.detector.outcomes), None)
        yield Hit(
            rule=rule,
            edition=edition,
            about=about or key,
            on=first.about_on,
            due_on=first.what.due_on or first.about_on,
            quiet=first.imported,
            because=f"judged: {first.what.outcome}",
            facts=(first.id,),
            cured=_ended(other),
        )


def left_open(history: History, edition: Edition, rule: BreachRule) -> Iterator[Hit]:
    """Yield a hit for each finding of the rule's severities that is open past its time."""
    for found in history.facts(FindingRecorded):
        if found.what.severity not in rule.detector.severities:
            continue
        if history.edition_on(found.about_on) is not edition:
            continue
        last = after(found.about_on, rule.detector.within, holidays=edition.closed_days)
        closed = history.first(FindingClosed, found.key)
        if closed is not None and closed.about_on <= last:
            continue
        yield Hit(
            rule=rule,
            edition=edition,
            about=found.key,
            on=add_days(last, 1),
            due_on=last,
            quiet=found.imported,
            because=f"{found.about_on} + {rule.detector.within} = {last}",
            facts=(found.id,),
            cured=_ended(closed),
        )


def _ended(fact: Fact | None) -> Cured | None:
    return fact and Cured(fact.about_on, fact.what.kind, (fact.id,))
