"""One member in fractions: the reference, and the way of nodes too large for columns."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.rules.cards import Line
from rulebooks.rules.aggregation import Row
from rulebooks.rules.answers import MISSING, Answer
from rulebooks.rules.indicators import SILENT
from rulebooks.rules.tree import Tree


def lines(tree: Tree, answers: Mapping[str, Answer]) -> dict[str, Line]:
    """Return the line of each node for one member, in the order of the tree."""
    given = {code: kpi.counted(answers.get(code, MISSING)) for code, kpi in tree.kpis.items()}
    numbers = {code: kpi.exact(given[code]) for code, kpi in tree.kpis.items()}
    row = Row(tree.kpis, tree.better, given, numbers)
    made: dict[str, Line] = {}
    for code, node in tree.nodes.items():
        outcome = node.exact(row)
        if node.labelled:
            made[code] = Line(code, label=outcome)
            continue
        if any(given[kpi].state in SILENT for kpi in tree.gates[code]):
            outcome = None
        numbers[code] = outcome
        if outcome is None:
            made[code] = Line(code)
            continue
        published = None if node.rounding == "none" else node.rounding.exact(outcome)
        made[code] = Line(code, outcome.numerator, outcome.denominator, published)
    return made
