"""The answers of sites to one KPI as columns: rolled up, and as the text that is stored."""

from __future__ import annotations

import polars as pl

from kpis.rules.cards import in_json
from kpis.rules.frames.answers import PLACE, Cells, told
from kpis.rules.frames.laid import Laid
from kpis.rules.plain import compact
from rulebooks.rules.answers import STATED, Answer, State
from rulebooks.rules.indicators import Kpi

PLACES = {state.value: PLACE[state] for state in STATED}
SILENCES = {state.value: compact(Answer(state)) for state in STATED if state is not State.ANSWERED}


def cells_of_sites(kpi: Kpi, own: pl.DataFrame, laid: Laid) -> Cells:
    """Return the answers to a KPI that each site of a member answers.

    A site that stands in a return is asked for every such KPI; where it has no answer it is
    missing. Answers of the member itself have to be looked at by hand.
    """
    long = _long(kpi, laid)
    height = len(laid.members)
    scale = kpi.scale
    missing = [PLACE[State.MISSING]] * height
    wide = kpi.per_site.frame_of(
        kpi.code, long, missing, scale, kpi.direction, kpi.policy
    ).with_columns(row=pl.Series(range(height), dtype=pl.UInt32))
    texts = _texts(kpi, long, laid)
    stray = own.filter(pl.col("state") != State.MISSING.value)["row"]
    joined = wide.join(texts, on="row", how="left", maintain_order="left").with_columns(
        hand=pl.col("hand").fill_null(False) | pl.col("row").is_in(stray.implode())
    )
    ends = kpi.counting_scale.parts
    names = {kpi.code + end: f"/{place}" for place, end in enumerate(ends)}
    years = pl.Series([_without_sites(year) for year in laid.years], dtype=pl.String)
    made = joined.rename({**names, f"{kpi.code}/state": "state"}).with_columns(
        text=pl.col("text").fill_null(years)
    )
    return Cells(made.lazy(), tuple(names.values()))


def _long(kpi: Kpi, laid: Laid) -> pl.DataFrame:
    """Return a row per site that stands in a return, with what it answered."""
    given = laid.sites.filter(pl.col("kpi") == kpi.code)
    read = told(kpi.of_one_site.scale, given).collect()
    answered = pl.col("state") == State.ANSWERED.value
    refused = pl.col("state") == State.NOT_APPLICABLE.value
    off = answered & ~pl.col("fits")
    if kpi.not_applicable == "refused":
        off |= refused
    names = [kpi.code + end for end in kpi.scale.parts]
    on_scale = answered & pl.col("fits")
    parts = {name: pl.when(on_scale).then(pl.col(f"/{place}")) for place, name in enumerate(names)}
    silence = pl.col("state").replace_strict(SILENCES, default=None, return_dtype=pl.String)
    read = read.select(
        "row",
        "site",
        **parts,
        state=pl.col("state").replace_strict(PLACES, return_dtype=pl.UInt8),
        text=pl.when(answered).then("text").otherwise(silence),
        off=off,
    )
    whole = laid.places.join(read, on=["row", "site"], how="left", maintain_order="left")
    return whole.select(
        pl.col("row").alias("/row"),
        pl.col("site").alias("/site"),
        pl.col("state").fill_null(PLACE[State.MISSING]).alias("/state"),
        *names,
        pl.col("text").fill_null("null").alias("/text"),
        pl.col("off").fill_null(False).alias("/off"),
    )


def _texts(kpi: Kpi, long: pl.DataFrame, laid: Laid) -> pl.DataFrame:
    """Return the text to store of who has sites, the remark, and whether to look by hand."""
    codes = {site: f"{in_json(site)}:" for site in laid.places["site"].unique()}
    start = pl.col("/site").replace_strict(codes, return_dtype=pl.String)
    by_row = long.group_by("/row").agg(
        sites=pl.concat_str(start, "/text").str.join(","),
        hand=pl.col("/off").any() | (pl.len() > kpi.per_site.most_sites),
    )
    years = pl.Series([f',"year":{year}}}' for year in laid.years], dtype=pl.String)
    text = pl.concat_str(
        pl.lit('{"sites":{'), "sites", pl.lit("}"), pl.lit(years).gather(pl.col("/row"))
    )
    told_of = kpi.per_site.told_of(long, kpi.scale, kpi.policy)
    found = by_row.join(told_of, on="/row")
    return found.select(row="/row", text=text, remark="/told", hand="hand")


def _without_sites(year: int) -> str:
    return in_json({"state": "missing", "with": {"year": year}})
