"""The answers to one KPI as columns, and how what is stored of them is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kpis.rules.cards import in_json
from kpis.rules.plain import compact
from rulebooks.rules.answers import MISSING, STATES, Answer, State
from rulebooks.rules.indicators import Kpi

PLACE = {state: place for place, state in enumerate(STATES)}


@dataclass(frozen=True)
class Cells:
    """The answers to one KPI, a row per member.

    ``state`` is a place in ``STATES``, ``parts`` are the integers of the scale that counts.
    ``told`` is the code and the answer as they are stored, null for a member without an answer;
    ``remark`` what became of the answer as it stands on a card, None where no answer has one.
    """

    state: pl.Series
    parts: Sequence[pl.Series]
    told: pl.Series
    remark: pl.Series | None


def of_answers(kpi: Kpi, given: Sequence[Answer | None]) -> tuple[Cells, list[int]]:
    """Return answers with all that each is read with, and rows to look at by hand."""
    rows = [_of_answer(kpi, answer) for answer in given]
    states, parts, told, remarks, by_hand = zip(*rows, strict=True) if rows else ((),) * 5
    columns = zip(*parts, strict=True) if rows else ((),) * len(kpi.counting_scale.parts)
    cells = Cells(
        state=pl.Series(states, dtype=pl.UInt8),
        parts=[pl.Series(column, dtype=pl.Int64) for column in columns],
        told=pl.Series(told, dtype=pl.String),
        remark=pl.Series(remarks, dtype=pl.String) if any(remarks) else None,
    )
    return cells, [row for row, off in enumerate(by_hand) if off]


def _of_answer(kpi: Kpi, answer: Answer | None) -> tuple:
    """Return state, integers, text and remark of an answer, and whether it is off its scale."""
    blank = (None,) * len(kpi.counting_scale.parts)
    if answer is not None and kpi.problem(answer) is not None:
        return (PLACE[State.MISSING], blank, None, None, True)
    counted = kpi.counted(MISSING if answer is None else answer)
    is_answer = counted.state is State.ANSWERED
    return (
        PLACE[counted.state],
        kpi.counting_scale.integers(counted) if is_answer else blank,
        None if answer is None else begin(kpi) + compact(answer),
        remark_of(kpi, counted.read_with.remark),
        False,
    )


def begin(kpi: Kpi) -> str:
    """Return how an answer to ``kpi`` begins where it is stored."""
    return f"{in_json(kpi.code)}:"


def remark_of(kpi: Kpi, said: str) -> str | None:
    """Return what is ``said`` of an answer as it stands on a card, None for nothing."""
    return f"{begin_of_remark(kpi)}{in_json(said)}]" if said else None


def begin_of_remark(kpi: Kpi) -> str:
    """Return how what is said of an answer to ``kpi`` begins on a card."""
    return f"[{in_json(kpi.code)},"


def grid(found: pl.DataFrame, *, kpis: int, height: int) -> pl.DataFrame:
    """Return ``found`` with a row for each of ``height`` members and KPI, null where it has none.

    KPI by KPI: the first ``height`` rows are those of the first KPI.
    """
    at = found.select_seq(pl.col("k").cast(pl.UInt32) * height + pl.col("row")).to_series()
    places = pl.Series([None], dtype=pl.UInt32).new_from_index(0, kpis * height)
    return found[places.scatter(at, pl.Series(range(found.height), dtype=pl.UInt32))]
