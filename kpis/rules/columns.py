"""All members at once: a wide frame, and one polars expression for each KPI and node."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from math import gcd

import polars as pl

from kpis.rules.cards import Line
from rulebooks.rules.aggregation import Columns, Word
from rulebooks.rules.indicators import SILENT, in_states
from rulebooks.rules.quotients import Quotient
from rulebooks.rules.tree import Tree


def lines(tree: Tree, answers: pl.DataFrame) -> dict[str, list[Line]]:
    """Return, for each node that fits into columns, its line for each row of ``answers``.

    ``answers`` has the columns that ``inputs.frame`` makes.
    """
    quotients = {code: kpi.columns() for code, kpi in tree.kpis.items()}
    made = answers.with_columns(p for code, q in quotients.items() for p in _parts(code, q))
    numbers = {code: _kept(code, quotient) for code, quotient in quotients.items()}
    found: dict[str, list[Line]] = {}
    for code, node in tree.nodes.items():
        if code not in tree.columnar:
            continue
        outcome = node.columns(Columns(tree.kpis, tree.better, numbers))
        if node.labelled:
            labels = made.select(outcome.alias(code)).to_series()
            found[code] = [Line(code, label=label) for label in labels]
            continue
        outcome = _gated(outcome, tree.gates[code])
        made = made.with_columns(_parts(code, outcome))
        numbers[code] = _kept(code, outcome)
        found[code] = list(_lines(node, numbers[code], made))
    return found


def _gated(outcome: Quotient, gates: tuple[str, ...]) -> Quotient:
    """Return ``outcome`` without a number where a KPI that must be answered is not."""
    numerator = outcome.numerator
    for kpi in gates:
        numerator = pl.when(~in_states(kpi, SILENT)).then(numerator)
    return Quotient(numerator, outcome.denominator, outcome.scale)


def _parts(code: str, quotient: Quotient) -> Iterator[pl.Expr]:
    """Yield the columns in which a quotient is kept, so that no expression is computed twice."""
    yield quotient.numerator.alias(f"{code}/numerator")
    if quotient.denominator is not None:
        yield quotient.denominator.alias(f"{code}/denominator")


def _kept(code: str, quotient: Quotient) -> Quotient:
    kept = None if quotient.denominator is None else pl.col(f"{code}/denominator")
    return Quotient(pl.col(f"{code}/numerator"), kept, quotient.scale)


def _lines(node: Word, number: Quotient, made: pl.DataFrame) -> Iterator[Line]:
    steps = pl.lit(None) if node.rounding == "none" else node.rounding.columns(number)
    wanted = made.select(n=number.numerator, d=number.divisor(), steps=steps)

    @cache
    def published(steps: int) -> Decimal:
        return node.rounding.published(steps)

    for numerator, denominator, steps in wanted.iter_rows():
        if numerator is None:
            yield Line(node.code)
            continue
        factor = gcd(numerator, denominator)
        shown = None if steps is None else published(steps)
        yield Line(node.code, numerator // factor, denominator // factor, shown)
