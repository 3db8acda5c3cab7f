"""Answers to all KPIs in one long frame: integers, the text to store, and who is looked at by hand.

A KPI is named by its place among those of the edition. All that is the same for every member is
told once, by ``Reading``; so the number of expressions does not depend on how many KPIs there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

import polars as pl

from kpis.rules.frames.cells import PLACE, begin, remark_of
from kpis.rules.frames.laid import PARTS
from kpis.rules.gathering import NOT_JUDGED, not_applicable
from kpis.rules.plain import compact
from rulebooks.rules.answers import MISSING, Answer, State, With, counts_of
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.quotients import whole
from rulebooks.rules.scales import Scale
from rulebooks.rules.scales.stored import DECIMALS, Limits, Table

NUMBERS = PARTS[:3]
IS_ANSWER = pl.col("state") == State.ANSWERED.value
SILENCES = (
    (State.MISSING, None),
    (State.UNKNOWN, None),
    *((State.NOT_APPLICABLE, approved) for approved in (True, False, None)),
)
MOST_SEEN = 25_000  # answers, some 10 MiB


def _silence() -> pl.Expr:
    """Return the place in ``SILENCES`` of what is no answer."""
    place = pl.lit(None, pl.UInt32)
    for number, (state, approved) in enumerate(SILENCES):
        is_it = pl.col("state") == state.value
        if state is State.NOT_APPLICABLE:
            is_it &= pl.col("approved").eq_missing(approved)
        place = pl.when(is_it).then(pl.lit(number, pl.UInt32)).otherwise(place)
    return place


PLACE_OF_SILENCE = _silence()


@dataclass(frozen=True)
class Way:
    """Expressions that read numbers one after another, made once."""

    casts: Sequence[pl.Expr]
    fits: pl.Expr
    made: Sequence[pl.Expr | str]


@dataclass(frozen=True)
class Reading:
    """How answers to KPIs are read, in the order of ``kpis``, and what stands for no answer.

    ``seen`` keeps what was read of answers that are read one by one.
    """

    kpis: tuple[Kpi, ...]
    seen: dict[tuple, tuple] = field(default_factory=dict, compare=False)

    @cached_property
    def scales(self) -> list[Scale]:
        return [kpi.scale if kpi.per_site else kpi.counting_scale for kpi in self.kpis]

    @cached_property
    def integers(self) -> tuple[str, ...]:
        """Return the columns in which answers stand: as many as the widest scale has, or two."""
        widest = max((len(scale.parts) for scale in self.scales), default=0)
        return tuple(f"/{place}" for place in range(max(2, widest)))

    @cached_property
    def table(self) -> Table:
        return Table([Limits.of(scale) for scale in self.scales], pl.col("k"))

    @cached_property
    def place(self) -> pl.Expr:
        """Return the place of each code in the column ``kpi``, null for one that is no KPI."""
        codes = pl.Enum([kpi.code for kpi in self.kpis])
        return pl.col("kpi").cast(codes, strict=False).to_physical().cast(pl.UInt16)

    @cached_property
    def begins(self) -> pl.Series:
        """Return how the answer to each KPI begins where it is stored: with its code."""
        return pl.Series([begin(kpi) for kpi in self.kpis], dtype=pl.String)

    @cached_property
    def absent(self) -> dict[str, pl.Series]:
        """Return text and remark of each KPI of which a member said nothing; none where none has.

        Only where somebody judges something stands there.
        """
        said = [_judged(kpi, MISSING) for kpi in self.kpis]
        if all(one == MISSING for one in said):
            return {}
        texts = [None if one == MISSING else compact(one) for one in said]
        told = zip(self.kpis, said, strict=True)
        remarks = [remark_of(kpi, one.read_with.remark) for kpi, one in told]
        return {
            "text": pl.Series(texts, dtype=pl.String),
            "remark": pl.Series(remarks, dtype=pl.String),
        }

    @cached_property
    def silences(self) -> pl.DataFrame:
        """Return state, text and remark of what is no answer; they are the same for all."""
        rows = [row for kpi in self.kpis for row in _silences(kpi)]
        types = {"state": pl.UInt8, "text": pl.String, "remark": pl.String}
        return pl.DataFrame(rows, types, orient="row")

    def found(self, given: pl.DataFrame) -> pl.DataFrame:
        """Return what is stored of ``given``: its state, integers, text and remark.

        ``hand`` marks what is not on its scale. ``given`` has ``row``, ``k``, ``state``,
        ``approved`` and the parts of answers.
        """
        answers, silent = self.answered(given)
        told = answers.select_seq(
            *self.kept,
            pl.lit(PLACE[State.ANSWERED], pl.UInt8).alias("state"),
            pl.lit(None, pl.String).alias("remark"),
            pl.col("fits").not_().alias("hand"),
        )
        if silent.is_empty():
            return told
        where = silent.select_seq(pl.col("k").cast(pl.UInt32) * len(SILENCES) + PLACE_OF_SILENCE)
        nothing = [pl.lit(None, pl.Int64).alias(name) for name in self.integers]
        beside = silent.select_seq("row", "k", *nothing, pl.lit(False).alias("hand"))
        unsaid = beside.hstack(self.silences[where.to_series()])
        return pl.concat([told, unsaid.select(told.columns)])

    def answered(self, given: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return what ``given`` holds of answers, and the rows that are none.

        Row and KPI of each answer, its integers, text, and whether it ``fits``. A column of
        integers that a scale does not have is null.
        """
        by_way = given.with_columns_seq(self.way).partition_by("way", as_dict=True)
        nobody = given.clear()
        made = []
        for place, way in self.ways.items():
            rows = by_way.get((place,), nobody)
            if way is not None:
                read = rows.with_columns_seq(way.casts).with_columns_seq(way.fits)
                made.append(read.select_seq(way.made))
            elif not (rows.is_empty() and made):
                made.append(self._one_by_one(rows))
        return pl.concat(made), by_way.get((None,), nobody)

    @cached_property
    def kept(self) -> tuple[str, ...]:
        return ("row", "k", *self.integers, "text")

    @cached_property
    def way(self) -> pl.Expr:
        """Return in which way an answer is read, null for what is none."""
        way = pl.lit(self.table.way).gather(pl.col("k"))
        return pl.when(IS_ANSWER).then(way).alias("way")

    @cached_property
    def ways(self) -> dict[int, Way | None]:
        """Return the ways in which answers are read, by their place; None is one by one, last."""
        places = sorted(enumerate(self.table.ways), key=lambda way: not way[1][0])
        return {place: self._way(*way) if way[0] else None for place, way in places}

    def _way(self, parts: int, step: int) -> Way:
        used = NUMBERS[:1] if parts == 1 else NUMBERS[1:]
        stored, numbers = pl.Decimal(38, DECIMALS), [pl.col(f"/{name}") for name in used]
        exact = [pl.col(name).cast(stored, strict=False).to_physical() for name in used]
        alone = pl.coalesce([name for name in PARTS if name not in used]).is_null()
        fits = alone & self.table.fits(*numbers, step=step)
        text = pl.col(used[0])
        if parts == 2:
            text = pl.concat_str(pl.lit("["), used[0], pl.lit(","), used[1], pl.lit("]"))
        steps = [(number // whole(step)).cast(pl.Int64, strict=False) for number in numbers]
        integers = [pl.when("fits").then(one) for one in steps]
        integers += [pl.lit(None, pl.Int64)] * (len(self.integers) - parts)
        named = [one.alias(name) for name, one in zip(self.integers, integers, strict=True)]
        return Way(
            casts=[one.alias(f"/{name}") for name, one in zip(used, exact, strict=True)],
            fits=fits.alias("fits"),
            made=["row", "k", *named, text.alias("text"), "fits"],
        )

    def _one_by_one(self, given: pl.DataFrame) -> pl.DataFrame:
        """Return the same where each different answer is read by itself."""
        used = [name for name in PARTS if given[name].null_count() < given.height]
        keys = ["k", *used]
        different = given.select_seq(keys).unique()
        rows = [self._seen(tuple(used), row) for row in different.iter_rows()]
        types = dict.fromkeys(self.integers, pl.Int64) | {"text": pl.String, "fits": pl.Boolean}
        known = different.hstack(pl.DataFrame(rows, types, orient="row"))
        joined = given.select_seq("row", *keys).join(known, on=keys, how="left", nulls_equal=True)
        return joined.select_seq("row", "k", *types)

    def _seen(self, used: tuple[str, ...], row: tuple) -> tuple:
        """Return what an answer is read as; ``used`` are the parts behind its KPI in ``row``."""
        found = self.seen.get((used, row))
        if found is None:
            if len(self.seen) >= MOST_SEEN:
                self.seen.clear()
            found = self._one(row[0], dict(zip(used, row[1:], strict=True)))
            self.seen[used, row] = found
        return found

    def _one(self, k: int, given: Mapping[str, str | None]) -> tuple[int | str | bool | None, ...]:
        scale = self.scales[k]
        answer = answer_of(*(given.get(name) for name in PARTS))
        if answer is None or scale.problem(answer) is not None:
            return (*(None for _ in self.integers), None, False)
        integers = scale.integers(answer)
        return (*integers, *(None for _ in self.integers[len(integers) :]), compact(answer), True)


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
        counts_of(json.loads(counts)) if counts else (),
    )


def _silences(kpi: Kpi) -> Iterator[tuple]:
    for state, approved in SILENCES:
        said = Answer(state)
        if state is State.NOT_APPLICABLE:
            said = not_applicable(kpi, approved=approved)
        answer = said if state is State.UNKNOWN else _judged(kpi, said)
        yield (PLACE[answer.state], compact(answer), remark_of(kpi, answer.read_with.remark))


def _judged(kpi: Kpi, answer: Answer) -> Answer:
    """Return ``answer``, or that nobody has judged yet where it is for somebody else to say."""
    if kpi.is_asked or answer.state is not State.MISSING:
        return answer
    return replace(answer, read_with=With(remark=NOT_JUDGED))
