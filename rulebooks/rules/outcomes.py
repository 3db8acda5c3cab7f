"""Knock-outs and caps: grounds that stand beside the number, and what they leave of it."""

from __future__ import annotations

from typing import ClassVar

from rulebooks.rules.conditions import Condition
from rulebooks.rules.schema import Clause, Code, Label, Number, Part, Title

NOT_SCORED = "not_scored"


class KnockOutRule(Part):
    """When its condition holds, ``result`` stands, whatever the number: a band or a verdict.

    ``result: not_scored`` takes total, band and verdict away. Of several bands the worst stands,
    the one that the number gives among them; of several verdicts the first.
    """

    example: ClassVar[str] = (
        "{code: no-freedom, title: Civil society is not free, when: {kpi: a, is: [partly]},"
        ' result: low, clause: "6.4"}'
    )

    code: Code
    title: Title
    when: Condition
    result: Label
    clause: Clause


class CapRule(Part):
    """When its condition holds, the total is at most a number, or the band no better than one.

    Caps on the number come before the bands read it.
    """

    example: ClassVar[str] = (
        "{code: open-finding, title: A finding is open, when: {kpi: a, from: 1}, at_most: 60,"
        ' clause: "6.5"}'
    )

    code: Code
    title: Title
    when: Condition
    at_most: Number | Code
    clause: Clause
