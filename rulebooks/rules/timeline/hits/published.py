"""Hits on published scores: numbers, labels, and grounds beside the number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import ge, gt, le, lt

from rulebooks.rules.breaches import BelowBar, BreachRule, KnockedOut, Threshold
from rulebooks.rules.edition import Edition
from rulebooks.rules.facts import Fact, ReturnFiled, ScorePublished
from rulebooks.rules.obligations import ReturnObligation
from rulebooks.rules.schema import selects
from rulebooks.rules.timeline.history import Cycle, History
from rulebooks.rules.timeline.hits.hit import Hit

SIDES: dict[str, Callable] = {"below": lt, "at_most": le, "above": gt, "at_least": ge}


def scored(history: History, edition: Edition, rule: BreachRule) -> Iterator[Hit]:
    """Yield a hit for each period of ``edition`` whose published score the rule finds wanting."""
    scores = {fact.key: fact for fact in history.facts(ScorePublished)}  # the latest of each
    for cycle in history.cycles:
        score = scores.get(cycle.period.code)
        if cycle.edition.code != edition.code or score is None:
            continue
        if because := found_wanting(rule, score.what):
            yield Hit(
                rule=rule,
                edition=edition,
                about=cycle.period.code,
                on=score.about_on,
                due_on=cycle.period.due_on,
                quiet=_is_quiet(history, cycle, score),
                because=because,
                facts=(score.id,),
            )


def found_wanting(rule: BreachRule, score: ScorePublished) -> str:
    """Return why the published score falls short of the rule, empty when it does not."""
    detector = rule.detector
    if isinstance(detector, BelowBar | Threshold):
        return _beside_the_bar(detector, score)
    if isinstance(detector, KnockedOut):
        fired = [g for g in score.grounds or () if selects(detector.grounds, g)]
        return f"knocked out by {', '.join(fired)}" if fired else ""
    label = score.labels.get(detector.node, "")
    fired = any(label.startswith(beginning) for beginning in detector.begins_with)
    return f"{detector.node} is {label}" if fired else ""


def _beside_the_bar(detector: BelowBar | Threshold, score: ScorePublished) -> str:
    number = score.numbers.get(detector.node)
    side = getattr(detector, "fires", "below")
    if number is None or not SIDES[side](number, detector.bar):
        return ""
    words = "" if side == "below" else f", {side.replace('_', ' ')} fires"
    return f"{detector.node} is {number}, the bar is {detector.bar}{words}"


def _is_quiet(history: History, cycle: Cycle, score: Fact) -> bool:
    """Whether a score can have no consequences: imported, or of a return not yet enforced."""
    filed = history.first(ReturnFiled, cycle.period.code)
    if score.imported or (filed is not None and filed.imported):
        return True
    return any(
        cycle.period.due_on < obligation.enforced_from
        for obligation in cycle.edition.obligations
        if isinstance(obligation, ReturnObligation) and selects(obligation.periods, cycle.period.of)
    )
