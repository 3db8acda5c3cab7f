"""Cards from a sheet: the bytes that are stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from hashlib import sha256

import polars as pl

from kpis.rules import columns, grounds
from kpis.rules.cards import in_json
from kpis.rules.columns import Computed
from kpis.rules.frames.known import Known, joined, known_of
from kpis.rules.frames.laid import Laid
from kpis.rules.frames.left import left
from kpis.rules.frames.lines import rests, start
from kpis.rules.frames.sheets import Sheet, sheet
from kpis.rules.stored import Stored
from rulebooks.rules.answers import SILENT, STATES
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import in_states

TEXTS = [field.name for field in fields(Stored)]
STATE_NAMES = {place: state.value for place, state in enumerate(STATES)}


@dataclass(frozen=True)
class Made:
    """Rows as they are stored, and the rows of members who have to be scored by hand.

    ``rows`` has ``row``, ``card``, ``inputs``, ``digest``, ``fingerprint``, ``total``, ``band`` and
    ``verdict``; ``total`` is text in the digits that are published.
    """

    rows: pl.DataFrame
    by_hand: list[int]

    def alone(self) -> Stored:
        """Return what is to be stored of the only member."""
        [row] = self.rows.iter_rows(named=True)
        total = None if row["total"] is None else Decimal(row["total"])
        told = {name: row[name] for name in TEXTS}
        return Stored(**told | {"total": total})


def suits(edition: Edition) -> bool:
    """Return whether members can be scored on frames under ``edition``.

    Not where a number is too large for columns.
    """
    tree = edition.tree
    whens = (rule.when for rule in grounds.rules(edition).values())
    return tree.fitting >= tree.nodes.keys() and all(tree.fits(when) for when in whens)


def score(edition: Edition, edition_sha256: str, laid: Laid) -> Made:
    """Return what is to be stored for the members of ``laid``, as ``stored.score`` makes it."""
    known = known_of(edition)
    made = sheet(edition.tree, known.readings, laid)
    found = columns.computed(edition.tree, made.frame, known.whens)
    by_hand = sorted(made.hand.union(*_without_why(known, found)))
    texts = _cards(known, made, found)
    prints = [sha256(f"{edition_sha256}\n{inputs}".encode()).hexdigest() for inputs in made.inputs]
    digests = [sha256(card.encode()).hexdigest() for card in texts["card"]]
    rows = texts.with_columns_seq(
        pl.Series("row", range(len(prints)), dtype=pl.UInt32),
        made.inputs.alias("inputs"),
        pl.Series("digest", digests, dtype=pl.String),
        pl.Series("fingerprint", prints, dtype=pl.String),
    )
    kept = rows.filter(~rows["row"].is_in(by_hand)) if by_hand else rows
    return Made(kept, by_hand)


def _without_why(known: Known, found: Computed) -> Iterator[pl.Series]:
    """Yield the rows whose calculated KPI has no number: why not is asked of each member."""
    for code in known.calculated:
        yield found.of(code, "numerator").is_null().arg_true()


def _cards(known: Known, made: Sheet, found: Computed) -> pl.DataFrame:
    """Return card, total, band and verdict of each row."""
    unanswered = joined(_knock_outs(known, made))
    kept = left(known, found, unanswered)
    lines = rests(known, found, kept)
    parts: list[str | pl.Series] = [f"[{in_json(known.edition.code)},", made.members, ",["]
    for place, code in enumerate(known.edition.tree.nodes):
        parts += ["," * (place > 0) + start(code), lines[code]]
    parts += ["],", kept["tail"], ",["]
    parts += [] if unanswered is None else [unanswered]
    parts += ["],", kept["grounds"], ",["]
    remarks = joined(made.remarks)
    parts += [] if remarks is None else [remarks]
    card = pl.concat_str([pl.lit(part) for part in [*parts, "]]"]]).alias("card")
    return kept.select_seq(card, "total", "band", "verdict")


def _knock_outs(known: Known, made: Sheet) -> Iterator[pl.Series]:
    """Yield each KPI that may not be left unanswered and was, as JSON."""
    for code in known.strict:
        state = pl.col(f"{code}/state").replace_strict(STATE_NAMES, return_dtype=pl.String)
        told = pl.concat_str(pl.lit(f'[{in_json(code)},"'), state, pl.lit('"]'))
        silent = pl.when(in_states(code, SILENT)).then(told)
        yield made.frame.select_seq(silent).to_series()
