"""Every rung that a member stands on, or may be put on, without a decision that began it."""

from __future__ import annotations

from collections.abc import Sequence

from rulebooks.rules.facts import BreachDismissed
from rulebooks.rules.timeline.climbing import Rung, climbed, counted, leading_to
from rulebooks.rules.timeline.first_steps import first_proposals
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.hits import Hit, of_rules


def by_themselves(history: History, found: Sequence[Hit]) -> list[Rung]:
    """Return the rungs that follow from days and counts alone, and those to be proposed.

    A first step that is a proposal and waits for nothing is proposed by the breach itself, so
    there is no rung of it before a decision.
    """
    dismissed = {fact.key for fact in history.facts(BreachDismissed)}
    undismissed = [hit for hit in found if hit.key not in dismissed]
    standing = [hit for hit in undismissed if not hit.quiet]
    rungs: list[Rung] = []
    for edition in history.editions:
        for ladder in edition.ladders:
            if ladder.counts:
                rules = [rule.code for rule in edition.breaches if ladder.leads_here(rule.code)]
                counting = undismissed if ladder.old_misses == "count" else standing
                own = of_rules(history, edition, rules, counting)
                rungs += counted(history, edition, ladder, own)
                continue
            own = leading_to(ladder, edition, standing)
            if ladder.waits:
                rungs += first_proposals(history, edition, ladder, own)
            elif ladder.step(ladder.start).by_itself:
                rungs += climbed(history, edition, ladder, own)
    return rungs
