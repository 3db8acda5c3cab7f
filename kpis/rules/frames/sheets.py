"""A shard laid out wide: the frame that is scored, and beside it the text of what went in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kpis.rules.cards import in_json
from kpis.rules.frames.answers import Cells, cells
from kpis.rules.frames.laid import OF_VALUES, Laid
from kpis.rules.frames.sites import cells_of_sites
from rulebooks.rules import attributes
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.tree import Tree


@dataclass(frozen=True)
class Sheet:
    """A row per member, in order.

    ``frame`` is what ``kpis.rules.inputs.frame`` makes of the same answers; ``inputs`` what
    ``kpis.rules.stored.write`` does; ``remarks`` hold, by KPI, what became of answers; ``hand``
    marks members with an answer that this way cannot tell.
    """

    frame: pl.DataFrame
    inputs: pl.Series
    remarks: Mapping[str, pl.Series]
    hand: pl.Series


def sheet(tree: Tree, laid: Laid) -> Sheet:
    """Return what is scored of the members of ``laid``."""
    height = len(laid.members)
    by_kpi = laid.marked().partition_by("kpi", as_dict=True, include_key=False)
    found = {
        kpi.code: _cells(kpi, by_kpi.get((kpi.code,)), laid, height) for kpi in tree.kpis.values()
    }
    made = dict(zip(found, pl.collect_all([one.frame for one in found.values()]), strict=True))
    columns: dict[str, pl.Series] = {"/member": pl.Series(laid.members, dtype=pl.String)}
    for code, one in found.items():
        columns[f"{code}/state"] = made[code]["state"]
        ends = tree.kpis[code].counting_scale.parts
        columns |= {code + end: made[code][p] for p, end in zip(one.parts, ends, strict=True)}
    columns |= _attributes(tree, laid) | _levels(tree, laid, height)
    strays = [part["row"] for (code,), part in by_kpi.items() if code not in tree.kpis]
    hand = pl.select(
        pl.any_horizontal(
            pl.lit(pl.zeros(height, pl.Boolean, eager=True)),
            *(pl.lit(one["hand"]) for one in made.values()),
        )
    ).to_series()
    rows = pl.Series(range(height), dtype=pl.UInt32)
    for stray in strays:
        hand |= rows.is_in(stray.implode())
    texts = {code: one["text"] for code, one in made.items()}
    remarks = {code: one["remark"] for code, one in made.items()}
    told = {code: said for code, said in remarks.items() if said.null_count() < height}
    return Sheet(pl.DataFrame(columns), _inputs(texts, laid, height), told, hand)


def _cells(kpi: Kpi, given: pl.DataFrame | None, laid: Laid, height: int) -> Cells:
    if given is None:
        given = pl.DataFrame(schema={**OF_VALUES, "approved": pl.Boolean}).drop("kpi")
    if kpi.per_site is not None:
        return cells_of_sites(kpi, given, laid)
    return cells(kpi, given, height)


def _attributes(tree: Tree, laid: Laid) -> dict[str, pl.Series]:
    """Return the columns of attributes, null where one is not known."""
    given = laid.attributes or [{}] * len(laid.members)
    return {
        attributes.column(one.code): pl.Series(
            [one.integer(known.get(one.code)) for known in given], dtype=pl.Int64
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


def _inputs(texts: Mapping[str, pl.Series], laid: Laid, height: int) -> pl.Series:
    """Return canonical JSON of all that was given of each member."""
    answers = [
        pl.concat_str(pl.lit(f"{in_json(code)}:"), pl.lit(texts[code])) for code in sorted(texts)
    ]
    joined = pl.concat_str(answers, separator=",", ignore_nulls=True) if answers else pl.lit("")
    members = pl.Series([in_json(code) for code in laid.members], dtype=pl.String)
    parts = [pl.lit('{"answers":{'), joined, pl.lit("}")]
    if not laid.levels.is_empty():
        parts += [_assurance(laid, height)]
    if laid.attributes is not None:
        told = [f',"attributes":{in_json(known)}' if known else "" for known in laid.attributes]
        parts += [pl.lit(pl.Series(told, dtype=pl.String))]
    parts += [pl.lit(',"member":'), pl.lit(members), pl.lit("}")]
    return pl.select(pl.concat_str(parts)).to_series()


def _assurance(laid: Laid, height: int) -> pl.Expr:
    """Return the levels of each member as JSON, nothing for who has none."""
    quoted = [
        pl.col(name).map_elements(in_json, return_dtype=pl.String) for name in ("kpi", "level")
    ]
    by_row = (
        laid.levels.sort("row", "kpi")
        .select("row", told=pl.concat_str(quoted, separator=":"))
        .group_by("row", maintain_order=True)
        .agg(pl.concat_str(pl.lit(',"assurance":{'), pl.col("told").str.join(","), pl.lit("}")))
    )
    rows = pl.DataFrame({"row": pl.Series(range(height), dtype=pl.UInt32)})
    joined = rows.join(by_row, on="row", how="left", maintain_order="left")
    return pl.lit(joined.to_series(1).fill_null(""))
