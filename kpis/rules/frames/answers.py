"""The answers to one KPI as columns: state, integers, the text to store, what became of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from kpis.rules.frames.laid import PARTS
from kpis.rules.gathering import NOT_JUDGED, not_applicable
from kpis.rules.plain import compact
from rulebooks.rules.answers import STATES, Answer, State, With
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales import Scale
from rulebooks.rules.scales.stored import DECIMALS, Numbers, in_columns

NUMBERS = PARTS[:3]
PLACE = {state: place for place, state in enumerate(STATES)}


@dataclass(frozen=True)
class Cells:
    """One KPI: a frame with a row per member, in order, to be collected with all others.

    ``state`` is a place in ``STATES``; the columns ``parts`` are the integers of the scale that
    counts; ``text`` is null for a member without an answer; ``hand`` marks who has to be scored by
    hand.
    """

    frame: pl.LazyFrame
    parts: tuple[str, ...]


def told(scale: Scale, given: pl.DataFrame) -> pl.LazyFrame:
    """Return ``given`` with the integers of ``scale``, the text to store, and whether it ``fits``.

    Only of answers: of a row in another state the new columns say nothing.
    """
    stored = [pl.col(name).cast(pl.Decimal(38, DECIMALS), strict=False) for name in NUMBERS]
    found = in_columns(scale, Numbers(*(pl.col(f"/{name}") for name in NUMBERS)))
    if found is None:
        return _one_by_one(scale, given)
    used = NUMBERS[:1] if len(found.parts) == 1 else NUMBERS[1:]
    numbers = (
        n.to_physical().alias(f"/{name}")
        for n, name in zip(stored, NUMBERS, strict=True)
        if name in used
    )
    alone = pl.all_horizontal(pl.col(name).is_null() for name in PARTS if name not in used)
    text = pl.col("number")
    if len(used) == 2:
        text = pl.concat_str(pl.lit("["), used[0], pl.lit(","), used[1], pl.lit("]"))
    parts = {
        f"/{place}": pl.when(found.fits).then(part).cast(pl.Int64, strict=False)
        for place, part in enumerate(found.parts)
    }
    fits = found.fits & alone
    return given.lazy().with_columns(numbers).with_columns(**parts, fits=fits, text=text)


def _one_by_one(scale: Scale, given: pl.DataFrame) -> pl.LazyFrame:
    """Return the same where each different answer is read by itself."""
    different = given.select(PARTS).unique()
    rows = []
    for fields in different.iter_rows():
        answer = answer_of(*fields)
        fits = answer is not None and scale.problem(answer) is None
        integers = scale.integers(answer) if fits else (None,) * len(scale.parts)
        rows.append((*integers, fits, compact(answer) if fits else None))
    parts = {f"/{place}": pl.Int64 for place in range(len(scale.parts))}
    read = pl.DataFrame(rows, {**parts, "fits": pl.Boolean, "text": pl.String}, orient="row")
    known = different.hstack(read).lazy()
    return given.lazy().join(known, on=PARTS, how="left", nulls_equal=True, maintain_order="left")


def answer_of(
    number: str | None,
    numerator: str | None,
    denominator: str | None,
    labels: str | None,
    counts: str | None,
) -> Answer | None:
    """Return a stored answer; None for a number that cannot be stored in a card."""
    numbers = [n if n is None else Decimal(n) for n in (number, numerator, denominator)]
    if not all(n is None or n.is_finite() for n in numbers):
        return None
    return Answer(
        State.ANSWERED,
        *numbers,
        tuple(json.loads(labels)) if labels else (),
        tuple(sorted(json.loads(counts).items())) if counts else (),
    )


def cells(kpi: Kpi, given: pl.DataFrame, height: int) -> Cells:
    """Return the answers to a KPI that one answer a member says all about."""
    scale = kpi.counting_scale
    silent = _silences(kpi, told(scale, given))
    answered = pl.col("state") == State.ANSWERED.value
    parts = tuple(f"/{place}" for place in range(len(scale.parts)))
    made = silent.select(
        "row",
        *(pl.when(answered).then(pl.col(part)).alias(part) for part in parts),
        state=pl.when(answered & pl.col("fits")).then(PLACE[State.ANSWERED]).otherwise("/state"),
        text=pl.when(answered).then("text").otherwise("/text"),
        remark=pl.when(~answered).then("/remark"),
        hand=answered & ~pl.col("fits"),
    )
    whole = given.height == height and given["row"].is_sorted()
    return Cells(_with_absent(kpi, made, None if whole else height), parts)


def _silences(kpi: Kpi, given: pl.LazyFrame) -> pl.LazyFrame:
    """Add state, text and remark of what is no answer; they are the same for all who say it."""
    approvals = (True, False, None)
    said = [
        (State.MISSING, None, _judged(kpi, Answer(State.MISSING))),
        (State.UNKNOWN, None, Answer(State.UNKNOWN)),
        *(
            (State.NOT_APPLICABLE, approved, _judged(kpi, not_applicable(kpi, approved=approved)))
            for approved in approvals
        ),
    ]
    rows = [
        (
            state.value,
            approved,
            PLACE[answer.state],
            compact(answer),
            answer.read_with.remark or None,
        )
        for state, approved, answer in said
    ]
    columns = ("state", "approved", "/state", "/text", "/remark")
    types = (pl.String, pl.Boolean, pl.UInt8, pl.String, pl.String)
    silences = pl.DataFrame(rows, dict(zip(columns, types, strict=True)), orient="row")
    only = pl.when(pl.col("state") == State.NOT_APPLICABLE.value).then("approved")
    return given.with_columns(approved=only).join(
        silences.lazy(),
        on=["state", "approved"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )


def _judged(kpi: Kpi, answer: Answer) -> Answer:
    """Return ``answer``, or that nobody has judged yet where it is for somebody else to say."""
    if kpi.is_asked or answer.state is not State.MISSING:
        return answer
    return replace(answer, read_with=With(remark=NOT_JUDGED))


def _with_absent(kpi: Kpi, made: pl.LazyFrame, height: int | None) -> pl.LazyFrame:
    """Return a row for each of ``height`` members; who has no row in ``made`` has no answer.

    None where every member has one.
    """
    if height is not None:
        rows = pl.LazyFrame({"row": pl.Series(range(height), dtype=pl.UInt32)})
        made = rows.join(made, on="row", how="left", maintain_order="left")
    absent = _judged(kpi, Answer(State.MISSING))
    told_so = absent.read_with.remark or None
    gone = pl.col("state").is_null() & pl.col("hand").is_null()
    return made.with_columns(
        text=pl.when(gone).then(pl.lit(compact(absent) if told_so else None)).otherwise("text"),
        remark=pl.when(gone).then(pl.lit(told_so)).otherwise("remark"),
        state=pl.col("state").fill_null(PLACE[State.MISSING]).cast(pl.UInt8),
        hand=pl.col("hand").fill_null(False),
    )
