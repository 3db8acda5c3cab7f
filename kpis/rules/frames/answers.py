"""Answers to all KPIs in one long frame: integers, the text to store, and who is looked at by hand.

A KPI is named by its place among those of the edition. All that is the same for every member is
told once, by ``Reading``; so the number of expressions does not depend on how many KPIs there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import polars as pl

from kpis.rules.frames.laid import PARTS
from kpis.rules.gathering import NOT_JUDGED, not_applicable
from kpis.rules.plain import compact
from rulebooks.rules.answers import MISSING, STATES, Answer, State, With
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.quotients import whole
from rulebooks.rules.scales import Scale
from rulebooks.rules.scales.stored import DECIMALS, Limits, Table

NUMBERS = PARTS[:3]
PLACE = {state: place for place, state in enumerate(STATES)}


@dataclass(frozen=True)
class Cells:
    """The answers to one KPI, a row per member.

    ``state`` is a place in ``STATES``, ``parts`` are the integers of the scale that counts.
    ``text`` is null for a member without an answer; ``remark`` is None where no answer has one.
    """

    state: pl.Series
    parts: Sequence[pl.Series]
    text: pl.Series
    remark: pl.Series | None


@dataclass(frozen=True)
class Reading:
    """How answers to KPIs are read, in the order of ``kpis``, and what stands for no answer."""

    kpis: tuple[Kpi, ...]

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
    def codes(self) -> pl.Enum:
        return pl.Enum([kpi.code for kpi in self.kpis])

    @cached_property
    def absent(self) -> list[Answer]:
        """Return what each KPI has of a member who said nothing."""
        return [_judged(kpi, Answer(State.MISSING)) for kpi in self.kpis]

    @cached_property
    def silences(self) -> pl.DataFrame:
        """Return state, text and remark of what is no answer; they are the same for all."""
        rows = [row for k, kpi in enumerate(self.kpis) for row in _silences(k, kpi)]
        names = ("k", "state", "approved", "/state", "/text", "/remark")
        types = (pl.UInt16, pl.String, pl.Boolean, pl.UInt8, pl.String, pl.String)
        return pl.DataFrame(rows, dict(zip(names, types, strict=True)), orient="row")

    def places(self, codes: pl.Series) -> pl.Series:
        """Return the place of each code, null for one that is no KPI."""
        return codes.cast(self.codes, strict=False).to_physical().cast(pl.UInt16)

    def found(self, given: pl.DataFrame) -> pl.DataFrame:
        """Return what is stored of ``given``: its state, integers, text and remark.

        ``hand`` marks what is not on its scale. ``given`` has ``row``, ``k``, ``state``,
        ``approved`` and the parts of answers.
        """
        is_answer = pl.col("state") == State.ANSWERED.value
        answers = self.answered(given.filter(is_answer)).select(
            "row",
            "k",
            *self.integers,
            "text",
            state=pl.lit(PLACE[State.ANSWERED], pl.UInt8),
            remark=pl.lit(None, pl.String),
            hand=~pl.col("fits"),
        )
        refused = pl.col("state") == State.NOT_APPLICABLE.value
        silent = given.filter(~is_answer).with_columns(approved=pl.when(refused).then("approved"))
        silences = silent.join(
            self.silences, on=["k", "state", "approved"], how="left", nulls_equal=True
        ).select(
            "row",
            "k",
            *(pl.lit(None, pl.Int64).alias(name) for name in self.integers),
            text="/text",
            state="/state",
            remark="/remark",
            hand=pl.lit(False),
        )
        names = ["row", "k", "state", *self.integers, "text", "remark", "hand"]
        return pl.concat([answers.select(names), silences.select(names)])

    def answered(self, given: pl.DataFrame) -> pl.DataFrame:
        """Return row, KPI and state of answers, their integers, text, and whether each ``fits``.

        A column of integers that a scale does not have is null.
        """
        way = given.select(pl.lit(self.table.way).gather(pl.col("k"))).to_series()
        made = []
        for place, (parts, step) in enumerate(self.table.ways):
            rows = given.filter(way == place)
            used = NUMBERS[:1] if parts == 1 else NUMBERS[1:]
            made.append(self._numbers(rows, used, step) if parts else self._one_by_one(rows))
        names = ["row", "k", "state", *self.integers, "text", "fits"]
        return pl.concat([one.select(names) for one in made])

    def _numbers(self, given: pl.DataFrame, used: Sequence[str], step: int) -> pl.DataFrame:
        numbers = [pl.col(f"/{name}") for name in used]
        alone = [pl.col(name).is_null() for name in PARTS if name not in used]
        fits = pl.all_horizontal(self.table.fits(*numbers, step=step), *alone)
        text = pl.col(used[0])
        if len(used) == 2:
            text = pl.concat_str(pl.lit("["), used[0], pl.lit(","), used[1], pl.lit("]"))
        stored = pl.Decimal(38, DECIMALS)
        read = given.with_columns(
            pl.col(name).cast(stored, strict=False).to_physical().alias(f"/{name}") for name in used
        ).with_columns(fits=fits, text=text)
        parts = [(number // whole(step)).cast(pl.Int64, strict=False) for number in numbers]
        rest = [pl.lit(None, pl.Int64)] * (len(self.integers) - len(parts))
        fitting = {
            name: pl.when("fits").then(part)
            for name, part in zip(self.integers, [*parts, *rest], strict=True)
        }
        return read.with_columns(**fitting)

    def _one_by_one(self, given: pl.DataFrame) -> pl.DataFrame:
        """Return the same where each different answer is read by itself."""
        used = [name for name in PARTS if given[name].null_count() < given.height]
        keys = ["k", *used]
        different = given.select(keys).unique()
        rows = [self._one(dict(zip(keys, row, strict=True))) for row in different.iter_rows()]
        types = dict.fromkeys(self.integers, pl.Int64) | {"fits": pl.Boolean, "text": pl.String}
        known = different.hstack(pl.DataFrame(rows, types, orient="row"))
        return given.join(known, on=keys, how="left", nulls_equal=True)

    def _one(self, given: Mapping[str, object]) -> tuple[int | str | bool | None, ...]:
        scale = self.scales[given["k"]]
        answer = answer_of(*(given.get(name) for name in PARTS))
        if answer is None or scale.problem(answer) is not None:
            return (*(None for _ in self.integers), False, None)
        integers = scale.integers(answer)
        return (*integers, *(None for _ in self.integers[len(integers) :]), True, compact(answer))


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


def of_answers(kpi: Kpi, given: Sequence[Answer | None]) -> tuple[Cells, list[int]]:
    """Return answers with all that each is read with, and rows to look at by hand."""
    rows = [_of_answer(kpi, answer) for answer in given]
    states, parts, texts, remarks, by_hand = zip(*rows, strict=True) if rows else ((),) * 5
    columns = zip(*parts, strict=True) if rows else ((),) * len(kpi.counting_scale.parts)
    cells = Cells(
        state=pl.Series(states, dtype=pl.UInt8),
        parts=[pl.Series(column, dtype=pl.Int64) for column in columns],
        text=pl.Series(texts, dtype=pl.String),
        remark=pl.Series(remarks, dtype=pl.String) if any(remarks) else None,
    )
    return cells, [row for row, off in enumerate(by_hand) if off]


def _of_answer(kpi: Kpi, answer: Answer | None) -> tuple:
    """Return state, integers, text and remark of an answer, and whether it is off its scale."""
    blank = (None,) * len(kpi.counting_scale.parts)
    if answer is not None and kpi.problem(answer) is not None:
        return (PLACE[State.MISSING], blank, None, None, True)
    counted = kpi.counted(MISSING if answer is None else answer)
    is_answer = counted.state is State.ANSWERED
    return (
        PLACE[counted.state],
        kpi.counting_scale.integers(counted) if is_answer else blank,
        None if answer is None else compact(answer),
        counted.read_with.remark or None,
        False,
    )


def grid(found: pl.DataFrame, *, kpis: int, height: int) -> pl.DataFrame:
    """Return ``found`` with a row for each of ``height`` members and KPI, null where it has none.

    KPI by KPI: the first ``height`` rows are those of the first KPI.
    """
    at = found.select(pl.col("k").cast(pl.UInt32) * height + pl.col("row")).to_series()
    places = pl.repeat(None, kpis * height, dtype=pl.UInt32, eager=True)
    return found[places.scatter(at, pl.Series(range(found.height), dtype=pl.UInt32))]


def _silences(k: int, kpi: Kpi) -> Iterator[tuple]:
    said = [
        (State.MISSING, None, _judged(kpi, Answer(State.MISSING))),
        (State.UNKNOWN, None, Answer(State.UNKNOWN)),
        *(
            (State.NOT_APPLICABLE, approved, _judged(kpi, not_applicable(kpi, approved=approved)))
            for approved in (True, False, None)
        ),
    ]
    for state, approved, answer in said:
        remark = answer.read_with.remark or None
        yield (k, state.value, approved, PLACE[answer.state], compact(answer), remark)


def _judged(kpi: Kpi, answer: Answer) -> Answer:
    """Return ``answer``, or that nobody has judged yet where it is for somebody else to say."""
    if kpi.is_asked or answer.state is not State.MISSING:
        return answer
    return replace(answer, read_with=With(remark=NOT_JUDGED))
