"""Score members under an edition: exact, and the same bytes for any order, thread or shard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kpis.rules import columns, exact
from kpis.rules.cards import Card, Ground, KnockOut, Line, Remark
from kpis.rules.grounds import card, rules
from kpis.rules.inputs import MemberInputs, NotAnAnswer, check, fingerprint, frame
from kpis.rules.redacting import redact
from kpis.rules.remarks import remarks
from kpis.rules.traces import TraceLine, trace
from rulebooks.rules.answers import MISSING, SILENT, Answer, State
from rulebooks.rules.cohort import Place
from rulebooks.rules.edition import Edition

__all__ = [
    "Answer",
    "Card",
    "Ground",
    "KnockOut",
    "Line",
    "MemberInputs",
    "NotAnAnswer",
    "Remark",
    "State",
    "TraceLine",
    "cohort",
    "fingerprint",
    "redact",
    "score",
    "trace",
]


def score(edition: Edition, inputs: Sequence[MemberInputs]) -> list[Card]:
    """Return the card of each member, in the order given.

    Nodes whose bound is proven are computed in columns, for one member as for many; the others in
    fractions, row by row. The digits are the same: each word is held to that.

    :raises NotAnAnswer: an answer is not on its scale; then nobody is scored.
    """
    tree = edition.tree
    check(tree, inputs)
    wanted = rules(edition)
    whens = {code: rule.when for code, rule in wanted.items()}
    found, fired = columns.scored(tree, frame(tree, inputs), whens)
    if len(found) < len(tree.nodes) or len(fired) < len(wanted):
        by_member = [exact.complete(tree, one) for one in inputs]
        for code in tree.nodes.keys() - found.keys():
            found[code] = [lines[code] for lines, _ in by_member]
        for code in wanted.keys() - fired.keys():
            fired[code] = [whens[code].exact(row) for _, row in by_member]
    return [
        card(
            edition,
            one.member,
            lines,
            unanswered=unanswered,
            grounds=tuple(rule.ground for code, rule in wanted.items() if fired[code][place]),
            remarks=tuple(remarks(tree, one, lines)),
        )
        for place, (one, unanswered) in enumerate(
            zip(inputs, _knock_outs(edition, inputs), strict=True)
        )
        for lines in [tuple(found[code][place] for code in tree.nodes)]
    ]


def cohort(edition: Edition, cards: Iterable[Card]) -> dict[str, dict[str, Place]]:
    """Return what each word of the edition's cohort gives each member: a place, or None.

    A second pass over the cards of a whole run; nothing that has consequences reads it.
    """
    held = tuple(cards)
    return {
        word.code: word.exact({card.member: card.line(word.of).number for card in held})
        for word in edition.cohort
    }


def _knock_outs(edition: Edition, inputs: Iterable[MemberInputs]) -> Iterator[tuple[KnockOut, ...]]:
    """Yield, for each member, every KPI that may not be left unanswered and was."""
    strict = [kpi for kpi in edition.kpis if kpi.policy == "knock_out"]
    for one in inputs:
        counted = ((k.code, k.counted(one.answers.get(k.code, MISSING)).state) for k in strict)
        yield tuple(KnockOut(code, state.value) for code, state in counted if state in SILENT)
