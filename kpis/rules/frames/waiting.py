"""Whose answers still wait for somebody's word: an approval that is wanted, or a judgement."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpis.rules.frames.laid import Laid
from rulebooks.rules.answers import State
from rulebooks.rules.indicators import Kpi


def waiting(kpis: Sequence[Kpi], laid: Laid) -> list[bool]:
    """Return for each member whether an approval or a judgement is wanted and was not given.

    As ``kpis.rules.gathering`` remarks it of answers one by one. A member without a return has
    nothing that could wait; who has one, the caller knows.
    """
    wanted = [kpi.code for kpi in kpis if kpi.is_asked and kpi.not_applicable == "needs_approval"]
    judged = [kpi.code for kpi in kpis if not kpi.is_asked]
    height = len(laid.members)
    if not (wanted or judged):
        return [False] * height
    code, state = pl.col("kpi").cast(pl.String), pl.col("state")
    applies_not = state == State.NOT_APPLICABLE.value
    marked = laid.marked()
    open_still = marked.filter(code.is_in(wanted), applies_not, pl.col("approved").is_null())
    found = set(open_still["row"].to_list())
    if judged:
        allowed = code.is_in([k.code for k in kpis if k.not_applicable == "allowed"])
        needs = code.is_in([k.code for k in kpis if k.not_applicable == "needs_approval"])
        counts = allowed | (needs & pl.col("approved").fill_null(False))
        given = (applies_not & counts) | ~(applies_not | (state == State.MISSING.value))
        settled = marked.filter(code.is_in(judged), given).group_by("row").len()
        found |= {*range(height)} - set(settled.filter(pl.col("len") == len(judged))["row"])
    return [row in found for row in range(height)]
