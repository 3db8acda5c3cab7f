"""Traces: how a scorecard came about, line by line, like a receipt."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from kpis.rules.cards import Card, Line
from kpis.rules.inputs import MemberInputs
from rulebooks.rules.aggregation import Word
from rulebooks.rules.answers import MISSING, Answer, State
from rulebooks.rules.edition import Edition
from rulebooks.rules.rounding import Rounding
from rulebooks.rules.tree import inputs as inputs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLine:
    """One line of a receipt.

    ``node`` heads a node and ``says`` names its word; ``input`` is what the node reads, with state,
    number and weight; ``subtotal`` is the exact outcome, ``rounding`` the published one, ``label``
    a label; ``band`` and ``knock_out`` close the card. ``withheld`` stands where ``redact`` took
    a number away. ``number`` is None where something does not apply. ``confidentiality`` is the
    class of the KPI that the line shows, None where it shows none.
    """

    kind: Literal["node", "input", "subtotal", "rounding", "label", "knock_out", "band", "withheld"]
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
    """Return how ``card`` came about from ``inputs``, node by node, then band and knock-outs."""
    made = [
        line for node in edition.tree.nodes.values() for line in _of(node, edition, card, inputs)
    ]
    for ground in card.knock_outs:
        kpi = edition.kpi(ground.kpi)
        made.append(
            TraceLine(
                kind="knock_out",
                node=None,
                code=kpi.code,
                title=kpi.title,
                says=f"knocked out: {ground.state}",
                state=ground.state,
                clause=kpi.clause,
                confidentiality=kpi.confidentiality,
            )
        )
    if card.band is not None:
        band = next(band for band in edition.bands.bands if band.code == card.band)
        made.append(
            TraceLine(
                kind="band",
                node=None,
                code=band.code,
                title=band.label,
                says=f"band of {edition.bands.of}",
                number=card.line(edition.bands.of).number,
                clause=band.clause,
            )
        )
    return made


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
        if hidden and line.kind == "knock_out":  # which KPI it is would tell that it is unanswered
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


def in_full(number: Fraction) -> str:
    """Return ``number`` without loss: as a decimal where it ends, else as a fraction."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(twos, fives)
    digits = str(abs(int(number * 10**places))).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if number < 0 else text


def _of(node: Word, edition: Edition, card: Card, inputs: MemberInputs) -> Iterator[TraceLine]:
    line = card.line(node.code)
    about = {"node": node.code, "code": node.code, "title": node.title, "clause": node.clause}
    yield TraceLine(kind="node", says=node.op, **about)
    weights = node.weights_of_inputs()
    for code in dict.fromkeys((*node.reads(), *inputs_of(node.asks()))):
        yield _input(node, code, edition, card, inputs, weights.get(code))
    if node.labelled:
        yield TraceLine(kind="label", says=line.label, **about)
        return
    yield TraceLine(kind="subtotal", number=line.exact, says=_why_none(line), **about)
    if isinstance(node.rounding, Rounding):
        says = f"{node.rounding.mode} to {node.rounding.step:f}"
        yield TraceLine(kind="rounding", number=line.number, says=says, **about)


def _input(
    node: Word,
    code: str,
    edition: Edition,
    card: Card,
    inputs: MemberInputs,
    weight: Fraction | None,
) -> TraceLine:
    if code in edition.tree.nodes:
        below = edition.tree.nodes[code]
        line = card.line(code)
        return TraceLine(
            kind="input",
            node=node.code,
            code=code,
            title=below.title,
            says=_why_none(line),
            number=line.exact,
            weight=weight,
            clause=below.clause,
        )
    kpi, answer = edition.tree.kpis[code], inputs.answers.get(code, MISSING)
    return TraceLine(
        kind="input",
        node=node.code,
        code=code,
        title=kpi.title,
        says=_answered(answer),
        state=answer.state.value,
        number=None if node.labelled else kpi.exact(answer),
        weight=weight,
        clause=kpi.clause,
        confidentiality=kpi.confidentiality,
    )


def _answered(answer: Answer) -> str:
    if answer.state is not State.ANSWERED:
        return answer.state.value.replace("_", " ")
    if answer.denominator is not None:
        return f"{answer.numerator:f} of {answer.denominator:f}"
    return ", ".join(answer.labels) if answer.number is None else f"{answer.number:f}"


def _why_none(line: Line) -> str:
    return "no number" if line.exact is None else ""
