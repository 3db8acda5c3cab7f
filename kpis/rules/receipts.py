"""Receipts: a trace as people read it, on a page or in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from kpis.rules.figures import in_full
from kpis.rules.traces import TraceLine
from rulebooks.rules.edition import Edition

NO_NUMBER = "no number"
CLOSING = ("band", "assurance")  # lines of a card that are no grounds
Evidence = Mapping[str, tuple[str, ...]]
NO_EVIDENCE: Evidence = {}
Role = Literal["input", "subtotal", "rounding", "total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One line: what it is, its figure (a number or a word, None when there is none), its part.

    ``evidence`` holds the SHA-256 of each file behind an answer.
    """

    code: str
    label: str
    figure: Decimal | str | None
    role: Role = "input"
    unit: str = ""
    weight: Decimal | str | None = None
    note: str = ""
    clause: str = ""
    open: bool = False
    evidence: tuple[str, ...] = ()
    lines: tuple[ReceiptLine, ...] = field(default=())


def receipt(
    edition: Edition,
    lines: Sequence[TraceLine],
    evidence: Mapping[str, tuple[str, ...]] = NO_EVIDENCE,
) -> list[ReceiptLine]:
    """Return a heading for each node, in the order of the edition, with what it was made from.

    The lines are those of a trace, redacted for the reader or not. Band and knock-outs are not
    on it: they stand beside the number. ``evidence`` gives the hashes of the files behind each
    KPI's answer.
    """
    return [
        _heading(edition, [line for line in lines if line.node == node.code], evidence)
        for node in edition.tree.nodes.values()
    ]


def grounds(edition: Edition, lines: Sequence[TraceLine]) -> list[ReceiptLine]:
    """Return every ground that stands beside the number: unanswered KPIs, knock-outs and caps."""
    shown = [line for line in lines if line.node is None and line.kind not in CLOSING]
    return [
        ReceiptLine(
            code=line.code,
            label=line.title,
            figure=None,
            note=_hidden(line) or line.says,
            clause=line.clause or "",
        )
        for line in shown
    ]


def assured(lines: Sequence[TraceLine]) -> list[ReceiptLine]:
    """Return how much of the score was checked, for each level of assurance but the lowest."""
    return [
        ReceiptLine(
            code=line.code,
            label=line.title,
            figure=None,
            note=line.says,
            clause=line.clause or "",
        )
        for line in lines
        if line.kind == "assurance"
    ]


def _heading(edition: Edition, lines: Sequence[TraceLine], evidence: Evidence) -> ReceiptLine:
    head, below = lines[0], tuple(_below(edition, lines[1:], evidence))
    is_total = head.code == edition.scoring.total
    return ReceiptLine(
        code=head.code,
        label=head.title,
        figure=below[-1].figure,
        role="total" if is_total else "subtotal",
        note=head.says if head.says.startswith("formula: ") else words(head.says),
        clause=head.clause or "",
        open=is_total,
        lines=below,
    )


def _below(
    edition: Edition, lines: Sequence[TraceLine], evidence: Evidence
) -> Iterator[ReceiptLine]:
    for line in lines:
        if line.kind == "attribute":
            yield _line(line, line.title, "input", figure=line.says, clause=line.clause or "")
        elif line.kind in ("input", "site") or (line.kind == "withheld" and line.code != line.node):
            yield _input(edition, line, evidence)
        elif line.kind == "rounding" and line.number is None:
            continue
        elif line.kind == "rounding":
            yield _line(line, "Rounded", "rounding", note=words(line.says))
        elif line.kind == "label":
            yield _line(line, "Outcome", "subtotal", figure=line.says or NO_NUMBER)
        else:
            why = line.says.partition(": ")[2]  # no number: division by zero
            yield _line(line, "Exact", "subtotal", note=_hidden(line) or why)


def _input(edition: Edition, line: TraceLine, evidence: Evidence) -> ReceiptLine:
    """Return an input with what was answered, and the number that the answer gives."""
    fields: dict[str, object] = {"clause": line.clause or ""}
    if line.weight is not None:
        fields["weight"] = figure(line.weight)
    if hidden := _hidden(line):
        return _line(line, line.title, "input", note=hidden, **fields)
    kpi = edition.tree.kpis.get(line.code)
    if line.kind == "input":
        fields["evidence"] = evidence.get(line.code, ())
    if line.number is None:
        fields["figure"] = line.says if line.state == "answered" else NO_NUMBER
    if line.state == "answered" and line.number is not None and line.says != line.amount:
        fields["note"] = f"{line.says} ({kpi.unit})" if kpi else line.says
    elif line.state is not None and line.state != "answered":
        fields["note"] = line.says
    return _line(line, line.title, "input", **fields)


def _line(line: TraceLine, label: str, role: Role, **fields: object) -> ReceiptLine:
    shown = NO_NUMBER if line.number is None else figure(line.number)
    if _hidden(line):
        shown = "hidden"
    return ReceiptLine(
        **{"code": line.code, "label": label, "figure": shown, "role": role} | fields
    )


def _hidden(line: TraceLine) -> str:
    return line.says if line.kind == "withheld" else ""


def figure(number: Fraction) -> Decimal | str:
    """Return ``number`` in full: a decimal where it ends, else a fraction such as 1300/17."""
    text = in_full(number)
    return text if "/" in text else Decimal(text)


def words(code: str) -> str:
    """Return a word of the vocabulary as people write it: ``weighted mean``, ``half up to 0.1``."""
    return code.replace("_", " ")


def as_plain(lines: Sequence[ReceiptLine]) -> list[dict[str, Any]]:
    """Return receipt lines as JSON values, without what is empty; numbers as text, in full."""
    made = []
    for line in lines:
        fields: dict[str, Any] = {
            name: getattr(line, name) for name in ("code", "label", "role", "note", "clause")
        }
        fields |= {"figure": _text(line.figure), "weight": _text(line.weight)}
        made.append({name: value for name, value in fields.items() if value})
        if line.evidence:
            made[-1]["evidence"] = list(line.evidence)
        if line.lines:
            made[-1]["lines"] = as_plain(line.lines)
    return made


def _text(shown: Decimal | str | None) -> str | None:
    return f"{shown:f}" if isinstance(shown, Decimal) else shown
