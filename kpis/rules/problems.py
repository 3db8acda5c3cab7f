"""Answers that could not be scored, as one reader may see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from kpis.rules.traces import TraceLine
from rulebooks.rules.indicators import Confidentiality, Kpi


def seen(
    problems: Mapping[str, str], kpis: Mapping[str, Kpi], allowed: Collection[Confidentiality]
) -> dict[str, str]:
    """Return the problems of KPIs of the ``allowed`` classes, by code.

    What is no KPI of the edition has no class: it is for those who may see every answer.
    """
    return {
        code: problem
        for code, problem in problems.items()
        if (kpis[code].confidentiality if code in kpis else "counsel") in allowed
    }


def told(lines: Sequence[TraceLine], problems: Mapping[str, str]) -> list[TraceLine]:
    """Return a trace whose lines say why an answer that was given counts as none."""
    return [
        replace(line, says=f"{problems[line.code]}, so it counts as {line.says}")
        if line.kind == "input" and line.code in problems
        else line
        for line in lines
    ]
