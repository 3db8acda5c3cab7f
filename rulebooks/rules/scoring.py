"""How the answers of an edition become a score: the tree, and what stands beside it."""

from __future__ import annotations

from rulebooks.rules.aggregation import Node
from rulebooks.rules.contests import ContestWindow
from rulebooks.rules.outcomes import CapRule, KnockOutRule
from rulebooks.rules.schema import Code, Part


class Scoring(Part):
    """The scoring tree as a flat list: a node reads KPIs and nodes that stand before it.

    ``total`` is the node whose number is the score, ``verdict`` the one whose label is.
    ``knock_outs`` and ``caps`` stand beside them; the card lists every one that fired. With
    ``contest``, members may contest what was scored before it is published.
    """

    nodes: tuple[Node, ...]
    total: Code | None = None
    verdict: Code | None = None
    knock_outs: tuple[KnockOutRule, ...] = ()
    caps: tuple[CapRule, ...] = ()
    contest: ContestWindow | None = None
