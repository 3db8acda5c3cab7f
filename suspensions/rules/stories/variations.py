"""Editions with something changed: for counter-checks, and for numbers that are given."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rulebooks.rules.aggregation import Node, Word
from rulebooks.rules.document import Fault
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.outcomes import CapRule, KnockOutRule
from rulebooks.rules.scoring import Scoring
from suspensions.rules.stories.schema import Change

LARGEST = Decimal(1_000_000)
NODE: TypeAdapter[Word] = TypeAdapter(Node)


class NoSuchPlace(ValueError):
    """An edition has no place of that name, or cannot be read once it is changed."""


def varied(plain: Any, changes: Iterable[Change]) -> Edition:
    """Return the edition of plain values with changes made, checked as a whole.

    :raises NoSuchPlace: a place does not exist, or the changed edition is none.
    """
    changed = copy.deepcopy(plain)
    for change in changes:
        _make(changed, change)
    try:
        edition = Edition.model_validate(changed)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in detail["loc"])
        raise NoSuchPlace(f"so changed it is no edition: {where}: {detail['msg']}") from None
    faults: list[Fault] = edition.faults()
    if faults:
        where = ".".join(str(step) for step in faults[0].path)
        raise NoSuchPlace(f"so changed it is no edition: {where}: {faults[0].message}")
    return edition


def _make(plain: Any, change: Change) -> None:
    *way, last = change.at
    inner = plain
    for step in way:
        inner = inner[_step(inner, step)]
    if isinstance(inner, dict) and not change.remove:
        inner[str(last)] = change.to
        return
    place = _step(inner, last)
    if change.remove:
        del inner[place]
    else:
        inner[place] = change.to


def _step(inner: Any, step: str | int) -> str | int:
    """Return under which key or at which place the next value stands."""
    if isinstance(inner, dict):
        if str(step) in inner:
            return str(step)
        raise NoSuchPlace(f"has no {step}; allowed: {', '.join(inner)}")
    if isinstance(inner, list):
        codes = [one.get("code") if isinstance(one, dict) else None for one in inner]
        if step in codes:
            return codes.index(step)
        if isinstance(step, int) and 0 <= step < len(inner):
            return step
        allowed = ", ".join(str(code) for code in codes if code) or f"0 to {len(inner) - 1}"
        raise NoSuchPlace(f"has no {step}; allowed: {allowed}")
    raise NoSuchPlace(f"ends before {step}")


def with_numbers(edition: Edition, given: Mapping[str, Decimal]) -> Edition:
    """Return an edition that asks for the numbers of some nodes instead of computing them.

    What those nodes rest on, and what does not rest on them, is left out; so is a rule beside the
    number that reads something of it.

    :raises NoSuchPlace: one of them is no node, or is no number.
    """
    if not given:
        return edition
    _require_numbers(edition, given)
    kept = _resting_on(edition, given)
    kpis = (kpi for kpi in edition.kpis if kpi.code in kept)
    bands = edition.bands
    return _made(
        edition,
        kpis=(*(_asked(code, edition) for code in given), *kpis),
        scoring=_scoring(edition.scoring, given, kept),
        bands=bands if bands and bands.of in kept else None,
        cohort=(),
    )


def _require_numbers(edition: Edition, given: Iterable[str]) -> None:
    nodes = edition.tree.nodes
    for code in given:
        if code not in nodes or nodes[code].labelled:
            numbers = [n.code for n in edition.scoring.nodes if not n.labelled]
            raise NoSuchPlace(f"{code} is no node with a number; allowed: {', '.join(numbers)}")


def _scoring(scoring: Scoring, given: Mapping[str, Decimal], kept: set[str]) -> Scoring:
    """Return the scoring that is left."""
    nodes = (node for node in scoring.nodes if node.code in kept)
    return scoring.model_copy(
        update={
            "nodes": tuple(_instead(node) if node.code in given else node for node in nodes),
            "total": scoring.total if scoring.total in kept else None,
            "verdict": scoring.verdict if scoring.verdict in kept else None,
            "knock_outs": _beside(scoring.knock_outs, kept),
            "caps": _beside(scoring.caps, kept),
        }
    )


def asked_as(node: str) -> str:
    """Return the code of the KPI that asks for the number of a node."""
    return f"given-{node}"[:40]


def _resting_on(edition: Edition, given: Mapping[str, Decimal]) -> set[str]:
    """Return what is given, the nodes that rest on it, and what these need besides."""
    nodes = edition.tree.nodes
    above: set[str] = set(given)
    for code, node in nodes.items():
        if above & set(_needs(node)):
            above.add(code)
    kept, wanted = set(given), list(above - given.keys())
    while wanted:
        code = wanted.pop()
        if code not in kept:
            kept.add(code)
            wanted += _needs(nodes[code]) if code in nodes else []
    return kept


def _needs(part: Word | KnockOutRule | CapRule) -> list[str]:
    """Return the KPIs and nodes that a node, or a rule beside the number, cannot do without."""
    asked = part.when.asks() if isinstance(part, KnockOutRule | CapRule) else part.asks()
    read = () if isinstance(part, KnockOutRule | CapRule) else part.reads()
    return [*read, *(one.code for one in asked if one.about != "member")]


def _beside(
    rules: Iterable[KnockOutRule | CapRule], kept: set[str]
) -> tuple[KnockOutRule | CapRule, ...]:
    return tuple(rule for rule in rules if kept.issuperset(_needs(rule)))


def _instead(node: Word) -> Word:
    """Return a node that has the number given for it, and rounds it as before."""
    plain = {"code": node.code, "title": node.title, "op": "sum", "of": [asked_as(node.code)]}
    made = NODE.validate_python(plain | {"clause": node.clause})
    return made.model_copy(update={"rounding": node.rounding})


def _asked(code: str, edition: Edition) -> Kpi:
    node = edition.node(code)
    return Kpi.model_validate(
        {
            "code": asked_as(code),
            "title": node.title,
            "unit": "number",
            "scale": {"kind": "number", "min": -LARGEST, "max": LARGEST, "decimals": 6},
            "direction": edition.tree.better[code].value,
            "missing": "not_scored",
            "confidentiality": "public",
            "clause": node.clause,
        }
    )


def _made(edition: Edition, **update: Any) -> Edition:
    """Return an edition with parts replaced, without what was worked out for the old one."""
    parts = {name: getattr(edition, name) for name in type(edition).model_fields}
    return Edition.model_construct(**parts | update)
