"""A shard laid out wide: the frame that is scored, and beside it the text of what went in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kpis.rules.cards import in_json
from kpis.rules.frames.answers import Reading
from kpis.rules.frames.cells import PLACE, Cells, grid, of_answers
from kpis.rules.frames.laid import Laid
from kpis.rules.frames.sites import cells_of_sites
from rulebooks.rules import attributes
from rulebooks.rules.answers import State
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.tree import Tree

TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')


@dataclass(frozen=True)
class Sheet:
    """A row per member, in order.

    ``frame`` is what ``kpis.rules.inputs.frame`` makes of the same answers; ``members`` their codes
    as JSON; ``inputs`` what ``kpis.rules.stored.write`` does; ``remarks`` hold, KPI by KPI, what
    became of answers, as it stands on a card; ``hand`` are the rows of members with an answer that
    this way cannot tell.
    """

    frame: pl.DataFrame
    members: pl.Series
    inputs: pl.Series
    remarks: list[pl.Series]
    hand: set[int]


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
    codes = pl.Series("/member", laid.members, dtype=pl.String)
    columns = [codes]
    for code, one in cells.items():
        ends = tree.kpis[code].counting_scale.parts
        columns.append(one.state.alias(f"{code}/state"))
        columns += [part.alias(code + end) for end, part in zip(ends, one.parts, strict=True)]
    columns += _attributes(tree, laid) + _levels(tree, readings.own, laid, height)
    members = quoted(laid.members)
    return Sheet(
        frame=pl.DataFrame(columns),
        members=members,
        inputs=_inputs({code: one.told for code, one in cells.items()}, members, laid, height),
        remarks=[one.remark for one in cells.values() if one.remark is not None],
        hand=hand,
    )


def _cells(readings: Readings, laid: Laid, height: int) -> tuple[dict[str, Cells], set[int]]:
    """Return the answers to each KPI, and rows of members who are looked at by hand."""
    own = readings.own
    values = laid.marked(own.place.alias("k"))
    elsewhere = [k for k, kpi in enumerate(own.kpis) if kpi in readings.more]
    strange = values["k"].is_null()
    hand = set(values["row"].filter(strange))
    if hand or elsewhere:
        values = values.filter(~strange & ~values["k"].is_in(elsewhere))
    found = own.found(values)
    hand.update(found["row"].filter(found["hand"]))
    cells = _own(own, found, height, elsewhere)
    for kpi in readings.more:
        cells[kpi.code], by_hand = of_answers(kpi, laid.more[kpi.code])
        hand.update(by_hand)
    if readings.at_sites.kpis:
        per_site = [k for k, kpi in enumerate(own.kpis) if kpi.per_site]
        stray = pl.col("k").is_in(per_site) & (pl.col("state") != PLACE[State.MISSING])
        at_sites, by_hand = cells_of_sites(readings.at_sites, laid)
        cells |= at_sites
        hand.update(found.filter(stray)["row"], *by_hand)
    return {code: cells[code] for code in (kpi.code for kpi in own.kpis)}, hand


def _own(
    reading: Reading, found: pl.DataFrame, height: int, elsewhere: Sequence[int]
) -> dict[str, Cells]:
    """Return the answers to each KPI that one answer a member says all about.

    They are slices of one long frame.
    """
    wide = _with_absent(reading, grid(found, kpis=len(reading.kpis), height=height), height)
    state, told, remark = (wide[name] for name in ("state", "told", "remark"))
    integers = [wide[name] for name in reading.integers]
    has_remarks = remark.null_count() < len(remark)
    cells = {}
    for k, kpi in enumerate(reading.kpis):
        if kpi.per_site is not None or k in elsewhere:
            continue
        at, parts = k * height, integers[: len(reading.scales[k].parts)]
        said = remark.slice(at, height) if has_remarks else None
        cells[kpi.code] = Cells(
            state=state.slice(at, height),
            parts=[part.slice(at, height) for part in parts],
            told=told.slice(at, height),
            remark=said if said is not None and said.null_count() < height else None,
        )
    return cells


def _with_absent(reading: Reading, wide: pl.DataFrame, height: int) -> pl.DataFrame:
    """Return the grid with what stands for no answer, and answers as they are stored."""
    k = pl.int_range(pl.len(), dtype=pl.UInt32) // height
    said = {name: pl.col(name) for name in ("text", "remark")}
    for name, absent in reading.absent.items():
        gone = pl.when(pl.col("state").is_null()).then(pl.lit(absent).gather(k))
        said[name] = gone.otherwise(said[name])
    return wide.select_seq(
        *reading.integers,
        pl.col("state").fill_null(PLACE[State.MISSING]),
        pl.concat_str(pl.lit(reading.begins).gather(k), said["text"]).alias("told"),
        said["remark"].alias("remark"),
    )


def quoted(texts: Sequence[str]) -> pl.Series:
    """Return texts as JSON."""
    odd = TO_ESCAPE.search("".join(texts))
    told = map(in_json, texts) if odd else (f'"{text}"' for text in texts)
    return pl.Series(list(told), dtype=pl.String)


def _attributes(tree: Tree, laid: Laid) -> list[pl.Series]:
    """Return the columns of attributes, null where one is not known."""
    known = laid.attributes or [{}] * len(laid.members)
    return [
        pl.Series(
            attributes.column(one.code),
            [one.integer(given.get(one.code)) for given in known],
            dtype=pl.Int64,
        )
        for one in tree.attributes.values()
    ]


def _levels(tree: Tree, own: Reading, laid: Laid, height: int) -> list[pl.Series]:
    """Return the columns of levels of assurance, 0 for the lowest: slices of a long one."""
    if tree.assurance is None:
        return []
    places = {code: place for place, code in enumerate(tree.assurance.codes())}
    found = laid.levels.select_seq(
        at=own.place.cast(pl.UInt32) * height + pl.col("row"),
        level=pl.col("level").replace_strict(places, return_dtype=pl.UInt8),
    ).drop_nulls()
    long = pl.zeros(len(own.kpis) * height, pl.UInt8, eager=True)
    long = long.scatter(found["at"], found["level"])
    return [
        long.slice(k * height, height).alias(f"{kpi.code}/level") for k, kpi in enumerate(own.kpis)
    ]


def _inputs(
    told: Mapping[str, pl.Series], members: pl.Series, laid: Laid, height: int
) -> pl.Series:
    """Return canonical JSON of all that was given of each member."""
    codes = sorted(told)
    columns = [members.alias("/member"), *(told[code].alias(code) for code in codes)]
    joined = pl.concat_str(codes, separator=",", ignore_nulls=True) if codes else pl.lit("")
    parts = [pl.lit('{"answers":{'), joined, pl.lit("}")]
    if not laid.levels.is_empty():
        parts += [_assurance(laid, height)]
    if laid.attributes is not None:
        known = [f',"attributes":{in_json(given)}' if given else "" for given in laid.attributes]
        parts += [pl.lit(pl.Series(known, dtype=pl.String))]
    parts += [pl.lit(',"member":'), pl.col("/member"), pl.lit("}")]
    return pl.DataFrame(columns).select_seq(pl.concat_str(parts)).to_series()


def _assurance(laid: Laid, height: int) -> pl.Expr:
    """Return the levels of each member as JSON, nothing for who has none."""
    named = [pl.lit(quoted(laid.levels[name].to_list())).alias(name) for name in ("kpi", "level")]
    by_row = (
        laid.levels.with_columns_seq(named)
        .sort("row", "kpi")
        .select_seq("row", told=pl.concat_str("kpi", "level", separator=":"))
        .group_by("row", maintain_order=True)
        .agg(pl.concat_str(pl.lit(',"assurance":{'), pl.col("told").str.join(","), pl.lit("}")))
    )
    rows = pl.DataFrame({"row": pl.Series(range(height), dtype=pl.UInt32)})
    joined = rows.join(by_row, on="row", how="left", maintain_order="left")
    return pl.lit(joined.to_series(1).fill_null(""))
