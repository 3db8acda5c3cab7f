"""Grounds: knock-outs and caps that fired beside the number, and what they leave of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpis.rules.cards import Card, Ground, KnockOut, Line, Remark
from rulebooks.rules.bands import Band
from rulebooks.rules.conditions import Condition
from rulebooks.rules.confidentiality import CLASSES
from rulebooks.rules.edition import Edition
from rulebooks.rules.outcomes import NOT_SCORED, CapRule
from rulebooks.rules.scales import Direction
from rulebooks.rules.tree import Tree


class Rule(NamedTuple):
    """A condition beside the number, and the ground that it is when it holds."""

    when: Condition
    ground: Ground
    title: str
    clause: str


def rules(edition: Edition) -> dict[str, Rule]:
    """Return every knock-out and cap of the score, and of nodes that cap their grades."""
    scoring, found = edition.scoring, {}
    for rule in scoring.knock_outs:
        ground = Ground("knock_out", rule.code, rule.result)
        found[ground.key] = Rule(rule.when, ground, rule.title, rule.clause)
    for rule in scoring.caps:
        most = rule.at_most if isinstance(rule.at_most, str) else f"{rule.at_most:f}"
        ground = Ground("cap", rule.code, most)
        found[ground.key] = Rule(rule.when, ground, rule.title, rule.clause)
    for node in scoring.nodes:
        for cap in getattr(node, "caps", ()):
            ground = Ground("grade_cap", cap.code, cap.at_most, node.code)
            found[ground.key] = Rule(cap.when, ground, cap.title, cap.clause)
    return found


def card(
    edition: Edition,
    member: str,
    lines: tuple[Line, ...],
    *,
    unanswered: tuple[KnockOut, ...],
    grounds: tuple[Ground, ...],
    remarks: tuple[Remark, ...] = (),
) -> Card:
    """Return the card of one member: its lines, every ground, and what they leave."""
    by_node = {line.node: line for line in lines}
    by_node |= _left(edition, by_node, grounds)
    scoring, band = edition.scoring, None
    if not _withdrawn(grounds):
        band = _band(edition, by_node, grounds, knocked_out=bool(unanswered))
    return Card(
        edition=edition.code,
        member=member,
        lines=tuple(by_node.values()),
        knock_outs=unanswered,
        total=by_node[scoring.total].published if scoring.total else None,
        verdict=by_node[scoring.verdict].label if scoring.verdict else None,
        band=band and band.code,
        status=band and band.status,
        grounds=grounds,
        remarks=remarks,
    )


def alone(edition: Edition, made: Card) -> str:
    """Return what the number alone would have given, empty where that is what counts."""
    said = [line.alone for line in made.lines if line.alone is not None]
    band = band_alone(edition, made)
    if band is not None and band.code != made.band:
        said.append(band.label)
    return ", ".join(said)


def strictest(tree: Tree, when: Condition) -> str | None:
    """Return the strictest confidentiality class of what a condition asks, None for nothing."""
    classes = [
        (tree.attributes if asked.about == "member" else tree.kpis)[asked.code].confidentiality
        for asked in when.asks()
        if asked.code in tree.kpis or asked.about == "member"
    ]
    return max(classes, key=CLASSES.index, default=None)


def band_alone(edition: Edition, made: Card) -> Band | None:
    """Return the band that the number alone would have given, None for none."""
    if edition.bands is None:
        return None
    line = made.line(edition.bands.of)
    return edition.bands.band(line.published if line.alone is None else Decimal(line.alone))


def _withdrawn(grounds: tuple[Ground, ...]) -> bool:
    return any(g.kind == "knock_out" and g.result == NOT_SCORED for g in grounds)


def _left(
    edition: Edition, lines: Mapping[str, Line], grounds: tuple[Ground, ...]
) -> Iterator[tuple[str, Line]]:
    """Yield total and verdict as the grounds leave them, where they change them."""
    total = lines.get(edition.scoring.total)
    verdict = lines.get(edition.scoring.verdict)
    if _withdrawn(grounds):
        for line in (total, verdict):
            if line is not None and (line.published is not None or line.label is not None):
                alone = line.label if line.published is None else f"{line.published:f}"
                nothing = {"published": None, "label": None, "outcome": NOT_SCORED}
                yield line.node, line._replace(alone=alone, **nothing)
        return
    if total is not None and (most := _most(edition, grounds, total)) is not None:
        yield total.node, total._replace(published=most, alone=f"{total.published:f}")
    labels = edition.node(verdict.node).labels() if verdict else ()
    put = [g.result for g in grounds if g.kind == "knock_out" and g.result in labels]
    if put and put[0] != verdict.label and not _is_band(edition, put[0]):
        yield verdict.node, verdict._replace(label=put[0], alone=verdict.label)


def _most(edition: Edition, grounds: tuple[Ground, ...], total: Line) -> Decimal | None:
    """Return what caps leave of the total, None where they leave it as it is."""
    fired = {ground.code for ground in grounds if ground.kind == "cap"}
    caps = [rule for rule in edition.scoring.caps if rule.code in fired and not _to_band(rule)]
    if total.published is None or not caps:
        return None
    most = min(rule.at_most for rule in caps)
    if most >= total.published:
        return None
    rounding = edition.node(total.node).rounding
    return rounding.exact(Fraction(most))


def _band(
    edition: Edition,
    lines: Mapping[str, Line],
    grounds: tuple[Ground, ...],
    *,
    knocked_out: bool,
) -> Band | None:
    bands = edition.bands
    if bands is None:
        return None
    by_number = bands.band(lines[bands.of].published)
    put = [bands.find(g.result) for g in grounds if g.kind == "knock_out"]
    if knocked_out and bands.knocked_out is not None:
        put.append(bands.find(bands.knocked_out))
    put = [band for band in put if band is not None]
    held = [bands.find(g.result) for g in grounds if g.kind == "cap"] if by_number else []
    among = [band for band in (by_number, *held, *put) if band is not None]
    higher = edition.tree.better[bands.of] is not Direction.LOWER
    return bands.worst(among, higher_is_better=higher) if among else None


def _is_band(edition: Edition, code: str) -> bool:
    return edition.bands is not None and edition.bands.find(code) is not None


def _to_band(rule: CapRule) -> bool:
    return isinstance(rule.at_most, str)
