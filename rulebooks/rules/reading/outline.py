"""The scoring tree as an outline: what a score rests on, from the top down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rulebooks.rules.edition import Edition
from rulebooks.rules.reading import Input, NodeInWords, nodes, plain


@dataclass(frozen=True, slots=True)
class Branch:
    """A node or a KPI with what it reads; ``again`` when it was drawn out above already."""

    code: str
    title: str
    role: str  # total, verdict, node or kpi
    weight: str
    words: str
    again: bool
    branches: tuple[Branch, ...] = ()


def outline(edition: Edition) -> tuple[Branch, ...]:
    """Return the branches that no other reads: the score first, then the verdict.

    A node that several read is drawn out once.
    """
    found = {line.node.code: line for line in nodes(edition)}
    read = {given.code for line in found.values() for given in line.inputs}
    first = [edition.scoring.total, edition.scoring.verdict]
    tops = [code for code in first if code in found and code not in read]
    tops += [code for code in reversed(found) if code not in read and code not in tops]
    drawn: set[str] = set()
    roles = {edition.scoring.verdict: "verdict", edition.scoring.total: "total"}
    return tuple(
        _branch(Input(code, found[code].node.title, None), found, roles, drawn) for code in tops
    )


def _branch(
    given: Input,
    found: Mapping[str, NodeInWords],
    roles: Mapping[str | None, str],
    drawn: set[str],
) -> Branch:
    line, again = found.get(given.code), given.code in drawn
    drawn.add(given.code)
    inner = line.inputs if line and not again else ()
    return Branch(
        code=given.code,
        title=given.title,
        role=roles.get(given.code, "node") if line else "kpi",
        weight="" if given.weight is None else f"× {plain(given.weight)}",
        words=", ".join(filter(None, (line.operator, line.rounding))) if line else "",
        again=again and line is not None,
        branches=tuple(_branch(one, found, roles, drawn) for one in inner),
    )


def count(branches: tuple[Branch, ...]) -> int:
    """Return how many branches there are, at every depth."""
    return sum(1 + count(branch.branches) for branch in branches)
