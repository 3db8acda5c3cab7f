"""Traces for a reader: what of them the confidentiality classes of KPIs leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from kpis.rules.traces import TraceLine

SEEN_BY = {
    "aggregate": "shown in aggregates only",
    "secretariat_and_auditor": "seen by secretariat and auditor",
    "counsel": "seen by counsel",
}


def redact(lines: Sequence[TraceLine], allowed: Collection[str]) -> list[TraceLine]:
    """Return ``lines`` for a reader who may see KPIs of the ``allowed`` confidentiality classes.

    A line that shows another KPI stays as a mark, without state and number: nothing is left out
    in silence. A node that rests on one, directly or through other nodes, keeps its published
    number and loses the exact one, there and where it is read: a fraction would give the answer
    away. What a published number tells of a single hidden answer below it, the edition decided
    when it published that node.
    """
    exact_withheld: set[str | None] = set()
    shown: list[TraceLine] = []
    for line in lines:
        hidden = line.confidentiality is not None and line.confidentiality not in allowed
        below = line.kind == "input" and line.code in exact_withheld
        if line.kind == "input" and (hidden or below):
            exact_withheld.add(line.node)
        if hidden and line.kind in ("knock_out", "cap"):
            # Which KPI it is would tell that it is unanswered.
            blank = replace(line, code="", title="A ground that you may not see", clause=None)
            shown.append(_withheld(blank, SEEN_BY[line.confidentiality]))
        elif hidden:
            shown.append(_withheld(line, SEEN_BY[line.confidentiality]))
        elif below or (line.kind == "subtotal" and line.node in exact_withheld):
            shown.append(_withheld(line, "exact number withheld"))
        else:
            shown.append(line)
    return shown


def _withheld(line: TraceLine, says: str) -> TraceLine:
    return replace(line, kind="withheld", state=None, number=None, says=says)
