"""Score members under an edition: exact, and the same bytes for any order, thread or shard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kpis.rules import columns, exact
from kpis.rules.cards import Card, KnockOut, Line
from kpis.rules.inputs import MemberInputs, NotAnAnswer, check, fingerprint, frame
from kpis.rules.traces import TraceLine, redact, trace
from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import SILENT

__all__ = [
    "Answer",
    "Card",
    "KnockOut",
    "Line",
    "MemberInputs",
    "NotAnAnswer",
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

    Nodes whose bound is proven are computed for all members at once, the others in fractions,
    row by row; the digits are the same.

    :raises NotAnAnswer: an answer is not on its scale; then nobody is scored.
    """
    tree = edition.tree
    check(tree.kpis, inputs)
    found = columns.lines(tree, frame(tree.kpis.values(), inputs))
    if missing := [code for code in tree.nodes if code not in found]:
        by_member = [exact.lines(tree, one.answers) for one in inputs]
        found |= {code: [lines[code] for lines in by_member] for code in missing}
    in_order = [found[code] for code in tree.nodes]
    rows = zip(*in_order, strict=True) if in_order else [()] * len(inputs)
    return [
        _card(edition, one.member, row, grounds)
        for one, row, grounds in zip(inputs, rows, _knock_outs(edition, inputs), strict=True)
    ]


def cohort(edition: Edition, cards: Iterable[Card]) -> dict[str, dict[str, int | None]]:
    """Return what each word of the edition's cohort gives each member: a rank, or None.

    A second pass over the cards of a whole run; nothing that has consequences reads it.
    """
    held = tuple(cards)
    return {
        word.code: word.exact({card.member: card.line(word.of).number for card in held})
        for word in edition.cohort
    }


def _card(
    edition: Edition, member: str, lines: tuple[Line, ...], grounds: tuple[KnockOut, ...]
) -> Card:
    by_node = {line.node: line for line in lines}
    scoring, bands, band = edition.scoring, edition.bands, None
    if bands is not None:
        band = bands.band(by_node[bands.of].published, knocked_out=bool(grounds))
    return Card(
        edition=edition.code,
        member=member,
        lines=lines,
        knock_outs=grounds,
        total=by_node[scoring.total].published if scoring.total else None,
        verdict=by_node[scoring.verdict].label if scoring.verdict else None,
        band=band and band.code,
        status=band and band.status,
    )


def _knock_outs(edition: Edition, inputs: Iterable[MemberInputs]) -> Iterator[tuple[KnockOut, ...]]:
    """Yield, for each member, every KPI that may not be left unanswered and was."""
    strict = [kpi.code for kpi in edition.kpis if kpi.policy == "knock_out"]
    for one in inputs:
        states = ((code, one.answers.get(code, MISSING).state) for code in strict)
        yield tuple(KnockOut(code, state.value) for code, state in states if state in SILENT)
