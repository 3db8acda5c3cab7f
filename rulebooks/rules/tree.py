"""The scoring tree worked out: which way is better at each node, and what fits into columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from rulebooks.rules.aggregation import Bounds, Word
from rulebooks.rules.assurance import Assurance
from rulebooks.rules.attributes import Attribute
from rulebooks.rules.conditions import BaseCondition
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.quotients import LIMIT, TOO_LARGE, Bound
from rulebooks.rules.rows import Asked, Known
from rulebooks.rules.scales import Direction


@dataclass(frozen=True)
class Tree:
    """KPIs and nodes by code, nodes in the order in which they are computed.

    ``better`` holds the direction of each KPI's and node's numbers, ``bounds`` how large they can
    become, ``most`` the most that they can come to, ``under`` the KPIs that a node rests on with
    the weight of each when all apply, ``below`` those and the ones it asks. ``fitting`` holds the
    KPIs and nodes whose columns are proven to fit into Int128; any other is computed row by row,
    in fractions.
    """

    kpis: Mapping[str, Kpi]
    nodes: Mapping[str, Word]
    attributes: Mapping[str, Attribute]
    assurance: Assurance | None
    better: dict[str, Direction] = field(default_factory=dict)
    bounds: dict[str, Bound] = field(default_factory=dict)
    published: dict[str, Bound] = field(default_factory=dict)
    most: dict[str, Fraction | None] = field(default_factory=dict)
    under: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    below: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fitting: set[str] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        kpis: Iterable[Kpi],
        nodes: Iterable[Word],
        *,
        attributes: Iterable[Attribute] = (),
        assurance: Assurance | None = None,
    ) -> Tree:
        """Return the tree of ``kpis`` and ``nodes``, each of which reads only what is before it."""
        tree = cls(
            {kpi.code: kpi for kpi in kpis},
            {node.code: node for node in nodes},
            {attribute.code: attribute for attribute in attributes},
            assurance,
        )
        for kpi in tree.kpis.values():
            tree._add_kpi(kpi)
        for node in tree.nodes.values():
            tree._add_node(node)
        return tree

    @property
    def columnar(self) -> frozenset[str]:
        """Return the nodes that are computed in columns."""
        return frozenset(self.fitting & self.nodes.keys())

    @property
    def known(self) -> Known:
        """Return all that a condition on the whole tree may ask."""
        return Known(self.kpis, self.better, self.nodes, self.attributes, self.assurance, self.most)

    def kpis_under(self, code: str) -> tuple[str, ...]:
        """Return the KPIs that a node rests on, directly or through other nodes, in order."""
        return (code,) if code in self.kpis else self.below[code]

    def fits(self, condition: BaseCondition) -> bool:
        """Return whether a condition on the whole tree can be asked in columns."""
        bounds = Bounds(self.kpis, self.bounds, self.published, self.under, self.most)
        asked = inputs(condition.asks())
        return self.fitting.issuperset(asked) and condition.peak(bounds) <= LIMIT

    def _add_kpi(self, kpi: Kpi) -> None:
        code, bound = kpi.code, kpi.bound()
        if self.assurance is not None:
            bound = self.assurance.bound(code, bound)
        self.better[code], self.bounds[code], self.most[code] = kpi.better, bound, kpi.most()
        if bound.fits:
            self.fitting.add(code)

    def _add_node(self, node: Word) -> None:
        code = node.code
        self.better[code] = node.better(frozenset(self.better[child] for child in node.reads()))
        self.most[code] = node.most(self.most)
        inner = [*node.reads(), *inputs(node.asks())]
        kpis = (kpi for one in inner for kpi in self.kpis_under(one))
        self.below[code] = tuple(dict.fromkeys(kpis))
        self.under[code] = self._weights(node)
        known = Bounds(self.kpis, self.bounds, self.published, self.under, self.most)
        bound = shown = node.bound(known)
        if node.rounding != "none":
            shown = node.rounding.published_bound(bound)
        self.bounds[code] = bound if bound.fits else TOO_LARGE  # or it grows from node to node
        self.published[code] = shown if shown.fits else TOO_LARGE
        if bound.fits and shown.fits and self.fitting.issuperset(_below(node)):
            self.fitting.add(code)

    def _weights(self, node: Word) -> dict[str, Fraction]:
        """Return the KPIs that ``node`` rests on, each with its part when all of them apply."""
        asked = inputs(node.asks())
        shares = node.shares() or dict.fromkeys(asked, Fraction(1, len(asked) or 1))
        found: dict[str, Fraction] = {}
        for code, share in shares.items():
            below = {code: Fraction(1)} if code in self.kpis else self.under[code]
            for kpi, weight in below.items():
                found[kpi] = found.get(kpi, Fraction(0)) + share * weight
        return found


def inputs(asked: Iterable[Asked]) -> tuple[str, ...]:
    """Return the KPIs and nodes among what is asked, in order."""
    return tuple(dict.fromkeys(one.code for one in asked if one.about != "member"))


def _below(node: Word) -> tuple[str, ...]:
    return (*node.reads(), *inputs(node.asks()))
