"""Remarks: what became of an answer before it was scored, and why a formula has no number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpis.rules import exact
from kpis.rules.cards import Line, Remark
from kpis.rules.inputs import MemberInputs
from rulebooks.rules.answers import MISSING
from rulebooks.rules.tree import Tree


def remarks(tree: Tree, one: MemberInputs, lines: Sequence[Line]) -> Iterator[Remark]:
    """Yield what there is to say of the answers of one member and of its ``lines``, in order."""
    for code, kpi in tree.kpis.items():
        answer = one.answers.get(code, MISSING)
        counted = kpi.counted(answer) if kpi.reads_more else answer
        if counted.read_with.remark:
            yield Remark(code, counted.read_with.remark)
    without = {line.node for line in lines if line.numerator is None}
    silent = [node for code, node in tree.nodes.items() if node.calculated and code in without]
    if silent:
        _, row = exact.complete(tree, one)
        for node in silent:
            if why := node.why_none(row):
                yield Remark(node.code, why)
