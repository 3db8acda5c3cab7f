"""A shard laid out wide: the frame that is scored, and beside it the text of what went in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from kpis.rules.cards import in_json
from kpis.rules.frames.answers import PLACE, Cells, Reading, grid, of_answers
from kpis.rules.frames.laid import Laid
from kpis.rules.frames.sites import cells_of_sites
from kpis.rules.plain import compact
from rulebooks.rules import attributes
from rulebooks.rules.answers import MISSING, State
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.tree import Tree

TO_ESCAPE = r'["\\\x00-\x1f]'


@dataclass(frozen=True)
class Sheet:
    """A row per member, in order.

    ``frame`` is what ``kpis.rules.inputs.frame`` makes of the same answers; ``members`` their codes
    as JSON; ``inputs`` what ``kpis.rules.stored.write`` does; ``remarks`` hold, by KPI, what became
    of answers; ``hand`` marks members with an answer that this way cannot tell.
    """

    frame: pl.DataFrame
    members: pl.Series
    inputs: pl.Series
    remarks: Mapping[str, pl.Series]
    hand: pl.Series


@dataclass(frozen=True)
class Readings:
    """How the KPIs of an edition are read: all of them of members, some of their sites too.

    ``more`` are those that no frame tells: each answer is read with what ``Laid.more`` holds.
    """

    own: Reading
    at_sites: Reading
    more: tuple[Kpi, ...]

    @classmethod
    def of(cls, tree: Tree) -> Readings:
        kpis = tuple(tree.kpis.values())
        added_up = tuple(kpi for kpi in kpis if kpi.per_site and not needs_answers(kpi))
        more = tuple(kpi for kpi in kpis if needs_answers(kpi))
        return cls(Reading(kpis), Reading(added_up), more)


def needs_answers(kpi: Kpi) -> bool:
    """Return whether more is read with an answer to ``kpi`` than a frame holds."""
    return kpi.per_site.told is None if kpi.per_site else kpi.reads_more


def sheet(tree: Tree, readings: Readings, laid: Laid) -> Sheet:
    """Return what is scored of the members of ``laid``."""
    height = len(laid.members)
    cells, hand = _cells(readings, laid, height)
    columns: dict[str, pl.Series] = {"/member": pl.Series(laid.members, dtype=pl.String)}
    for code, one in cells.items():
        columns[f"{code}/state"] = one.state
        ends = tree.kpis[code].counting_scale.parts
        columns |= {code + end: part for end, part in zip(ends, one.parts, strict=True)}
    columns |= _attributes(tree, laid) | _levels(tree, laid, height)
    members = quoted(columns["/member"])
    return Sheet(
        frame=pl.DataFrame(columns),
        members=members,
        inputs=_inputs({code: one.text for code, one in cells.items()}, members, laid, height),
        remarks={code: one.remark for code, one in cells.items() if one.remark is not None},
        hand=_marked(hand, height),
    )


def _cells(readings: Readings, laid: Laid, height: int) -> tuple[dict[str, Cells], list[pl.Series]]:
    """Return the answers to each KPI, and rows of members who are looked at by hand."""
    own = readings.own
    values = laid.marked()
    values = values.with_columns(k=own.places(values["kpi"]))
    more = [k for k, kpi in enumerate(own.kpis) if kpi in readings.more]
    found = own.found(values.filter(pl.col("k").is_not_null() & ~pl.col("k").is_in(more)))
    hand = [found.filter(pl.col("hand"))["row"], values.filter(pl.col("k").is_null())["row"]]
    wide = grid(found, kpis=len(own.kpis), height=height)
    cells = {
        kpi.code: _own(own, k, wide.slice(k * height, height))
        for k, kpi in enumerate(own.kpis)
        if kpi.per_site is None and k not in more
    }
    for kpi in readings.more:
        cells[kpi.code], by_hand = of_answers(kpi, laid.more[kpi.code])
        hand.append(pl.Series(by_hand, dtype=pl.UInt32))
    if readings.at_sites.kpis:
        per_site = [k for k, kpi in enumerate(own.kpis) if kpi.per_site]
        stray = pl.col("k").is_in(per_site) & (pl.col("state") != PLACE[State.MISSING])
        at_sites, by_hand = cells_of_sites(readings.at_sites, laid)
        cells |= at_sites
        hand += [found.filter(stray)["row"], *by_hand]
    return {code: cells[code] for code in (kpi.code for kpi in own.kpis)}, hand


def _own(reading: Reading, k: int, wide: pl.DataFrame) -> Cells:
    """Return the answers to a KPI that one answer a member says all about."""
    text, remark = wide["text"], wide["remark"]
    absent = reading.absent[k]
    if absent != MISSING:
        gone = wide["state"].is_null()
        text = text.zip_with(~gone, pl.Series([compact(absent)]))
        remark = remark.zip_with(~gone, pl.Series([absent.read_with.remark]))
    return Cells(
        state=wide["state"].fill_null(PLACE[State.MISSING]),
        parts=[wide[name] for name in reading.integers[: len(reading.scales[k].parts)]],
        text=text,
        remark=remark if remark.null_count() < len(remark) else None,
    )


def _marked(rows: Iterable[pl.Series], height: int) -> pl.Series:
    """Return True at ``rows``."""
    marked = pl.repeat(False, height, dtype=pl.Boolean, eager=True)
    return marked.scatter(pl.concat(rows), True)


def quoted(texts: pl.Series) -> pl.Series:
    """Return texts as JSON."""
    if texts.str.contains(TO_ESCAPE).any():
        return pl.Series([in_json(text) for text in texts], dtype=pl.String)
    return pl.select(pl.concat_str(pl.lit('"'), pl.lit(texts), pl.lit('"'))).to_series()


def _attributes(tree: Tree, laid: Laid) -> dict[str, pl.Series]:
    """Return the columns of attributes, null where one is not known."""
    nothing = pl.repeat(None, len(laid.members), dtype=pl.Int64, eager=True)
    return {
        attributes.column(one.code): nothing
        if laid.attributes is None
        else pl.Series(
            [one.integer(known.get(one.code)) for known in laid.attributes], dtype=pl.Int64
        )
        for one in tree.attributes.values()
    }


def _levels(tree: Tree, laid: Laid, height: int) -> dict[str, pl.Series]:
    """Return the columns of levels of assurance, 0 for the lowest."""
    if tree.assurance is None:
        return {}
    places = {code: place for place, code in enumerate(tree.assurance.codes())}
    by_kpi = laid.levels.partition_by("kpi", as_dict=True, include_key=False)
    lowest = pl.zeros(height, pl.UInt8, eager=True)
    found = {}
    for code in tree.kpis:
        held = by_kpi.get((code,))
        found[f"{code}/level"] = (
            lowest
            if held is None
            else lowest.clone().scatter(
                held["row"], held["level"].replace_strict(places, return_dtype=pl.UInt8)
            )
        )
    return found


def _inputs(
    texts: Mapping[str, pl.Series], members: pl.Series, laid: Laid, height: int
) -> pl.Series:
    """Return canonical JSON of all that was given of each member."""
    codes = sorted(texts)
    columns = {"/member": members} | {code: texts[code] for code in codes}
    answers = [pl.concat_str(pl.lit(f"{in_json(code)}:"), pl.col(code)) for code in codes]
    joined = pl.concat_str(answers, separator=",", ignore_nulls=True) if answers else pl.lit("")
    parts = [pl.lit('{"answers":{'), joined, pl.lit("}")]
    if not laid.levels.is_empty():
        parts += [_assurance(laid, height)]
    if laid.attributes is not None:
        told = [f',"attributes":{in_json(known)}' if known else "" for known in laid.attributes]
        parts += [pl.lit(pl.Series(told, dtype=pl.String))]
    parts += [pl.lit(',"member":'), pl.col("/member"), pl.lit("}")]
    return pl.DataFrame(columns).select(pl.concat_str(parts)).to_series()


def _assurance(laid: Laid, height: int) -> pl.Expr:
    """Return the levels of each member as JSON, nothing for who has none."""
    named = [pl.lit(quoted(laid.levels[name])).alias(name) for name in ("kpi", "level")]
    by_row = (
        laid.levels.with_columns(named)
        .sort("row", "kpi")
        .select("row", told=pl.concat_str("kpi", "level", separator=":"))
        .group_by("row", maintain_order=True)
        .agg(pl.concat_str(pl.lit(',"assurance":{'), pl.col("told").str.join(","), pl.lit("}")))
    )
    rows = pl.DataFrame({"row": pl.Series(range(height), dtype=pl.UInt32)})
    joined = rows.join(by_row, on="row", how="left", maintain_order="left")
    return pl.lit(joined.to_series(1).fill_null(""))
