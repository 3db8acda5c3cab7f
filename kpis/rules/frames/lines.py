"""The lines of all nodes as they stand on cards: one long column of numbers, not one a node."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

import polars as pl

from kpis.rules.cards import Line, in_json, listed
from kpis.rules.columns import TOO_LITTLE, Computed
from kpis.rules.frames.known import Known
from rulebooks.rules.aggregation import Word
from rulebooks.rules.rows import Held

TEXT = pl.String
INT64 = 2**63 - 1


def start(code: str) -> str:
    """Return how the line of a node begins."""
    return f"[{in_json(code)}"


def rest(line: Line) -> str:
    """Return what stands behind that."""
    return listed((line,))[len(start(line.node)) + 1 : -1]


def end(line: Line) -> str | None:
    """Return what stands behind numerator and denominator, None for a line without them."""
    if line.numerator is None:
        return None
    return rest(line)[len(f",{line.numerator},{line.denominator}") :]


NOTHING = rest(Line(""))
LACKING = rest(Line("", outcome=Held.NOT_ENOUGH_DATA.value))


def rests(known: Known, found: Computed, left: pl.DataFrame) -> dict[str, pl.Series]:
    """Return the rest of the line of each node; ``left`` says how grounds leave some of them.

    Nodes whose published numbers are written alike stand together.
    """
    nodes, concerned = known.edition.tree.nodes, known.concerned
    labelled = [code for code in found.nodes if nodes[code].labelled]
    alike: dict[str, list[str]] = {}
    for code in found.nodes:
        if code not in labelled and code not in concerned:
            alike.setdefault(_step(nodes[code]), []).append(code)
    ends = [_ends(known, found, codes) for codes in alike.values()]
    without = [_without(found, code) for codes in alike.values() for code in codes]
    held = [code for code in concerned if code not in labelled]
    ends += [left[f"{code}/end"] for code in held]
    without += [left[f"{code}/rest"] for code in held]
    numbers = [*(code for codes in alike.values() for code in codes), *held]
    made = _of_numbers(found, numbers, ends, without) if numbers else {}
    for code in labelled:
        made[code] = left[f"{code}/rest"] if code in concerned else _labels(code, found)
    return made


def _step(node: Word) -> str:
    """Return in what steps a node publishes, as it is written: 0.10 is not 0.1."""
    return "" if node.rounding == "none" else str(node.rounding.step)


def _ends(known: Known, found: Computed, codes: Sequence[str]) -> pl.Series:
    """Return the ends of the lines of nodes that publish in the same steps, one after another."""
    node = known.edition.tree.nodes[codes[0]]
    if node.rounding == "none":
        return pl.repeat(NOTHING, found.frame.height * len(codes), dtype=TEXT, eager=True)
    steps = pl.concat([found.of(code, "steps") for code in codes]).alias("steps")
    ends, different = known.ends.setdefault(_step(node), {}), steps.unique()
    told = different.to_list()
    for one in told:
        if one not in ends:
            shown = None if one is None else node.rounding.published(one)
            ends[one] = end(Line("", 1, 1, shown))
    table = pl.DataFrame([different, pl.Series("end", [ends[one] for one in told], dtype=TEXT)])
    joined = steps.to_frame().join(
        table, on="steps", how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["end"]


def _without(found: Computed, code: str) -> pl.Series:
    """Return the rest of the line of a node where it has no number."""
    held = found.of(code, "held")
    if held is None:
        return pl.repeat(NOTHING, found.frame.height, dtype=TEXT, eager=True)
    lacks = pl.when(pl.lit(held) == TOO_LITTLE).then(pl.lit(LACKING)).otherwise(pl.lit(NOTHING))
    return pl.select(lacks).to_series()


def _of_numbers(
    found: Computed, codes: Sequence[str], ends: Sequence[pl.Series], without: Sequence[pl.Series]
) -> dict[str, pl.Series]:
    """Return the rest of each line of ``codes``, in lowest terms."""
    numbers, height = _lowest(found, codes), found.frame.height
    told = pl.concat_str(pl.lit(","), "n", pl.lit(","), "d", pl.lit(pl.concat(ends)))
    long = numbers.select_seq(told.fill_null(pl.lit(pl.concat(without)))).to_series()
    return {code: long.slice(place * height, height) for place, code in enumerate(codes)}


def _lowest(found: Computed, codes: Sequence[str]) -> pl.DataFrame:
    """Return numerators and denominators in lowest terms, node by node."""
    long = pl.DataFrame(
        [
            pl.concat([found.of(code, part) for code in codes]).alias(name)
            for name, part in (("n", "numerator"), ("d", "divisor"))
        ]
    )
    n, d = pl.col("n"), pl.col("d")
    most = long.select_seq(pl.max_horizontal(n.abs().max(), d.max())).item()
    if (most or 0) <= INT64:
        long = long.cast(pl.Int64)
    of = long.with_columns_seq(n.fill_null(0).alias("of"))["of"].to_list()
    common = pl.Series("by", list(map(gcd, of, long["d"].to_list())), dtype=long.schema["d"])
    return long.with_columns(common).select_seq(n // pl.col("by"), d // pl.col("by"))


def _labels(code: str, found: Computed) -> pl.Series:
    labels = found.of(code, "label")
    told = {label: rest(Line(code, label=label)) for label in labels.unique()}
    return labels.replace_strict(told, return_dtype=TEXT)
