"""The answers of sites as columns: rolled up, and as the text that is stored."""

from __future__ import annotations

import polars as pl

from kpis.rules.cards import in_json
from kpis.rules.frames.answers import PLACE, Cells, Reading, grid
from kpis.rules.frames.laid import Laid
from kpis.rules.plain import compact
from rulebooks.rules.answers import STATED, Answer, State
from rulebooks.rules.indicators import Kpi

PLACES = {state.value: PLACE[state] for state in STATED}
SILENCES = {state.value: compact(Answer(state)) for state in STATED if state is not State.ANSWERED}


def cells_of_sites(reading: Reading, laid: Laid) -> tuple[dict[str, Cells], list[pl.Series]]:
    """Return the answers to each KPI that sites answer, and rows of who is looked at by hand.

    A site that stands in a return is asked for every such KPI; where it has no answer it is
    missing.
    """
    places = laid.places.with_columns(quoted=_quoted(laid.places["site"]))
    wide = grid(_found(reading, laid), kpis=len(reading.kpis), height=places.height)
    cells, hand = {}, []
    for k, kpi in enumerate(reading.kpis):
        long = _long(kpi, places, wide.slice(k * places.height, places.height))
        cells[kpi.code], by_hand = _cells(kpi, long, laid)
        hand.append(by_hand)
    return cells, hand


def _found(reading: Reading, laid: Laid) -> pl.DataFrame:
    """Return each answer of a site: its place as ``row``, its KPI, integers, state and text.

    ``off`` marks what cannot be told so.
    """
    given = laid.sites.rename({"place": "row"}).with_columns(k=reading.places(laid.sites["kpi"]))
    is_answer = pl.col("state") == State.ANSWERED.value
    refused = [k for k, kpi in enumerate(reading.kpis) if kpi.not_applicable == "refused"]
    off = pl.col("k").is_in(refused) & (pl.col("state") == State.NOT_APPLICABLE.value)
    names = ["row", "k", "state", *reading.integers, "text", "off"]
    answers = reading.answered(given.filter(is_answer)).with_columns(off=~pl.col("fits"))
    silent = given.filter(~is_answer).with_columns(
        *(pl.lit(None, pl.Int64).alias(name) for name in reading.integers),
        text=pl.col("state").replace_strict(SILENCES, default=None, return_dtype=pl.String),
        off=off,
    )
    found = pl.concat([answers.select(names), silent.select(names)])
    return found.with_columns(pl.col("state").replace_strict(PLACES, return_dtype=pl.UInt8))


def _long(kpi: Kpi, places: pl.DataFrame, wide: pl.DataFrame) -> pl.DataFrame:
    """Return a row per site that stands in a return, with what it answered."""
    names = {f"/{place}": kpi.code + end for place, end in enumerate(kpi.scale.parts)}
    return pl.DataFrame(
        {
            "/row": places["row"],
            "/site": places["site"],
            "/quoted": places["quoted"],
            "/state": wide["state"].fill_null(PLACE[State.MISSING]),
            **{name: wide[column] for column, name in names.items()},
            "/text": wide["text"].fill_null("null"),
            "/off": wide["off"].fill_null(False),
        }
    )


def _cells(kpi: Kpi, long: pl.DataFrame, laid: Laid) -> tuple[Cells, pl.Series]:
    """Return what the members' sites come to, and rows of who is looked at by hand."""
    height = len(laid.members)
    missing = [PLACE[State.MISSING]] * height
    rolled = kpi.per_site.frame_of(
        kpi.code, long, missing, kpi.scale, kpi.direction, kpi.policy
    ).with_columns(row=pl.Series(range(height), dtype=pl.UInt32))
    texts = _texts(kpi, long, laid)
    made = rolled.join(texts, on="row", how="left", maintain_order="left")
    years = pl.Series([_without_sites(year) for year in laid.years], dtype=pl.String)
    remark = made["remark"]
    cells = Cells(
        state=made[f"{kpi.code}/state"],
        parts=[made[kpi.code + end] for end in kpi.counting_scale.parts],
        text=made["text"].zip_with(made["text"].is_not_null(), years),
        remark=remark if remark.null_count() < height else None,
    )
    return cells, texts.filter(pl.col("hand"))["row"]


def _texts(kpi: Kpi, long: pl.DataFrame, laid: Laid) -> pl.DataFrame:
    """Return the text to store of who has sites, the remark, and whether to look by hand."""
    by_row = long.group_by("/row").agg(
        sites=pl.concat_str("/quoted", "/text").str.join(","),
        hand=pl.col("/off").any() | (pl.len() > kpi.per_site.most_sites),
    )
    years = pl.Series([f',"year":{year}}}' for year in laid.years], dtype=pl.String)
    text = pl.concat_str(
        pl.lit('{"sites":{'), "sites", pl.lit("}"), pl.lit(years).gather(pl.col("/row"))
    )
    told_of = kpi.per_site.told_of(long, kpi.scale, kpi.policy)
    found = by_row.join(told_of, on="/row")
    return found.select(row="/row", text=text, remark="/told", hand="hand")


def _quoted(sites: pl.Series) -> pl.Series:
    """Return how the answer of each site begins."""
    codes = {site: f"{in_json(site)}:" for site in sites.unique()}
    return sites.replace_strict(codes, return_dtype=pl.String)


def _without_sites(year: int) -> str:
    return in_json({"state": "missing", "with": {"year": year}})
