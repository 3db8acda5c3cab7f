"""All members at once: a wide frame, and one polars expression for each KPI and node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import gcd

import polars as pl

from kpis.rules.cards import Line
from rulebooks.rules.aggregation import Columns, Word
from rulebooks.rules.answers import SILENT
from rulebooks.rules.conditions import Condition
from rulebooks.rules.indicators import Kpi, in_states
from rulebooks.rules.quotients import INT, Quotient
from rulebooks.rules.rows import HELD, Held
from rulebooks.rules.tree import Tree

ENOUGH, NOT_SCORED, TOO_LITTLE = map(HELD.index, (None, Held.NOT_SCORED, Held.NOT_ENOUGH_DATA))

NUMBER, LABEL = ("n", "d", "steps", "held"), ("label",)  # the parts of what a node comes to
MOST_PLANS = 8

Lines = dict[str, list[Line]]
Fired = dict[str, list[bool]]


@dataclass(frozen=True)
class Computed:
    """What every node that fits into columns comes to, in the order of the rows of a frame.

    A node has the columns ``n`` and ``d`` (its number, not in lowest terms; ``n`` is null where it
    has none), ``steps`` (the published number in steps of its rounding) and ``held`` (a place in
    ``HELD``), or ``label``. ``fired`` says where conditions hold.
    """

    nodes: dict[str, pl.DataFrame]
    fired: dict[str, pl.Series]


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
        {code: list(_lines(tree.nodes[code], found)) for code, found in made.nodes.items()},
        {code: fired.to_list() for code, fired in made.fired.items()},
    )


def computed(tree: Tree, answers: pl.DataFrame, whens: Mapping[str, Condition]) -> Computed:
    """Return what nodes and conditions come to, without those that do not fit into columns.

    ``answers`` has the columns that ``inputs.frame`` makes.
    """
    plan = _plan_of(tree, whens)
    made = answers
    for stage in plan.stages:
        made = made.with_columns(stage)
    told = made.select(plan.told)
    nodes = {
        code: pl.DataFrame({part: told[f"{code}/{part}"] for part in parts})
        for code, parts in plan.nodes.items()
    }
    return Computed(nodes, {code: told[f"{code}/fired"] for code in plan.whens})


@dataclass(frozen=True)
class Plan:
    """The expressions of a tree: columns in stages, of which each reads those before, and results.

    ``told`` gives, as ``code/part``, the parts of each of ``nodes`` and where conditions hold. It
    is the same for any answers, so it is made once and kept for as long as the tree is in use.
    """

    stages: list[list[pl.Expr]]
    told: list[pl.Expr]
    nodes: Mapping[str, tuple[str, ...]]
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
    told: list[pl.Expr] = []
    nodes: dict[str, tuple[str, ...]] = {}
    for code, node in tree.nodes.items():
        if code in tree.fitting:
            nodes[code] = LABEL if node.labelled else NUMBER
            made += _of_label(node, known) if node.labelled else _of_number(node, known)
            told += [pl.col(f"{code}/{part}") for part in nodes[code]]
    held = {code: when for code, when in whens.items() if tree.fits(when)}
    made += [when.columns(known).alias(f"{code}/fired") for code, when in held.items()]
    told += [pl.col(f"{code}/fired") for code in held]
    return Plan(_stages(made), told, nodes, tuple(held))


def _of_label(node: Word, known: Columns) -> list[pl.Expr]:
    known.labels[node.code] = pl.col(f"{node.code}/label")
    return [node.columns(known).alias(f"{node.code}/label")]


def _of_number(node: Word, known: Columns) -> list[pl.Expr]:
    code, outcome = node.code, node.columns(known)
    held = node.held_columns(known).cast(pl.UInt8).alias(f"{code}/held")
    known.held[code] = pl.col(f"{code}/held")
    enough = pl.when(known.held[code] == ENOUGH).then(outcome.numerator)
    parts = _parts(code, Quotient(enough, outcome.denominator, outcome.scale))
    known.numbers[code] = number = _kept(code, outcome)
    known.published[code] = _published(node, number)
    steps = pl.lit(None, INT) if node.rounding == "none" else node.rounding.columns(number)
    told = {"n": number.numerator, "d": number.divisor(), "steps": steps}
    return [held, *parts, *(one.alias(f"{code}/{part}") for part, one in told.items())]


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
        held={code: _held(kpi) for code, kpi in tree.kpis.items()},
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
    if kpi.policy != "not_scored":
        return pl.lit(ENOUGH)
    return pl.when(in_states(kpi.code, SILENT)).then(NOT_SCORED).otherwise(ENOUGH)


def _published(node: Word, number: Quotient) -> Quotient:
    return number if node.rounding == "none" else node.rounding.published_columns(number)


def _parts(code: str, quotient: Quotient) -> Iterator[pl.Expr]:
    """Yield the columns in which a quotient is kept, so that no expression is computed twice."""
    yield quotient.numerator.alias(f"{code}/numerator")
    if quotient.denominator is not None:
        yield quotient.denominator.alias(f"{code}/denominator")


def _kept(code: str, quotient: Quotient) -> Quotient:
    kept = None if quotient.denominator is None else pl.col(f"{code}/denominator")
    return Quotient(pl.col(f"{code}/numerator"), kept, quotient.scale)


def _lines(node: Word, found: pl.DataFrame) -> Iterator[Line]:
    if node.labelled:
        yield from (Line(node.code, label=label) for label in found["label"].to_list())
        return

    @cache
    def published(steps: int) -> Decimal:
        return node.rounding.published(steps)

    for numerator, denominator, steps, held in found.iter_rows():
        if numerator is None:
            yield Line(
                node.code, outcome=Held.NOT_ENOUGH_DATA.value if held == TOO_LITTLE else None
            )
            continue
        factor = gcd(numerator, denominator)
        shown = None if steps is None else published(steps)
        yield Line(node.code, numerator // factor, denominator // factor, shown)
