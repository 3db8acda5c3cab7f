"""All members at once: a wide frame, and one polars expression for each KPI and node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from math import gcd

import polars as pl

from kpis.rules.cards import Line
from rulebooks.rules.aggregation import Columns, Word
from rulebooks.rules.answers import SILENT
from rulebooks.rules.conditions import Condition
from rulebooks.rules.indicators import Kpi, in_states
from rulebooks.rules.quotients import Quotient, whole
from rulebooks.rules.rows import HELD, Held
from rulebooks.rules.tree import Tree

ENOUGH, NOT_SCORED, TOO_LITTLE = map(HELD.index, (None, Held.NOT_SCORED, Held.NOT_ENOUGH_DATA))

MOST_PLANS = 8

Lines = dict[str, list[Line]]
Fired = dict[str, list[bool]]


@dataclass(frozen=True)
class Computed:
    """What every node that fits into columns comes to, in the order of the rows of ``frame``.

    A node has a ``number`` (its numerator is null where it has none) and the columns ``steps``
    where it rounds (the published number in steps of its rounding) and ``held`` where something
    can hold it (a place in ``HELD``), or ``label``. ``fired`` says where a condition of ``whens``
    holds.
    """

    frame: pl.DataFrame
    nodes: tuple[str, ...]
    whens: tuple[str, ...]

    def of(self, code: str, part: str) -> pl.Series | None:
        """Return a column of a node or condition, None where there is no such column."""
        return self.frame.get_column(f"{code}/{part}", default=None)

    def number(self, code: str) -> tuple[pl.Series, pl.Series]:
        """Return the numerators and whole denominators of a node, not in lowest terms."""
        below = self.of(code, "divisor")
        if below is None:
            below = self.of(code, "denominator")
        return self.of(code, "numerator"), below


def lines(tree: Tree, answers: pl.DataFrame) -> Lines:
    """Return, for each node that fits into columns, its line for each row of ``answers``."""
    return scored(tree, answers, {})[0]


def scored(
    tree: Tree, answers: pl.DataFrame, whens: Mapping[str, Condition]
) -> tuple[Lines, Fired]:
    """Return lines, and where conditions hold, for each row of ``answers``.

    Nodes and conditions that do not fit into columns are left out.
    """
    made = computed(tree, answers, whens)
    return (
        {code: list(_lines(tree.nodes[code], made)) for code in made.nodes},
        {code: made.of(code, "fired").to_list() for code in made.whens},
    )


def computed(tree: Tree, answers: pl.DataFrame, whens: Mapping[str, Condition]) -> Computed:
    """Return what nodes and conditions come to, without those that do not fit into columns.

    ``answers`` has the columns that ``inputs.frame`` makes.
    """
    plan = _plan_of(tree, whens)
    made = answers
    for stage in plan.stages:
        made = made.with_columns_seq(stage)
    return Computed(made, plan.nodes, plan.whens)


@dataclass(frozen=True)
class Plan:
    """The expressions of a tree: columns in stages, of which each reads those before.

    It is the same for any answers, so it is made once and kept for as long as the tree is in use.
    """

    stages: list[list[pl.Expr]]
    nodes: tuple[str, ...]
    whens: tuple[str, ...]


_PLANS: dict[int, tuple[Tree, Mapping[str, Condition], Plan]] = {}


def _plan_of(tree: Tree, whens: Mapping[str, Condition]) -> Plan:
    of, asked, plan = _PLANS.get(id(tree), (None, None, None))
    if of is not tree or asked != whens:
        if len(_PLANS) >= MOST_PLANS:
            _PLANS.clear()
        plan = _plan(tree, whens)
        _PLANS[id(tree)] = (tree, dict(whens), plan)
    return plan


def _plan(tree: Tree, whens: Mapping[str, Condition]) -> Plan:
    made, known = _of_kpis(tree)
    nodes = {code: node for code, node in tree.nodes.items() if code in tree.fitting}
    for node in nodes.values():
        made += _of_label(node, known) if node.labelled else _of_number(node, known)
    held = {code: when for code, when in whens.items() if tree.fits(when)}
    made += [when.columns(known).alias(f"{code}/fired") for code, when in held.items()]
    return Plan(_stages(made), tuple(nodes), tuple(held))


def _of_label(node: Word, known: Columns) -> list[pl.Expr]:
    known.labels[node.code] = pl.col(f"{node.code}/label")
    return [node.columns(known).alias(f"{node.code}/label")]


def _of_number(node: Word, known: Columns) -> list[pl.Expr]:
    code, outcome, made = node.code, node.columns(known), []
    if (held := node.held_columns(known)) is not None:
        made.append(held.cast(pl.UInt8).alias(f"{code}/held"))
        known.held[code] = pl.col(f"{code}/held")
        enough = pl.when(known.held[code] == ENOUGH).then(outcome.numerator)
        outcome = replace(outcome, numerator=enough, ones=False)
    made += _parts(code, outcome)
    known.numbers[code] = number = _kept(code, outcome)
    known.published[code] = number
    if number.denominator is None or number.scale != 1:
        made.append(number.divisor().alias(f"{code}/divisor"))
    if node.rounding != "none":
        known.published[code] = node.rounding.published_columns(pl.col(f"{code}/steps"))
        made.append(node.rounding.columns(number).alias(f"{code}/steps"))
    return made


def _stages(made: list[pl.Expr]) -> list[list[pl.Expr]]:
    """Return columns, of which each reads only earlier ones, each as early as it can be made."""
    stages: list[list[pl.Expr]] = []
    stage_of: dict[str, int] = {}
    for one in made:
        after = [stage_of[name] for name in one.meta.root_names() if name in stage_of]
        stage = 1 + max(after, default=-1)
        stage_of[one.meta.output_name()] = stage
        if stage == len(stages):
            stages.append([])
        stages[stage].append(one)
    return stages


def _of_kpis(tree: Tree) -> tuple[list[pl.Expr], Columns]:
    """Return the columns of the numbers of KPIs, and what is known of them."""
    quotients = {
        code: _number(tree, kpi) for code, kpi in tree.kpis.items() if code in tree.fitting
    }
    made = [part for code, quotient in quotients.items() for part in _parts(code, quotient)]
    return made, Columns(
        kpis=tree.kpis,
        better=tree.better,
        numbers={code: _kept(code, quotient) for code, quotient in quotients.items()},
        published={},
        labels={},
        held={code: _held(kpi) for code, kpi in tree.kpis.items() if kpi.policy == "not_scored"},
        attributes=tree.attributes,
        assurance=tree.assurance,
        under=tree.under,
        most=tree.most,
    )


def _number(tree: Tree, kpi: Kpi) -> Quotient:
    own = kpi.columns()
    return own if tree.assurance is None else tree.assurance.columns(kpi.code, own)


def _held(kpi: Kpi) -> pl.Expr:
    """Return where a KPI that must be answered is not, as places in ``HELD``."""
    return pl.when(in_states(kpi.code, SILENT)).then(NOT_SCORED).otherwise(ENOUGH)


def _parts(code: str, quotient: Quotient) -> Iterator[pl.Expr]:
    """Yield the columns in which a quotient is kept, so that no expression is computed twice."""
    yield quotient.numerator.alias(f"{code}/numerator")
    below = quotient.denominator
    if below is not None and not quotient.ones:
        below = pl.when(pl.col(f"{code}/numerator").is_null()).then(whole(1)).otherwise(below)
    if below is not None:
        yield below.alias(f"{code}/denominator")


def _kept(code: str, quotient: Quotient) -> Quotient:
    kept = None if quotient.denominator is None else pl.col(f"{code}/denominator")
    return Quotient(pl.col(f"{code}/numerator"), kept, quotient.scale, ones=True)


def _lines(node: Word, made: Computed) -> Iterator[Line]:
    if node.labelled:
        yield from (Line(node.code, label=label) for label in made.of(node.code, "label").to_list())
        return

    @cache
    def published(steps: int) -> Decimal:
        return node.rounding.published(steps)

    nothing = [None] * made.frame.height
    parts = (*made.number(node.code), *(made.of(node.code, part) for part in ("steps", "held")))
    given = (nothing if part is None else part.to_list() for part in parts)
    for numerator, denominator, steps, held in zip(*given, strict=True):
        if numerator is None:
            yield Line(
                node.code, outcome=Held.NOT_ENOUGH_DATA.value if held == TOO_LITTLE else None
            )
            continue
        factor = gcd(numerator, denominator)
        shown = None if steps is None else published(steps)
        yield Line(node.code, numerator // factor, denominator // factor, shown)
