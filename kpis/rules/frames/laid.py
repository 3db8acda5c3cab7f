"""What is read of a shard of members: frames with a row per answer, as it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from rulebooks.rules.answers import Answer, State

PARTS = ("number", "numerator", "denominator", "labels", "counts")
TEXTS = dict.fromkeys(PARTS, pl.String)
OF_VALUES = {"row": pl.UInt32, "kpi": pl.String, "state": pl.String, **TEXTS}
OF_SITES = {"place": pl.UInt32, "kpi": pl.String, "state": pl.String, **TEXTS}
OF_PLACES = {"row": pl.UInt32, "site": pl.String}
OF_WORDS = {"row": pl.UInt32, "kpi": pl.String, "outcome": pl.String, **TEXTS}
OF_LEVELS = {"row": pl.UInt32, "kpi": pl.String, "level": pl.String}
REPLACED = ("adjusted", "judged")


def _empty(schema: dict) -> pl.DataFrame:
    return pl.DataFrame(schema=schema)


@dataclass(frozen=True)
class Laid:
    """The members of a shard, by row from 0, and what stands in their returns.

    ``members`` are their codes. Numbers are text without needless zeros, ``labels`` a JSON list and
    ``counts`` a JSON object; null where there is none. ``words`` are the latest ones on values.
    ``attributes`` holds what rules may ask of each member; ``years`` the year that its answers are
    about. ``levels`` are those above the lowest.

    ``places`` are the sites that stand in a return, in order of members and of their codes; an
    answer in ``sites`` names its place there.

    ``more`` holds, by KPI, the answer of each member with all that it is read with, None for none:
    of KPIs that read earlier periods, rates, own lines, or the worst site. No frame has those.
    """

    members: list[str]
    values: pl.DataFrame
    words: pl.DataFrame = field(default_factory=lambda: _empty(OF_WORDS))
    places: pl.DataFrame = field(default_factory=lambda: _empty(OF_PLACES))
    sites: pl.DataFrame = field(default_factory=lambda: _empty(OF_SITES))
    levels: pl.DataFrame = field(default_factory=lambda: _empty(OF_LEVELS))
    more: Mapping[str, Sequence[Answer | None]] = field(default_factory=dict)
    attributes: list[dict[str, str | int]] | None = None
    years: list[int] | None = None

    def marked(self, *more: pl.Expr) -> pl.DataFrame:
        """Return the values as the latest words leave them, and ``more`` columns.

        ``approved`` is whether "does not apply" was, null while nobody has said so.
        """
        if self.words.is_empty():
            return self.values.with_columns_seq(pl.lit(None, pl.Boolean).alias("approved"), *more)
        outcome = pl.col("outcome")
        replaced, dropped = outcome.is_in(REPLACED), outcome == "unsupported"
        state = (
            pl.when(replaced.fill_null(False))
            .then(pl.lit(State.ANSWERED.value))
            .when(dropped.fill_null(False))
            .then(pl.lit(State.MISSING.value))
            .otherwise(pl.col("state"))
        )
        parts = [
            pl.when(replaced.fill_null(False))
            .then(pl.col(f"{part}/word"))
            .when(~dropped.fill_null(False))
            .then(pl.col(part))
            .alias(part)
            for part in PARTS
        ]
        said = {"approved": True, "refused": False}
        approved = outcome.replace_strict(said, default=None, return_dtype=pl.Boolean)
        joined = self.values.join(
            self.words, on=["row", "kpi"], how="left", suffix="/word", maintain_order="left"
        )
        return joined.select_seq(
            "row", "kpi", state.alias("state"), *parts, approved.alias("approved"), *more
        )
