"""The scoring tree worked out: which way is better at each node, and what fits into columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rulebooks.rules.aggregation import Bounds, Word
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.quotients import Bound
from rulebooks.rules.scales import Direction


@dataclass(frozen=True)
class Tree:
    """KPIs and nodes by code, nodes in the order in which they are computed.

    ``better`` holds the direction of each KPI's and node's numbers, ``bounds`` how large they can
    become, ``columnar`` the nodes whose columns are proven to fit into Int128; any other is
    computed row by row, in fractions. ``gates`` holds the KPIs that must be answered before a KPI
    or node has a number (``missing: not_scored``).
    """

    kpis: Mapping[str, Kpi]
    nodes: Mapping[str, Word]
    better: Mapping[str, Direction]
    bounds: Mapping[str, Bound]
    columnar: frozenset[str]
    gates: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, kpis: Iterable[Kpi], nodes: Iterable[Word]) -> Tree:
        """Return the tree of ``kpis`` and ``nodes``, each of which reads only what is before it."""
        known = {kpi.code: kpi for kpi in kpis}
        better = {code: kpi.better for code, kpi in known.items()}
        bounds = {code: kpi.bound() for code, kpi in known.items()}
        columnar = {code for code, bound in bounds.items() if bound.fits}
        gates = {c: (c,) if kpi.policy == "not_scored" else () for c, kpi in known.items()}
        in_order = {node.code: node for node in nodes}
        for code, node in in_order.items():
            better[code] = node.better(frozenset(better[child] for child in node.reads()))
            gates[code] = tuple(dict.fromkeys(kpi for c in node.reads() for kpi in gates[c]))
            bound = bounds[code] = node.bound(Bounds(known, bounds))
            fits = bound.fits and (node.rounding == "none" or node.rounding.bound(bound).fits)
            if fits and columnar.issuperset(node.reads()):
                columnar.add(code)
        return cls(known, in_order, better, bounds, frozenset(columnar & in_order.keys()), gates)

    def kpis_under(self, code: str) -> tuple[str, ...]:
        """Return the KPIs that a node rests on, directly or through other nodes, in order."""
        if code in self.kpis:
            return (code,)
        node = self.nodes[code]
        below = [kpi for child in node.reads() for kpi in self.kpis_under(child)]
        return tuple(dict.fromkeys([*below, *node.asks()]))
