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
    held = [code for code in concerned if code not in labelled]
    ends += [left[f"{code}/end"] for code in held]
    numbers = [*(code for codes in alike.values() for code in codes), *held]
    made = _of_numbers(found, numbers, ends, left) if numbers else {}
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
        return pl.Series([NOTHING]).new_from_index(0, found.frame.height * len(codes))
    steps = [one for code in codes for one in found.of(code, "steps").to_list()]
    ends = known.ends.setdefault(_step(node), {})
    for one in set(steps).difference(ends):
        ends[one] = NOTHING if one is None else f',"{node.rounding.published(one):f}"]'
    return pl.Series([ends[one] for one in steps], dtype=TEXT)


def _without(found: Computed, code: str) -> pl.Series:
    """Return the rest of the line of a node where it has no number."""
    held = found.of(code, "held")
    if held is None:
        return pl.Series([NOTHING]).new_from_index(0, found.frame.height)
    lacks = pl.when(pl.lit(held) == TOO_LITTLE).then(pl.lit(LACKING)).otherwise(pl.lit(NOTHING))
    return pl.select(lacks).to_series()


def _of_numbers(
    found: Computed, codes: Sequence[str], ends: Sequence[pl.Series], left: pl.DataFrame
) -> dict[str, pl.Series]:
    """Return the rest of each line of ``codes``, in lowest terms."""
    numbers, height = _lowest(found, codes), found.frame.height
    told = pl.concat_str(pl.lit(","), "n", pl.lit(","), "d", pl.lit(pl.concat(ends)))
    if numbers["n"].null_count():
        names = {code: f"{code}/rest" for code in codes}
        without = [
            left[name] if name in left.columns else _without(found, code)
            for code, name in names.items()
        ]
        told = told.fill_null(pl.lit(pl.concat(without)))
    long = numbers.select_seq(told).to_series()
    return {code: long.slice(place * height, height) for place, code in enumerate(codes)}


def _lowest(found: Computed, codes: Sequence[str]) -> pl.DataFrame:
    """Return numerators and denominators in lowest terms, node by node."""
    numbers = zip(*map(found.number, codes), strict=True)
    long = pl.DataFrame(
        [pl.concat(parts).alias(name) for name, parts in zip("nd", numbers, strict=True)]
    )
    n, d = pl.col("n"), pl.col("d")
    most = long.select_seq(pl.max_horizontal(n.abs().max(), d.max())).item()
    if (most or 0) <= INT64:
        long = long.cast(pl.Int64)
    of = (one or 0 for one in long["n"].to_list())
    common = pl.Series("by", list(map(gcd, of, long["d"].to_list())), dtype=long.schema["d"])
    return long.with_columns(common).select_seq(n // pl.col("by"), d // pl.col("by"))


def _labels(code: str, found: Computed) -> pl.Series:
    """Return the rest of the line of a node that publishes labels."""
    labels = found.of(code, "label").to_list()
    told = {label: rest(Line(code, label=label)) for label in set(labels)}
    return pl.Series([told[label] for label in labels], dtype=TEXT)
