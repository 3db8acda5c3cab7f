"""Cards of members, one or many: scored on frames, by hand where that is needed, then written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from io import BytesIO

import polars as pl
from django.db import connection, transaction

from kpis import selectors
from kpis.models import ScoreRun
from kpis.rules import frames, stored

# Neither stands in JSON or in a code, so nothing has to be quoted.
BETWEEN, QUOTE, NOTHING = "\x02", "\x01", "\x03"
COPY = (
    "copy kpis_scorecard (member_id, of_return_id, run_id, period_id, edition_id, card, inputs,"
    " digest, fingerprint, total, band, verdict)"
    " from stdin (format csv, delimiter e'\\x02', quote e'\\x01', null e'\\x03')"
)
TEXTS = ("card", "inputs", "digest", "fingerprint", "total", "band", "verdict")


@transaction.atomic
def write_cards(*, run: ScoreRun, member_ids: Sequence[int]) -> None:
    """Score these members as they stand now, and store a card of ``run`` for each.

    They are asked what the edition of the run asks, whatever edition governs its period since.
    """
    edition = run.edition.document
    run.period.edition = run.edition
    if not frames.suits(edition):
        _copy(run, _by_hand(run, member_ids))
        return
    laid, returns = selectors.laid_out(member_ids, period=run.period)
    made = frames.score(edition, run.edition.sha256, laid)
    whose = pl.DataFrame(
        {
            "row": pl.Series(range(len(member_ids)), dtype=pl.UInt32),
            "member": pl.Series(member_ids, dtype=pl.Int64),
            "return": pl.Series(returns, dtype=pl.Int64),
        }
    )
    rows = whose.join(made.rows, on="row", maintain_order="left")
    _copy(run, rows.select("member", "return", *TEXTS))
    if made.by_hand:
        _copy(run, _by_hand(run, [member_ids[row] for row in made.by_hand]))


def _by_hand(run: ScoreRun, member_ids: Sequence[int]) -> pl.DataFrame:
    """Return the rows of members who are scored one by one."""
    found = selectors.scored_inputs(member_ids, period=run.period)
    given = [found[pk][1] for pk in member_ids]
    made = stored.score(run.edition.document, run.edition.sha256, given)
    rows = []
    for pk, one in zip(member_ids, made, strict=True):
        card, inputs, digest, fingerprint, total, band, verdict = astuple(one)
        told = None if total is None else f"{total:f}"
        of_return = found[pk][0].of_return
        rows.append((pk, of_return, card, inputs, digest, fingerprint, told, band, verdict))
    types = {"member": pl.Int64, "return": pl.Int64, **dict.fromkeys(TEXTS, pl.String)}
    return pl.DataFrame(rows, types, orient="row")


def _copy(run: ScoreRun, rows: pl.DataFrame) -> None:
    of_run = {"run": run.pk, "period": run.period_id, "edition": run.edition_id}
    literals = [pl.lit(pk).alias(name) for name, pk in of_run.items()]
    stream = BytesIO()
    rows.select("member", "return", *literals, *TEXTS).write_csv(
        stream,
        include_header=False,
        separator=BETWEEN,
        quote_char=QUOTE,
        quote_style="never",
        null_value=NOTHING,
    )
    stream.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY, stream)
