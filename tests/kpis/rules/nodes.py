"""Hypothesis strategies: conditions, and nodes of every word, over what a tree has."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import strategies as st

from rulebooks.rules.aggregation import Word
from rulebooks.rules.answers import State
from rulebooks.rules.conditions.answers import NodeState
from rulebooks.rules.scales import Direction
from rulebooks.rules.tree import Tree
from tests.kpis.rules.strategies import POSITIVE, ROUNDINGS, SMALL

BARS = SMALL | st.integers(-5, 110).map(Decimal) | st.sampled_from([Decimal("49.5"), Decimal(50)])
LETTERS = ("A", "B", "C", "D", "E")


@st.composite
def nodes(draw: st.DrawFn, word: type[Word], code: str, tree: Tree) -> Word | None:
    """A node of a word over what ``tree`` has; None when nothing there can be read by it."""
    op = get_args(word.model_fields["op"].annotation)[0]
    if op not in FIELDS:
        pytest.fail(f"{op}: teach {__name__} what a node of it may look like")
    try:
        fields = FIELDS[op](draw, tree)
    except NothingFits:
        return None
    if not word.labelled:
        fields["rounding"] = draw(ROUNDINGS)
    made = word.model_validate({"code": code, "title": code, "clause": "1", "op": op, **fields})
    return None if made.faults(tree.known) else made


class NothingFits(Exception):
    """The tree has nothing that the word could read."""


def numbers(draw: st.DrawFn, tree: Tree, count: int | None = None) -> list[str]:
    """Some KPIs and nodes that give a number and are better in the same direction."""
    ways = {way for way in tree.better.values() if way in (Direction.HIGHER, Direction.LOWER)}
    if not ways:
        raise NothingFits
    way = draw(st.sampled_from(sorted(ways)))
    codes = [code for code, better in tree.better.items() if better is way]
    if count is not None and len(codes) < count:
        raise NothingFits
    least, most = count or 1, count or 6
    return draw(st.lists(st.sampled_from(codes), min_size=least, max_size=most, unique=True))


def one(draw: st.DrawFn, tree: Tree) -> str:
    return numbers(draw, tree, 1)[0]


def several(draw: st.DrawFn, tree: Tree) -> dict:
    """``of``, and sometimes how many of it must apply."""
    of = numbers(draw, tree)
    needed = st.none() | st.integers(2, len(of)) if len(of) > 1 else st.none()
    return {"of": of, "at_least_applicable": draw(needed)}


def ends(draw: st.DrawFn) -> dict:
    """One or two ends, each open or closed."""
    low, high = sorted(draw(st.lists(BARS, min_size=2, max_size=2, unique=True)))
    sides = draw(st.sampled_from(["low", "high", "both"]))
    made = {}
    if sides != "high":
        made[draw(st.sampled_from(["from", "above"]))] = low
    if sides != "low":
        made[draw(st.sampled_from(["upto", "below"]))] = high
    return made


def cut(draw: st.DrawFn, count: int, at: st.SearchStrategy = BARS) -> list[dict]:
    """Ends that take in every number once, the lowest first."""
    bars = sorted(draw(st.lists(at, min_size=count - 1, max_size=count - 1, unique=True)))
    made: list[dict] = [{} for _ in range(count)]
    for place, bar in enumerate(bars):
        high, low = draw(st.sampled_from([("below", "from"), ("upto", "above")]))
        made[place][high], made[place + 1][low] = bar, bar
    return made


@st.composite
def conditions(draw: st.DrawFn, tree: Tree) -> dict:
    """A condition of any kind, over anything that the tree has."""
    leaves = [leaf(draw, tree) for _ in range(draw(st.integers(1, 3)))]
    shape = draw(st.sampled_from(["leaf", "all", "any", "not"]))
    if shape == "leaf":
        return leaves[0]
    return {shape: leaves[0] if shape == "not" else leaves}


def leaf(draw: st.DrawFn, tree: Tree) -> dict:
    """A condition about one thing."""
    kinds = [_state, _number, _tenure, _size]
    kinds += [_label] if any(kpi.scale.labels() for kpi in tree.kpis.values()) else []
    kinds += [_node] if tree.nodes else []
    kinds += [_assured, _share] if tree.assurance and tree.nodes else []
    return draw(st.sampled_from(kinds))(draw, tree)


def _kpi(draw: st.DrawFn, tree: Tree) -> str:
    return draw(st.sampled_from(sorted(tree.kpis)))


def _state(draw: st.DrawFn, tree: Tree) -> dict:
    return {"kpi": _kpi(draw, tree), "state": draw(st.lists(st.sampled_from(State), min_size=1))}


def _number(draw: st.DrawFn, tree: Tree) -> dict:
    return {"kpi": _kpi(draw, tree), **ends(draw)}


def _tenure(draw: st.DrawFn, tree: Tree) -> dict:
    return {"member": "tenure", **ends(draw)}


def _size(draw: st.DrawFn, tree: Tree) -> dict:
    return {"member": "size", "is": draw(st.sampled_from([["small"], ["small", "large"]]))}


def _label(draw: st.DrawFn, tree: Tree) -> dict:
    kpi = draw(st.sampled_from([code for code, kpi in tree.kpis.items() if kpi.scale.labels()]))
    labels = st.sampled_from(tree.kpis[kpi].scale.labels())
    return {"kpi": kpi, "is": draw(st.lists(labels, min_size=1))}


def _assured(draw: st.DrawFn, tree: Tree) -> dict:
    level = draw(st.sampled_from(tree.assurance.codes()))
    return {"kpi": _kpi(draw, tree), "assured": level}


def _share(draw: st.DrawFn, tree: Tree) -> dict:
    shares = st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)])
    return {
        "share_assured": draw(st.sampled_from(tree.assurance.codes())),
        "of": draw(st.sampled_from(sorted(tree.nodes))),
        "by": draw(st.sampled_from(["count", "weight"])),
        draw(st.sampled_from(["from", "above", "upto", "below"])): draw(shares),
    }


def _node(draw: st.DrawFn, tree: Tree) -> dict:
    node = draw(st.sampled_from(sorted(tree.nodes)))
    if tree.nodes[node].labelled:
        return {"node": node, "is": [draw(st.sampled_from(tree.nodes[node].labels()))]}
    if draw(st.booleans()):
        return {"node": node, "state": draw(st.lists(st.sampled_from(NodeState), min_size=1))}
    return {"node": node, **ends(draw)}


def _weighted(draw: st.DrawFn, tree: Tree) -> dict:
    fields = several(draw, tree)
    weights = draw(st.sampled_from([[1], [1, 2, 3], ["0.0286", "0.0357"], ["0.3333"]]))
    return {
        "weights": {
            child: Decimal(weights[place % len(weights)])
            for place, child in enumerate(fields.pop("of"))
        },
        "divide_by": draw(st.sampled_from(["weights", "one"])),
        **fields,
    }


def _capped_sum(draw: st.DrawFn, tree: Tree) -> dict:
    inputs = numbers(draw, tree)
    if len(inputs) < 2:
        raise NothingFits
    border = draw(st.integers(1, len(inputs) - 1))
    return {
        "of": inputs[:border],
        "bonus": inputs[border:],
        "base": draw(st.sampled_from(["mean", "sum"])),
        "bonus_at_most": draw(st.sampled_from([Decimal(0), Decimal(5), Decimal("2.5")])),
        "at_most": draw(st.none() | SMALL),
        "at_least_applicable": 2 if border > 1 and draw(st.booleans()) else None,
    }


def _bonus_when(draw: st.DrawFn, tree: Tree) -> dict:
    return {
        "of": one(draw, tree),
        "when": draw(conditions(tree)),
        "bonus": draw(SMALL),
        "at_most": draw(st.none() | SMALL),
    }


def _branch(draw: st.DrawFn, tree: Tree) -> dict:
    read = numbers(draw, tree)
    ways = [{"when": draw(conditions(tree)), "read": code} for code in read]
    return {"ways": ways, "otherwise": draw(st.none() | st.sampled_from(read))}


def _first_match(draw: st.DrawFn, tree: Tree) -> dict:
    found = draw(st.lists(conditions(tree), min_size=1, max_size=4))
    cases = [{"when": when, "then": f"case {place}"} for place, when in enumerate(found)]
    return {"cases": cases, "otherwise": "otherwise"}


def _grade(draw: st.DrawFn, tree: Tree) -> dict:
    steps = cut(draw, draw(st.integers(2, 5)))
    grades = [{**step, "then": letter} for step, letter in zip(steps, LETTERS, strict=False)]
    return {"of": one(draw, tree), "grades": grades, "no_data": "none"}


def _count_of_grades(draw: st.DrawFn, tree: Tree) -> dict:
    labelled = {c: k.scale.labels() for c, k in tree.kpis.items() if k.scale.kind != "choices"}
    labelled |= {code: node.labels() for code, node in tree.nodes.items() if node.labelled}
    labelled = {code: labels for code, labels in labelled.items() if labels}
    if not labelled:
        raise NothingFits
    of = draw(st.lists(st.sampled_from(sorted(labelled)), min_size=1, max_size=4, unique=True))
    grades = sorted({label for code in of for label in labelled[code]} | {"A", "B"})
    some = st.lists(st.sampled_from(grades), min_size=1, max_size=3)

    def tally() -> dict:
        least, most = sorted(draw(st.lists(st.integers(1, 4), min_size=2, max_size=2)))
        bars = draw(st.sampled_from([{"at_least": least}, {"at_most": most}, {}]))
        return {"grades": draw(some), **(bars or {"at_least": least, "at_most": most})}

    cases = [
        {"then": f"case {place}", "needs": [tally() for _ in range(draw(st.integers(1, 2)))]}
        for place in range(draw(st.integers(1, 3)))
    ]
    graded = draw(st.integers(1, len(of)))
    return {
        "of": of,
        "grades": grades,
        "cases": cases,
        "otherwise": "otherwise",
        "at_least_graded": graded,
        "no_data": "none",
    }


def _level_gate(draw: st.DrawFn, tree: Tree) -> dict:
    read = numbers(draw, tree, 2)
    high, low, bar = sorted(draw(st.lists(BARS, min_size=3, max_size=3, unique=True)))[::-1]
    cap = {
        "code": "cap",
        "title": "cap",
        "when": draw(conditions(tree)),
        "at_most": "C",
        "clause": "1",
    }
    lowest = draw(st.sampled_from([{"from": low, "then": "B"}, {"then": "B"}]))
    return {
        "levels": [
            {
                "of": read[0],
                "opens_next_from": bar,
                "grades": [{"from": bar, "then": "C"}, {"then": "D"}],
            },
            {"of": read[1], "grades": [{"from": high, "then": "A"}, lowest]},
        ],
        "caps": draw(st.sampled_from([[], [cap]])),
        "no_data": "none",
    }


def _matrix(draw: st.DrawFn, tree: Tree) -> dict:
    by = draw(st.none() | st.just("tenure"))
    rows = [{}] if by is None else cut(draw, draw(st.integers(1, 3)), st.sampled_from(range(1, 6)))
    best, good = draw(st.sampled_from([(90, 50), (60, 30)]))
    for row in rows:
        row["bars"] = {"Leader": [best, draw(BARS)], "Good": [good, -1000]}
    return {
        "of": numbers(draw, tree, 2),
        "by": by,
        "rows": rows,
        "otherwise": "Weak",
        "no_data": "none",
    }


def _levels_reached(draw: st.DrawFn, tree: Tree) -> dict:
    return {"levels": [{"of": code, "from": draw(BARS)} for code in numbers(draw, tree)]}


def formulas(names: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Formulas that name one thing at least, with halves, zeros and divisions by them."""
    numbers = st.sampled_from(["0", "1", "2", "0.5", "100", "0.0286", "33.3"])
    leaves = names | names | numbers
    signs = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map("({0[0]} {0[1]} {0[2]})".format),
            st.tuples(st.sampled_from(["min", "max", "sum"]), inner, inner, inner).map(
                "{0[0]}({0[1]}, {0[2]}, {0[3]})".format
            ),
            inner.map("abs({})".format),
            inner.map("-{}".format),
            st.tuples(inner, signs, inner, inner, inner).map(
                "if({0[0]} {0[1]} {0[2]}, {0[3]}, {0[4]})".format
            ),
        )

    text = st.tuples(names, st.recursive(leaves, larger, max_leaves=8)).map(
        "{0[0]} - {0[1]}".format
    )
    return text.filter(lambda made: "/ 0)" not in made)


def _formula(draw: st.DrawFn, tree: Tree) -> dict:
    labelled = {code for code, node in tree.nodes.items() if node.labelled}
    names = st.sampled_from([code for code in tree.better if code not in labelled])
    formula = draw(formulas(names).filter(lambda text: len(text) <= 500))
    return {"formula": formula, "unit": "unit", "direction": "higher"}


FIELDS = {
    "formula": _formula,
    "sum": several,
    "mean_of_applicable": several,
    "minimum": several,
    "maximum": several,
    "weighted_mean": _weighted,
    "capped_sum": _capped_sum,
    "bonus_when": _bonus_when,
    "all_of": lambda draw, tree: {
        **several(draw, tree),
        "bar": draw(SMALL),
        "must": draw(st.sampled_from(["reach", "beat"])),
    },
    "points_of_available": lambda draw, tree: {**several(draw, tree), "times": draw(POSITIVE)},
    "levels_reached": _levels_reached,
    "branch": _branch,
    "first_match": _first_match,
    "grade": _grade,
    "count_of_grades": _count_of_grades,
    "level_gate": _level_gate,
    "matrix": _matrix,
}
