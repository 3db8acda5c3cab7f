"""The answers of sites as columns: rolled up, and as the text that is stored."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpis.rules.cards import in_json
from kpis.rules.frames.answers import Reading
from kpis.rules.frames.cells import PLACE, Cells, begin, begin_of_remark, grid
from kpis.rules.frames.laid import Laid
from kpis.rules.plain import compact
from rulebooks.rules.answers import STATED, Answer, State
from rulebooks.rules.indicators import Kpi

PLACES = {state.value: PLACE[state] for state in STATED}
SILENCES = {state.value: compact(Answer(state)) for state in STATED if state is not State.ANSWERED}


def cells_of_sites(reading: Reading, laid: Laid) -> tuple[dict[str, Cells], list[pl.Series]]:
    """Return the answers to each KPI that sites answer, and rows of who is looked at by hand.

    A site that stands in a return is asked for every such KPI; where it has no answer it is
    missing. KPIs that are rolled up alike are rolled up together.
    """
    places = laid.places.with_columns(quoted=_quoted(laid.places["site"]))
    wide = grid(_found(reading, laid), kpis=len(reading.kpis), height=places.height)
    cells, hand = {}, []
    for alike in _alike(reading):
        kpis = [reading.kpis[k] for k in alike]
        parts = [wide.slice(k * places.height, places.height) for k in alike]
        long = _long(kpis[0], places, parts, len(laid.members))
        made, by_hand = _cells(kpis, long, laid)
        cells |= made
        hand.append(by_hand)
    return cells, hand


def _alike(reading: Reading) -> list[list[int]]:
    """Return the places of KPIs, together where all that matters of them is the same."""
    found: list[tuple[tuple, list[int]]] = []
    for k, kpi in enumerate(reading.kpis):
        key = (kpi.per_site, kpi.scale, kpi.direction, kpi.policy)
        held = next((places for other, places in found if other == key), None)
        if held is None:
            found.append((key, held := []))
        held.append(k)
    return [places for _, places in found]


def _found(reading: Reading, laid: Laid) -> pl.DataFrame:
    """Return each answer of a site: its place as ``row``, its KPI, integers, state and text.

    ``off`` marks what cannot be told so. Answers to KPIs that are told one by one stand there too.
    """
    given = laid.sites.rename({"place": "row"}).with_columns(k=reading.place)
    given = given.filter(pl.col("k").is_not_null())
    refused = [k for k, kpi in enumerate(reading.kpis) if kpi.not_applicable == "refused"]
    off = pl.col("k").is_in(refused) & (pl.col("state") == State.NOT_APPLICABLE.value)
    answers, silent = reading.answered(given)
    answers = answers.select_seq(
        *reading.kept,
        state=pl.lit(PLACE[State.ANSWERED], pl.UInt8),
        off=pl.col("fits").not_(),
    )
    silent = silent.select_seq(
        "row",
        "k",
        *(pl.lit(None, pl.Int64).alias(name) for name in reading.integers),
        text=pl.col("state").replace_strict(SILENCES, default=None, return_dtype=pl.String),
        state=pl.col("state").replace_strict(PLACES, return_dtype=pl.UInt8),
        off=off,
    )
    return pl.concat([answers, silent])


def _long(
    kpi: Kpi, places: pl.DataFrame, parts: Sequence[pl.DataFrame], height: int
) -> pl.DataFrame:
    """Return a row per KPI and site that stands in a return, with what it answered.

    ``/row`` is whose it is, counted on from KPI to KPI; what the columns of integers are called is
    said by the first KPI.
    """
    names = {f"/{place}": kpi.code + end for place, end in enumerate(kpi.scale.parts)}
    whose = [places.with_columns(pl.col("row") + place * height) for place in range(len(parts))]
    beside, wide = pl.concat(whose), pl.concat(parts)
    return pl.DataFrame(
        {
            "/row": beside["row"],
            "/site": beside["site"],
            "/quoted": beside["quoted"],
            "/state": wide["state"].fill_null(PLACE[State.MISSING]),
            **{name: wide[column] for column, name in names.items()},
            "/text": wide["text"].fill_null("null"),
            "/off": wide["off"].fill_null(False),
        }
    )


def _cells(
    kpis: Sequence[Kpi], long: pl.DataFrame, laid: Laid
) -> tuple[dict[str, Cells], pl.Series]:
    """Return what the members' sites come to, and rows of who is looked at by hand."""
    kpi, height = kpis[0], len(laid.members)
    missing = [PLACE[State.MISSING]] * height * len(kpis)
    rolled = kpi.per_site.frame_of(kpi.code, long, missing, kpi.scale, kpi.direction, kpi.policy)
    texts = _texts(kpi, long, laid)
    made = rolled.with_row_index("row").join(texts, on="row", how="left", maintain_order="left")
    made = made.with_columns(_told(kpis, laid, height), _remarks(kpis, made["remark"], height))
    ends = kpi.counting_scale.parts
    state, told, remark, *parts = (
        made[name]
        for name in (f"{kpi.code}/state", "told", "remark", *(kpi.code + e for e in ends))
    )
    cells = {}
    for at, one in zip(range(0, made.height, height), kpis, strict=True):
        said = remark.slice(at, height)
        cells[one.code] = Cells(
            state=state.slice(at, height),
            parts=[part.slice(at, height) for part in parts],
            told=told.slice(at, height),
            remark=said if said.null_count() < height else None,
        )
    return cells, texts.filter(pl.col("hand")).select(pl.col("row") % height).to_series()


def _told(kpis: Sequence[Kpi], laid: Laid, height: int) -> pl.Expr:
    """Return the answers as they are stored, KPI by KPI."""
    years = pl.Series([_without_sites(year) for year in laid.years], dtype=pl.String)
    without = pl.lit(years).gather(pl.col("row") % height)
    begins = pl.lit(pl.Series(map(begin, kpis), dtype=pl.String)).gather(pl.col("row") // height)
    return pl.concat_str(begins, pl.coalesce("text", without)).alias("told")


def _remarks(kpis: Sequence[Kpi], said: pl.Series, height: int) -> pl.Expr:
    """Return what became of answers as it stands on cards, KPI by KPI."""
    quoted = {text: in_json(text) for text in said.drop_nulls().unique()}
    told = pl.col("remark").replace_strict(quoted, default=None, return_dtype=pl.String)
    begins = pl.Series(map(begin_of_remark, kpis), dtype=pl.String)
    row = pl.col("row") // height
    return pl.concat_str(pl.lit(begins).gather(row), told, pl.lit("]")).alias("remark")


def _texts(kpi: Kpi, long: pl.DataFrame, laid: Laid) -> pl.DataFrame:
    """Return the text to store of who has sites, the remark, and whether to look by hand."""
    by_row = long.group_by("/row").agg(
        sites=pl.concat_str("/quoted", "/text").str.join(","),
        hand=pl.col("/off").any() | (pl.len() > kpi.per_site.most_sites),
    )
    years = pl.Series([f',"year":{year}}}' for year in laid.years], dtype=pl.String)
    year = pl.lit(years).gather(pl.col("/row") % len(laid.years))
    text = pl.concat_str(pl.lit('{"sites":{'), "sites", pl.lit("}"), year)
    told_of = kpi.per_site.told_of(long, kpi.scale, kpi.policy)
    found = by_row.join(told_of, on="/row")
    return found.select(row="/row", text=text, remark="/told", hand="hand")


def _quoted(sites: pl.Series) -> pl.Series:
    """Return how the answer of each site begins."""
    codes = {site: f"{in_json(site)}:" for site in sites.unique()}
    return sites.replace_strict(codes, return_dtype=pl.String)


def _without_sites(year: int) -> str:
    return in_json({"state": "missing", "with": {"year": year}})
