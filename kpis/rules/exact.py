"""One member in fractions: what each word means, and the way of nodes too large for columns.

Columns are held to it byte for byte. Whether a node goes this way is decided by its bound alone,
never by how many members there are; why a formula has no number is asked here too.
"""

from __future__ import annotations

from fractions import Fraction

from kpis.rules.cards import Line
from kpis.rules.inputs import MemberInputs
from rulebooks.rules.aggregation import Row, Word
from rulebooks.rules.answers import MISSING, SILENT, Answer
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.rows import Held
from rulebooks.rules.tree import Tree


def lines(tree: Tree, one: MemberInputs) -> dict[str, Line]:
    """Return the line of each node for one member, in the order of the tree."""
    return complete(tree, one)[0]


def complete(tree: Tree, one: MemberInputs) -> tuple[dict[str, Line], Row]:
    """Return the lines of one member, and what is known of it after every node is computed."""
    row = known(tree, one)
    made: dict[str, Line] = {}
    for code, node in tree.nodes.items():
        made[code] = _label(node, row) if node.labelled else _number(node, row)
    return made, row


def known(tree: Tree, one: MemberInputs) -> Row:
    """Return what is known of a member before any node is computed: its answers' numbers."""
    given = one.answers
    answers = {c: kpi.counted(given.get(c, MISSING)) for c, kpi in tree.kpis.items()}
    levels = one.levels(tree.assurance)
    return Row(
        kpis=tree.kpis,
        better=tree.better,
        answers=answers,
        numbers={
            code: number(tree, kpi, answers[code], levels.get(code, 0))
            for code, kpi in tree.kpis.items()
        },
        published={},
        labels={},
        held={
            code: Held.NOT_SCORED
            if kpi.policy == "not_scored" and answers[code].state in SILENT
            else None
            for code, kpi in tree.kpis.items()
        },
        attributes=one.attributes,
        levels=levels,
        assurance=tree.assurance,
        under=tree.under,
        most=tree.most,
    )


def number(tree: Tree, kpi: Kpi, answer: Answer, level: int) -> Fraction | None:
    """Return the number that an answer to a KPI gives to the nodes that read it."""
    own = kpi.exact(answer)
    return own if tree.assurance is None else tree.assurance.exact(kpi.code, own, level)


def _label(node: Word, row: Row) -> Line:
    row.labels[node.code] = label = node.exact(row)
    return Line(node.code, label=label)


def _number(node: Word, row: Row) -> Line:
    code, held = node.code, node.held(row)
    outcome = node.exact(row) if held is None else None
    row.held[code], row.numbers[code] = held, outcome
    said = held.value if held is Held.NOT_ENOUGH_DATA else None
    if outcome is None:
        row.published[code] = None
        return Line(code, outcome=said)
    shown = None if node.rounding == "none" else node.rounding.exact(outcome)
    row.published[code] = outcome if shown is None else Fraction(shown)
    return Line(code, outcome.numerator, outcome.denominator, shown)
