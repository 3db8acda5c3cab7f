"""Traces: how a scorecard came about, line by line, like a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kpis.rules import exact
from kpis.rules.cards import Card, Ground, Line
from kpis.rules.figures import answered, checked, in_full
from kpis.rules.grounds import rules, strictest
from kpis.rules.inputs import MemberInputs
from rulebooks.rules.aggregation import Row, Word
from rulebooks.rules.answers import SILENT, State
from rulebooks.rules.attributes import Attribute
from rulebooks.rules.conditions.shares import ShareAssured
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.rounding import Rounding
from rulebooks.rules.tree import inputs as inputs_of

Kind = Literal[
    *("node", "input", "site", "attribute", "subtotal", "rounding", "label"),
    *("knock_out", "cap", "assurance", "band", "withheld"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLine:
    """One line of a receipt.

    ``node`` heads a node and ``says`` names its word; ``input`` is what the node reads, with state,
    number and weight, ``site`` what one site answered of it, ``attribute`` what it asks of the
    member; ``subtotal`` is the exact outcome, ``rounding`` the published one, ``label`` a label;
    ``knock_out``, ``cap``, ``assurance`` (how much was checked) and ``band`` close the card.
    ``withheld`` stands where ``redact`` took a number away. ``number`` is None where
    something does not apply. ``confidentiality`` is the class of the KPI that the line shows, None
    where it shows none.
    """

    kind: Kind
    node: str | None
    code: str
    title: str
    says: str = ""
    state: str | None = None
    number: Fraction | None = None
    weight: Fraction | None = None
    clause: str | None = None
    confidentiality: str | None = None

    @property
    def amount(self) -> str:
        """Return the number in full: a decimal where it ends, else a fraction such as 1300/17."""
        return "" if self.number is None else in_full(self.number)


def trace(edition: Edition, card: Card, inputs: MemberInputs) -> list[TraceLine]:
    """Return how ``card`` came about from ``inputs``: node by node, then grounds and band."""
    nodes = edition.tree.nodes.values()
    _, row = exact.complete(edition.tree, inputs)
    return [
        *(line for node in nodes for line in _of(node, edition, card, row)),
        *_unanswered(edition, card),
        *_grounds(edition, card),
        *_shares(edition, row),
        *_band(edition, card),
    ]


def _unanswered(edition: Edition, card: Card) -> Iterator[TraceLine]:
    for ground in card.knock_outs:
        kpi = edition.kpi(ground.kpi)
        yield TraceLine(
            kind="knock_out",
            node=None,
            code=kpi.code,
            title=kpi.title,
            says=f"knocked out: {ground.state}",
            state=ground.state,
            clause=kpi.clause,
            confidentiality=kpi.confidentiality,
        )


def _grounds(edition: Edition, card: Card) -> Iterator[TraceLine]:
    wanted = rules(edition)
    for ground in card.grounds:
        rule = wanted[ground.key]
        yield TraceLine(
            kind="knock_out" if ground.kind == "knock_out" else "cap",
            node=None,
            code=ground.code,
            title=rule.title,
            says=_left(edition, ground),
            clause=rule.clause,
            confidentiality=strictest(edition.tree, rule.when),
        )


def _left(edition: Edition, ground: Ground) -> str:
    """Return what a ground leaves, in words."""
    band = edition.bands.find(ground.result) if edition.bands and ground.node is None else None
    result = band.label if band else ground.result.replace("_", " ")
    if ground.kind == "knock_out":
        return f"knocked out: {result}"
    about = f"{edition.node(ground.node).title}: " if ground.node else ""
    return f"{about}at most {result}"


def _shares(edition: Edition, row: Row) -> Iterator[TraceLine]:
    """Yield how many of the answers below the total were checked, for each level but the lowest."""
    top = edition.scoring.total or edition.scoring.verdict
    if edition.assurance is None or top is None:
        return
    for level in edition.assurance.levels[1:]:
        asked = {"share_assured": level.code, "of": top}
        counted, weighed = (
            ShareAssured.model_validate({**asked, "by": by}).share(row)
            for by in ("count", "weight")
        )
        if counted is not None:
            by_weight = "nothing that weighs" if weighed is None else in_full(weighed)
            yield TraceLine(
                kind="assurance",
                node=None,
                code=level.code,
                title=f"{level.title}, or higher",
                says=f"{in_full(counted)} of the answers, {by_weight} by weight",
                number=counted,
                clause=level.clause,
            )


def _band(edition: Edition, card: Card) -> Iterator[TraceLine]:
    if card.band is None:
        return
    band = edition.bands.find(card.band)
    yield TraceLine(
        kind="band",
        node=None,
        code=band.code,
        title=band.label,
        says=f"band of {edition.bands.of}",
        number=card.line(edition.bands.of).number,
        clause=band.clause,
    )


def _of(node: Word, edition: Edition, card: Card, row: Row) -> Iterator[TraceLine]:
    line = card.line(node.code)
    about = {"node": node.code, "code": node.code, "title": node.title, "clause": node.clause}
    says = f"formula: {node.formula}" if node.calculated else node.op
    yield TraceLine(kind="node", says=says, **about)
    weights = node.weights_of_inputs()
    for code in dict.fromkeys((*node.reads(), *inputs_of(node.asks()))):
        below = _node if code in edition.tree.nodes else _kpi
        yield below(node, code, edition, card, row, weights.get(code))
        if code in edition.tree.kpis:
            yield from _sites(node, edition.tree.kpis[code], row)
    for asked in node.asks():
        if asked.about == "member":
            yield _attribute(node, edition.tree.attributes[asked.code], row)
    if node.labelled:
        yield TraceLine(kind="label", says=_label(line), **about)
        return
    why = _why_none(line)
    if why and (said := [r.says for r in card.remarks if r.code == node.code]):
        why = f"{why}: {said[0]}"
    yield TraceLine(kind="subtotal", number=line.exact, says=why, **about)
    if isinstance(node.rounding, Rounding):
        says = f"{node.rounding.mode} to {node.rounding.step:f}"
        yield TraceLine(kind="rounding", number=line.number, says=says, **about)


def _node(
    node: Word, code: str, edition: Edition, card: Card, row: Row, weight: Fraction | None
) -> TraceLine:
    below, line = edition.tree.nodes[code], card.line(code)
    exactly = code in node.reads() and not node.labelled
    return TraceLine(
        kind="input",
        node=node.code,
        code=code,
        title=below.title,
        says=_label(line) if below.labelled else _why_none(line),
        number=line.exact if exactly else row.published.get(code),
        weight=weight,
        clause=below.clause,
    )


def _kpi(
    node: Word, code: str, edition: Edition, card: Card, row: Row, weight: Fraction | None
) -> TraceLine:
    kpi, answer = edition.tree.kpis[code], row.answers[code]
    return TraceLine(
        kind="input",
        node=node.code,
        code=code,
        title=kpi.title,
        says=answered(kpi, answer) + checked(edition.tree, code, row) + _chosen(kpi, answer.state),
        state=answer.state.value,
        number=row.numbers[code] if code in node.reads() else None,
        weight=weight,
        clause=kpi.clause,
        confidentiality=kpi.confidentiality,
    )


CHOSEN = {
    "zero": "counts as 0",
    "leave_out": "left out",
    "knock_out": "left out, and a knock-out",
    "not_scored": "nothing above it is scored",
}


def _chosen(kpi: Kpi, state: State) -> str:
    """Return what the edition makes of an answer that is not there, empty where it is."""
    return f"; {CHOSEN[kpi.policy]}" if state in SILENT else ""


def _sites(node: Word, kpi: Kpi, row: Row) -> Iterator[TraceLine]:
    """Yield what each site answers to ``kpi``, in the order of their codes."""
    sites = row.answers[kpi.code].read_with.sites
    for one in sorted(sites, key=lambda one: one.site):
        answer = one.answer
        is_answered = answer.state is State.ANSWERED
        yield TraceLine(
            kind="site",
            node=node.code,
            code=kpi.code,
            title=one.site,
            says=answered(kpi, answer),
            state=answer.state.value,
            number=kpi.scale.exact(answer, kpi.direction) if is_answered else None,
            clause=kpi.per_site.clause if kpi.per_site else kpi.clause,
            confidentiality=kpi.confidentiality,
        )


def _attribute(node: Word, attribute: Attribute, row: Row) -> TraceLine:
    value = row.attributes.get(attribute.code)
    return TraceLine(
        kind="attribute",
        node=node.code,
        code=attribute.code,
        title=attribute.title,
        says="not known" if value is None else str(value),
        clause=attribute.clause,
        confidentiality=attribute.confidentiality,
    )


def _label(line: Line) -> str:
    if line.label is None:
        return "not scored"
    return line.label if line.alone is None else f"{line.label} (alone: {line.alone})"


def _why_none(line: Line) -> str:
    if line.outcome is not None:
        return line.outcome.replace("_", " ")
    return "no number" if line.exact is None else ""
