"""Cards from a sheet: lines, what grounds leave of them, and the bytes that are stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from math import gcd
from operator import or_

import polars as pl

from kpis.rules import columns, grounds
from kpis.rules.cards import KnockOut, Line, in_json, listed
from kpis.rules.columns import TOO_LITTLE, Computed
from kpis.rules.frames.laid import Laid
from kpis.rules.frames.sheets import Readings, Sheet, sheet
from rulebooks.rules.aggregation import Word
from rulebooks.rules.answers import SILENT, STATES
from rulebooks.rules.attributes import Submission
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import in_states
from rulebooks.rules.rows import Held

TEXT = pl.String
INT64 = 2**63 - 1
MOST_KNOWN = 100_000  # texts, some 20 MiB
STATE_NAMES = {place: state.value for place, state in enumerate(STATES)}


@dataclass(frozen=True)
class Made:
    """Rows as they are stored, and the rows of members who have to be scored by hand.

    ``rows`` has ``row``, ``card``, ``inputs``, ``digest``, ``fingerprint``, ``total``, ``band`` and
    ``verdict``; ``total`` is text in the digits that are published.
    """

    rows: pl.DataFrame
    by_hand: list[int]


@dataclass(frozen=True)
class Known:
    """What shards of an edition share: how answers are read, and texts.

    Few numbers are published, many times each.
    """

    readings: Readings
    keys: dict[tuple, tuple]
    ends: dict[str, dict[int | None, str]]


_KNOWN: dict[int, tuple[Edition, Known]] = {}


def _known(edition: Edition) -> Known:
    """Return what is known of ``edition`` in this process; it is forgotten when it grows large."""
    of, known = _KNOWN.get(id(edition), (None, None))
    full = known and len(known.keys) + sum(map(len, known.ends.values())) > MOST_KNOWN
    if of is not edition or full:
        _KNOWN.clear()
        known = Known(Readings.of(edition.tree), {}, {})
        _KNOWN[id(edition)] = (edition, known)
    return known


def suits(edition: Edition) -> bool:
    """Return whether members can be scored on frames under ``edition``.

    Not where the way in which a return came in is asked, nor where a number is too large for
    columns.
    """
    tree = edition.tree
    whens = (rule.when for rule in grounds.rules(edition).values())
    return (
        tree.fitting >= tree.nodes.keys()
        and all(tree.fits(when) for when in whens)
        and not any(isinstance(one, Submission) for one in edition.attributes_asked)
    )


def score(edition: Edition, edition_sha256: str, laid: Laid) -> Made:
    """Return what is to be stored for the members of ``laid``, as ``stored.score`` makes it."""
    made = sheet(edition.tree, _known(edition).readings, laid)
    whens = {code: rule.when for code, rule in grounds.rules(edition).items()}
    found = columns.computed(edition.tree, made.frame, whens)
    texts = _cards(edition, made, found)
    prints = [sha256(f"{edition_sha256}\n{inputs}".encode()).hexdigest() for inputs in made.inputs]
    digests = [sha256(card.encode()).hexdigest() for card in texts["card"]]
    height = len(laid.members)
    rows = texts.with_columns(
        row=pl.Series(range(height), dtype=pl.UInt32),
        inputs=made.inputs,
        digest=pl.Series(digests, dtype=TEXT),
        fingerprint=pl.Series(prints, dtype=TEXT),
    )
    hand = _by_hand(edition, made, found)
    return Made(rows.filter(~hand), rows["row"].filter(hand).to_list())


def _by_hand(edition: Edition, made: Sheet, found: Computed) -> pl.Series:
    """Return whose calculated KPI has no number: why not is asked of each member."""
    calculated = [code for code, node in edition.tree.nodes.items() if node.calculated]
    return reduce(or_, (found.nodes[code]["n"].is_null() for code in calculated), made.hand)


def _cards(edition: Edition, made: Sheet, found: Computed) -> pl.DataFrame:
    """Return card, total, band and verdict of each row."""
    unanswered = _knock_outs(edition, made)
    keys = _keys(edition, found, unanswered)
    left = _left(edition, keys)
    joined = keys.join(left, on=keys.columns, how="left", nulls_equal=True, maintain_order="left")
    lines = [
        _line(
            edition, node, found.nodes[code], joined if f"{code}/whole" in joined.columns else None
        )
        for code, node in edition.tree.nodes.items()
    ]
    parts = [
        pl.lit(f"[{in_json(edition.code)},"),
        pl.lit(made.members),
        pl.lit(",["),
        pl.concat_str(map(pl.lit, lines), separator=",") if lines else pl.lit(""),
        pl.lit("],"),
        pl.col("tail"),
        pl.lit(",["),
        pl.lit(unanswered),
        pl.lit("],"),
        pl.col("grounds"),
        pl.lit(",["),
        pl.lit(_remarks(made)),
        pl.lit("]]"),
    ]
    return joined.select(pl.concat_str(parts).alias("card"), "total", "band", "verdict")


def _joined(parts: list[pl.Expr], made: Sheet) -> pl.Series:
    """Return texts joined by commas, empty where there are none."""
    if not parts:
        return pl.Series([""]).new_from_index(0, made.frame.height)
    return made.frame.select(pl.concat_str(parts, separator=",", ignore_nulls=True)).to_series()


def _knock_outs(edition: Edition, made: Sheet) -> pl.Series:
    """Return every KPI that may not be left unanswered and was, as JSON."""
    strict = [kpi.code for kpi in edition.kpis if kpi.policy == "knock_out"]
    parts = []
    for code in strict:
        state = pl.col(f"{code}/state").replace_strict(STATE_NAMES, return_dtype=TEXT)
        told = pl.concat_str(pl.lit(f'[{in_json(code)},"'), state, pl.lit('"]'))
        parts.append(pl.when(in_states(code, SILENT)).then(told))
    return _joined(parts, made)


def _remarks(made: Sheet) -> pl.Series:
    parts = []
    for code, said in made.remarks.items():
        different = said.drop_nulls().unique().to_list()
        quoted = {text: f"[{in_json(code)},{in_json(text)}]" for text in different}
        parts.append(pl.lit(said.replace_strict(quoted, default=None, return_dtype=TEXT)))
    return _joined(parts, made)


def _keys(edition: Edition, found: Computed, unanswered: pl.Series) -> pl.DataFrame:
    """Return all that grounds, bands and verdict depend on: a row per member, few different ones.

    For each node concerned what is published, and whether it has a number, and enough data.
    """
    columns: dict[str, pl.Series] = {"/unanswered": unanswered != ""}
    for code in _concerned(edition):
        of = found.nodes[code]
        if edition.tree.nodes[code].labelled:
            columns[f"{code}/label"] = of["label"]
            continue
        columns[f"{code}/steps"] = of["steps"].cast(TEXT)
        columns[f"{code}/none"] = of["n"].is_null()
        columns[f"{code}/lacks"] = of["n"].is_null() & (of["held"] == TOO_LITTLE)
    columns |= {f"{code}/fired": fired for code, fired in found.fired.items()}
    return pl.DataFrame(columns)


def _concerned(edition: Edition) -> list[str]:
    of_bands = edition.bands.of if edition.bands else None
    wanted = (edition.scoring.total, edition.scoring.verdict, of_bands)
    return list(dict.fromkeys(code for code in wanted if code is not None))


def _left(edition: Edition, keys: pl.DataFrame) -> pl.DataFrame:
    """Return what grounds leave of each different row of ``keys``, as texts."""
    different = keys.unique()
    known = _known(edition).keys
    rows = []
    for key in different.iter_rows():
        if key not in known:
            known[key] = _of_key(edition, dict(zip(keys.columns, key, strict=True)))
        rows.append(known[key])
    concerned = _concerned(edition)
    names = ["tail", "grounds", "total", "band", "verdict"]
    names += [f"{code}/{part}" for code in concerned for part in ("whole", "end")]
    return different.hstack(pl.DataFrame(rows, dict.fromkeys(names, TEXT), orient="row"))


def _of_key(edition: Edition, key: Mapping[str, object]) -> tuple[str | None, ...]:
    fired = tuple(
        rule.ground for code, rule in grounds.rules(edition).items() if key[f"{code}/fired"]
    )
    made = grounds.card(
        edition,
        "",
        tuple(_before(edition, key)),
        unanswered=(KnockOut("", ""),) if key["/unanswered"] else (),
        grounds=fired,
    )
    total = None if made.total is None else f"{made.total:f}"
    tail = ",".join(map(in_json, (total, made.verdict, made.band, made.status)))
    ends = [part for line in made.lines for part in (line_in_json(line), _end(line))]
    told = listed(made.grounds)
    return (tail, told, total, made.band or "", made.verdict or "", *ends)


def _before(edition: Edition, key: Mapping[str, object]) -> Iterator[Line]:
    """Yield the lines concerned before grounds change them; their exact numbers do not matter."""
    for code in _concerned(edition):
        node = edition.tree.nodes[code]
        if node.labelled:
            yield Line(code, label=key[f"{code}/label"])
        elif key[f"{code}/none"]:
            lacks = key[f"{code}/lacks"]
            yield Line(code, outcome=Held.NOT_ENOUGH_DATA.value if lacks else None)
        else:
            steps = key[f"{code}/steps"]
            shown = None if steps is None else node.rounding.published(int(steps))
            yield Line(code, 1, 1, shown)


def line_in_json(line: Line) -> str:
    """Return a line as it stands in a card."""
    return listed((line,))[1:-1]


def _end(line: Line) -> str | None:
    """Return what stands behind numerator and denominator, None for a line without them."""
    if line.numerator is None:
        return None
    start = f"[{in_json(line.node)},{line.numerator},{line.denominator}"
    return line_in_json(line)[len(start) :]


def _line(edition: Edition, node: Word, of: pl.DataFrame, left: pl.DataFrame | None) -> pl.Series:
    """Return the line of a node for each row; ``left`` says how grounds leave it."""
    if left is not None:
        whole, end = left[f"{node.code}/whole"], left[f"{node.code}/end"]
    else:
        whole, end = _plain(edition, node, of)
    if node.labelled:
        return whole
    n, d = _lowest(of)
    start = pl.lit(f"[{in_json(node.code)},")
    told = pl.concat_str(start, pl.lit(n), pl.lit(","), pl.lit(d), pl.lit(end))
    return pl.select(
        pl.when(pl.lit(of["n"].is_null())).then(pl.lit(whole)).otherwise(told)
    ).to_series()


def _plain(edition: Edition, node: Word, of: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Return a line without a number, and the end of one with a number."""
    if node.labelled:
        different = of["label"].unique().to_list()
        lines = {label: line_in_json(Line(node.code, label=label)) for label in different}
        whole = of["label"].replace_strict(lines, return_dtype=TEXT)
        return whole, whole
    nothing = line_in_json(Line(node.code))
    lacking = line_in_json(Line(node.code, outcome=Held.NOT_ENOUGH_DATA.value))
    lacks = pl.when(pl.col("held") == TOO_LITTLE).then(pl.lit(lacking)).otherwise(pl.lit(nothing))
    whole = of.select(lacks).to_series()
    different = of["steps"].unique().to_list()
    known = _known(edition).ends.setdefault(node.code, {})
    for steps in different:
        if steps not in known:
            shown = None if steps is None else node.rounding.published(steps)
            known[steps] = _end(Line(node.code, 1, 1, shown))
    ends = {steps: known[steps] for steps in different}
    table = pl.DataFrame(
        {"steps": pl.Series(list(ends), dtype=pl.Int128), "end": list(ends.values())}
    )
    joined = of.select("steps").join(
        table, on="steps", how="left", nulls_equal=True, maintain_order="left"
    )
    return whole, joined["end"]


def _lowest(of: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Return numerators and denominators in lowest terms, as text."""
    n, d = of["n"].fill_null(0), of["d"]
    if max(n.abs().max() or 0, d.max() or 0) <= INT64:
        n, d = n.cast(pl.Int64), d.cast(pl.Int64)
    common = pl.Series(list(map(gcd, n.to_list(), d.to_list())), dtype=n.dtype)
    return (n // common).cast(TEXT), (d // common).cast(TEXT)
