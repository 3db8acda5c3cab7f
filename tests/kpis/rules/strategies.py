"""Hypothesis strategies: KPIs on every scale, answers to them, nodes of every word."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import strategies as st

from rulebooks.rules.aggregation import WORDS, Word
from rulebooks.rules.answers import Answer, State
from rulebooks.rules.indicators import Kpi
from rulebooks.rules.scales import SCALES, Direction
from rulebooks.rules.tree import Tree

LABELS = ("a", "b", "c", "d", "e")
HALVES = [Decimal(n) for n in (0, 30, 60, 90, 100)]  # means of these lie half way between steps
SMALL = st.sampled_from([*HALVES, Decimal(-1), Decimal("-2.5"), Decimal("0.1"), Decimal("12.5")])
LARGE = st.decimals(-(10**10), 10**10, places=4)
POINTS = SMALL | LARGE
POSITIVE = st.sampled_from([Decimal(1), Decimal(100), Decimal("0.125"), Decimal(3)])
ROUNDINGS = st.just("none") | st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["half_up", "half_even", "truncate"]),
        "step": st.sampled_from([Decimal(s) for s in ("0.1", "0.5", "1", "3", "0.000001")]),
    }
)


def _steps(draw: st.DrawFn, direction: str) -> dict:
    """Return the points of a measured scale, written as its direction asks."""
    bars = sorted(draw(st.sets(st.integers(0, 90).map(Decimal), min_size=1, max_size=3)))
    best_first = bars if direction == "lower" else bars[::-1]
    earned = sorted(draw(st.sets(POINTS, min_size=len(bars) + 1, max_size=len(bars) + 1)))[::-1]
    ends = {
        "higher": lambda bar: {"from": bar},
        "lower": lambda bar: {"upto": bar},
        "in_range": lambda bar: {"from": bar, "upto": bar + 10},
    }[direction]
    pairs = zip(best_first, earned, strict=False)
    return {"points": [{**ends(bar), "points": p} for bar, p in pairs], "otherwise": earned[-1]}


def _number(draw: st.DrawFn) -> dict:
    low, high = draw(st.sampled_from([(0, 100), (-50, 50), (-(10**15), 10**15)]))
    return {"min": low, "max": high, "decimals": draw(st.integers(0, 3))}


def _ratio(draw: st.DrawFn) -> dict:
    return {
        "numerator": "part",
        "denominator": "whole",
        "max": draw(st.sampled_from([12, 10**6, 10**15])),
        "decimals": draw(st.integers(0, 2)),
        "times": draw(POSITIVE),
    }


def _table(draw: st.DrawFn, points: st.SearchStrategy) -> dict:
    return {label: draw(points) for label in LABELS[: draw(st.integers(1, 5))]}


FIELDS = {
    "number": _number,
    "points": lambda draw: {"allowed": draw(st.lists(POINTS, min_size=1, max_size=4))},
    "yes_no": lambda draw: {},
    "labels": lambda draw: {"points": _table(draw, st.none() | POINTS)},
    "choices": lambda draw: {
        "points": _table(draw, POINTS),
        "at_most": draw(st.none() | st.just(Decimal(100))),
    },
    "ratio": _ratio,
}
KINDS = [get_args(scale.model_fields["kind"].annotation)[0] for scale in SCALES]


@st.composite
def kpis(draw: st.DrawFn, code: str, better: str, kind: str | None = None) -> Kpi:
    """A KPI whose numbers are better as said."""
    kind = kind or draw(st.sampled_from([k for k in KINDS if k != "yes_no" or better == "higher"]))
    scale, direction = {"kind": kind, **FIELDS[kind](draw)}, better
    if kind == "yes_no":
        direction = draw(st.sampled_from(["higher", "lower"]))
    if kind in ("number", "ratio") and better == "higher" and draw(st.booleans()):
        direction = draw(st.sampled_from(["higher", "lower", "in_range"]))
        scale |= _steps(draw, direction)
    return Kpi.model_validate(
        {
            "code": code,
            "title": code,
            "unit": "unit",
            "scale": scale,
            "direction": direction,
            "missing": draw(st.sampled_from(["zero", "leave_out", "knock_out", "not_scored"])),
            "confidentiality": "public",
            "clause": "1",
        }
    )


@st.composite
def answers(draw: st.DrawFn, kpi: Kpi) -> Answer:
    """An answer that is on the KPI's scale, or none."""
    if draw(st.integers(0, 3)) == 0:
        return Answer(draw(st.sampled_from([s for s in State if s is not State.ANSWERED])))
    scale = kpi.scale
    if scale.kind == "choices":
        chosen = draw(st.sets(st.sampled_from(scale.labels())))
        return Answer(State.ANSWERED, labels=tuple(sorted(chosen)))
    if scale.labels():
        return Answer(State.ANSWERED, labels=(draw(st.sampled_from(scale.labels())),))
    if scale.kind == "points":
        return Answer(State.ANSWERED, number=draw(st.sampled_from(scale.allowed)))
    unit = Decimal(1).scaleb(-scale.decimals)
    if scale.kind == "number":
        low, high = int(scale.min / unit), int(scale.max / unit)
        return Answer(State.ANSWERED, number=draw(st.integers(low, high)) * unit)
    whole = draw(st.integers(1, int(scale.max / unit)))
    part = draw(st.integers(0, whole))
    return Answer(State.ANSWERED, numerator=part * unit, denominator=whole * unit)


def _conditions(known: list[Kpi]) -> st.SearchStrategy[dict]:
    leaves = st.sampled_from(known).flatmap(
        lambda kpi: st.fixed_dictionaries(
            {"kpi": st.just(kpi.code), "state": st.lists(st.sampled_from(State), min_size=1)}
        )
    )
    if labelled := [kpi for kpi in known if kpi.scale.labels()]:
        leaves |= st.sampled_from(labelled).flatmap(
            lambda kpi: st.fixed_dictionaries(
                {
                    "kpi": st.just(kpi.code),
                    "is": st.lists(st.sampled_from(kpi.scale.labels()), min_size=1),
                }
            )
        )
    several = lambda inner: st.lists(inner, min_size=1, max_size=3)  # noqa: E731
    return st.recursive(
        leaves,
        lambda inner: (
            st.fixed_dictionaries({"all": several(inner)})
            | st.fixed_dictionaries({"any": several(inner)})
            | st.fixed_dictionaries({"not": inner})
        ),
        max_leaves=5,
    )


@st.composite
def nodes(draw: st.DrawFn, word: type[Word], code: str, tree: Tree) -> Word | None:
    """A node of a word over what ``tree`` has; None when nothing there can be read by it."""
    base = {"code": code, "title": code, "clause": "1", "op": _op(word)}

    def readable(child: str) -> bool:
        probe = word.model_validate({**base, "of": [child], **_others(draw, word, tree)})
        return not probe.faults(tree.kpis, tree.better)

    inputs = [child for child, way in tree.better.items() if way is not Direction.NONE]
    if "of" in word.model_fields:
        inputs = [child for child in inputs if readable(child)]
    if not inputs:
        return None
    chosen = draw(st.lists(st.sampled_from(inputs), min_size=1, max_size=6, unique=True))
    fields = {**base, **_others(draw, word, tree)}
    if "of" in word.model_fields:
        fields["of"] = chosen
    if "weights" in word.model_fields:
        weights = draw(st.sampled_from([[1], [1, 2, 3], ["0.0286", "0.0357"], ["0.3333"]]))
        fields["weights"] = {
            child: Decimal(weights[place % len(weights)]) for place, child in enumerate(chosen)
        }
    if not word.labelled:
        fields["rounding"] = draw(ROUNDINGS)
    return word.model_validate(fields)


def _op(word: type[Word]) -> str:
    return get_args(word.model_fields["op"].annotation)[0]


def _others(draw: st.DrawFn, word: type[Word], tree: Tree) -> dict:
    """Return the fields that only some words have."""
    made = {}
    for name in word.model_fields.keys() - Word.model_fields.keys() - {"op", "of", "weights"}:
        match name:
            case "bar":
                made[name] = draw(SMALL)
            case "times":
                made[name] = draw(POSITIVE)
            case "otherwise":
                made[name] = "otherwise"
            case "cases":
                conditions = _conditions(list(tree.kpis.values()))
                found = draw(st.lists(conditions, min_size=1, max_size=4))
                made[name] = [{"when": c, "then": f"case {i}"} for i, c in enumerate(found)]
            case "divide_by" | "must":
                made[name] = draw(st.sampled_from(get_args(word.model_fields[name].annotation)))
            case _:
                pytest.fail(f"{word.__name__}.{name}: teach {__name__} what may stand there")
    return made


__all__ = ["KINDS", "WORDS", "answers", "kpis", "nodes"]
