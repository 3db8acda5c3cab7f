"""Answers of very many rows, packed: one text for all of them, and what is alike said once.

A row is a cell of that text. The server tells what kind of answer it is by how the cell begins, so
that no column goes over the wire, or is taken apart here, for rows that have nothing in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import polars as pl

from kpis.rules.cards import in_json
from kpis.rules.frames.laid import PARTS, TEXTS
from kpis.selectors.copying import CELLS, cells, fields
from rulebooks.rules.answers import STATED, State

# An empty list and an empty object take 13 and 5 bytes. To ask for the size costs a third of a
# comparison, and what takes more all the same, however it is stored, is told in full.
NOTHING_ELSE = "pg_column_size(labels) < 16 and pg_column_size(counts) < 8"
SAID = "case when {one} <> '{{}}' then {told} end"
IN_FULL = f"""case when numerator is null then 'o' else 'q' end || json_build_array(
    trim_scale(number)::text, trim_scale(numerator)::text, trim_scale(denominator)::text,
    {SAID.format(one="labels", told="array_to_json(labels)::text")},
    {SAID.format(one="counts", told="counts::text")})"""
# A number; a slash for a ratio, whose parts stand apart; the first letter of a state; a label
# behind a quote; labels; or all parts, where there are several. Only what is answered has any.
CELL = f"""case
    when number is not null then case
        when numerator is null and {NOTHING_ELSE} then trim_scale(number)::text else {IN_FULL} end
    when numerator is not null then case when {NOTHING_ELSE} then '/' else {IN_FULL} end
    when state <> 'answered' then left(state, 1)
    when cardinality(labels) = 1 and pg_column_size(counts) < 8 and strpos(labels[1], {CELLS}) = 0
        then '"' || labels[1]
    when labels <> '{{}}' and counts = '{{}}' then array_to_json(labels)::text
    else {IN_FULL} end"""
LETTERS = {state.value[0]: state.value for state in STATED if state is not State.ANSWERED}
# Where the kinds begin in the order of texts: a label, numbers, labels, and all parts.
LABEL, NUMBER, LABELS, BEHIND, FULL, LAST = map(pl.lit, ('"', "#", "[", "\\", "o", "r"))


def read_answers(
    table: str, where: str, given: Mapping[str, object], places: pl.DataFrame, *, of: str = ""
) -> pl.DataFrame:
    """Return the answers that stand in returns: ``row``, KPI, state and parts of each.

    ``places`` says the ``row`` of each ``of_return_id``. With ``of`` also what this column of
    numbers holds. The text of a number has no needless zeros, that of labels and counts is JSON;
    null where there is nothing.

    :raises ValueError: a text holds what stands between texts.
    """
    count, returns, kpis, told, above, below, of_each = fields(_query(table, where, of), given)
    groups = int(count)
    by_return = pl.DataFrame(
        {"of_return_id": cells(returns, groups).cast(pl.Int64), "kpi": cells(kpis, groups)}
    ).join(places, on="of_return_id", how="left", maintain_order="left")
    rows = _rows(by_return)
    beside = {of: cells(of_each, rows.height).cast(pl.Int64)} if of else {}
    rows = rows.with_columns(cell=cells(told, rows.height), **beside)
    return pl.concat(_kinds(rows, above, below))


def _query(table: str, where: str, of: str) -> str:
    names = ("of_return", "kpis", "told", "above", "below", "of_each")
    joined = ", ".join(f"string_agg({name}, {CELLS})" for name in names)
    of_each = f"string_agg({of}::text, {CELLS})" if of else "null"
    return f"""
select count(*)::text, {joined} from (
    select of_return_id::text as of_return, string_agg(kpi, ',') as kpis,
        string_agg({CELL}, {CELLS}) as told,
        string_agg(trim_scale(numerator)::text, {CELLS}) as above,
        string_agg(trim_scale(denominator)::text, {CELLS}) as below,
        {of_each} as of_each
    from {table} where {where} group by of_return_id
) packed
"""


def _rows(by_return: pl.DataFrame) -> pl.DataFrame:
    """Return row and KPI of each answer; lists of KPIs that are alike are read once."""
    lists = by_return.select("kpi").unique().with_columns(codes=pl.col("kpi").str.split(","))
    codes = lists["codes"].explode().unique().drop_nulls().sort()
    lists = lists.with_columns(pl.col("codes").cast(pl.List(pl.Enum(codes))))
    found = by_return.join(lists, on="kpi", how="left", maintain_order="left")
    return found.select("row", kpi="codes").explode("kpi")


def _kinds(rows: pl.DataFrame, above: str, below: str) -> Iterator[pl.DataFrame]:
    """Yield the rows of each kind of answer, all with the same columns."""
    cell, answered = pl.col("cell"), pl.lit(State.ANSWERED.value)
    slash, full = cell == "/", (cell >= FULL) & (cell < LAST)
    others = rows.filter(~slash)
    is_number = others.select((cell >= NUMBER) & (cell < LABELS)).to_series()
    yield _kind(others.filter(is_number), answered, number=cell)
    others = others.filter(~is_number)
    yield _kind(others.filter((cell >= LABELS) & (cell < BEHIND)), answered, labels=cell)
    labelled = others.filter((cell >= LABEL) & (cell < NUMBER))
    known = {label: in_json([label[1:]]) for label in labelled["cell"].unique()}
    label = cell.replace_strict(known, default=None, return_dtype=pl.String)
    yield _kind(labelled, answered, labels=label)
    for letter, state in LETTERS.items():
        yield _kind(others.filter(cell == letter), pl.lit(state))
    in_full = _in_full(others.filter(full))
    yield _kind(in_full, answered, **{name: pl.col(name) for name in PARTS})
    with_ratio = slash if in_full.is_empty() else slash | cell.str.starts_with("q")
    ratios = rows.filter(with_ratio)
    parts = {
        name: cells(text, ratios.height)
        for name, text in (("numerator", above), ("denominator", below))
    }
    ratios = ratios.with_columns(**parts).filter(slash)
    yield _kind(ratios, answered, **{name: pl.col(name) for name in parts})


def _kind(rows: pl.DataFrame, state: pl.Expr, **held: pl.Expr) -> pl.DataFrame:
    parts = [held.get(name, pl.lit(None, TEXTS[name])).alias(name) for name in PARTS]
    beside = pl.exclude("cell", *PARTS)
    return rows.select(beside, state.alias("state"), *parts)


def _in_full(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the parts that stand in their cells; each different cell is read once."""
    different = rows["cell"].unique().to_list()
    parts = [json.loads(cell[1:]) for cell in different]
    known = pl.DataFrame(parts, TEXTS, orient="row").with_columns(
        cell=pl.Series(different, dtype=pl.String)
    )
    return rows.join(known, on="cell", how="left")
