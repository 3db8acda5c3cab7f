"""Editions that benchmarks score under, written out: as large as a large initiative's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

KPIS, THEMES = 40, 8
HEAD = """
format: 1
code: bench-2025
title: Benchmark
initiative: Benchmark
language: en
time_zone: UTC
in_force_from: 2025-01-01
replaces: null
chambers: [{code: all, name: All, clause: "1"}]
classes: [{code: member, name: Member, chambers: [all], rights: [], clause: "1"}]
publicity: {membership: public, standing: public, scorecard: public, clause: "1"}
periods:
  - kind: fixed_window
    code: "2025"
    name: Year 2025
    about_from: 2025-01-01
    about_until: 2025-12-31
    opens_on: 2026-01-01
    due_on: 2026-03-31
    late_until: 2026-04-30
    clause: "1"
"""
SCALES = {
    "number": "{kind: number, min: 0, max: 100, decimals: 1}",
    "ratio": "{kind: ratio, numerator: Part, denominator: Whole, max: 2000, times: 100}",
    "steps": "{kind: ratio, numerator: Part, denominator: Whole, max: 2000, times: 100, "
    "points: [{from: 60, points: 100}, {from: 30, points: 50}, {from: 10, points: 20}]}",
    "yes_no": "{kind: yes_no}",
    "labels": "{kind: labels, points: {none: 0, some: 50, all: 100}}",
}
KINDS = ("number", "number", "number", "ratio", "number", "yes_no", "number", "labels")
BANDS = """
bands:
  of: total
  bands:
    - {code: low, label: Low, below: 50, status: breach, clause: "1"}
    - {code: high, label: High, from: 50, status: good, clause: "1"}
cohort:
  - {code: rank, op: competition_rank, of: total, highest_first: true, clause: "1"}
"""


def kinds(count: int = KPIS) -> dict[str, str]:
    """Return the scale of each KPI by its code."""
    return {f"kpi-{place:02}": KINDS[place % len(KINDS)] for place in range(count)}


def _kpis(scales: Mapping[str, str], more: str = "") -> Iterator[str]:
    yield "kpis:"
    for code, scale in scales.items():
        yield (
            f"  - {{code: {code}, title: {code}, unit: points, scale: {scale}, direction: higher, "
            f'missing: leave_out, confidentiality: public, clause: "1"{more}}}'
        )


def _mean(code: str, weights: Mapping[str, int | str], rounding: str) -> str:
    told = ", ".join(f"{of}: {weight}" for of, weight in weights.items())
    return (
        f"    - {{code: {code}, title: {code}, op: weighted_mean, weights: {{{told}}}, "
        f'divide_by: weights, rounding: {rounding}, clause: "1"}}'
    )


def of_many_kpis() -> str:
    """Return an edition of 40 KPIs on four scales, in eight themes and a total."""
    codes = list(kinds())
    lines = [HEAD, *_kpis({code: SCALES[kind] for code, kind in kinds().items()})]
    lines += ["scoring:", "  nodes:"]
    themes = {f"theme-{n}": codes[n::THEMES] for n in range(THEMES)}
    step = "{mode: half_up, step: 0.1}"
    for theme, below in themes.items():
        lines.append(_mean(theme, {code: 1 + n for n, code in enumerate(below)}, step))
    lines += [_mean("total", dict.fromkeys(themes, 1), step), "  total: total", BANDS]
    return "\n".join(lines)


def of_requirements(count: int) -> str:
    """Return an edition of so many requirements, each to be signed."""
    lines = [HEAD, "requirements:"]
    lines += [
        f"  - {{code: r-{place:03}, title: Promise {place}, text: The text of promise {place}., "
        f'clause: "3.{place}"}}'
        for place in range(count)
    ]
    owed = "{what: signature, code: sign, title: Sign, within: {days: 60}, "
    return "\n".join(
        [*lines, "obligations:", f'  - {owed}enforced_from: 2025-01-01, clause: "4"}}']
    )


def of_sites(count: int, most: int) -> str:
    """Return an edition whose KPIs sites answer: parts of a whole, added up."""
    scales = {f"kpi-{place:02}": SCALES["steps"] for place in range(count)}
    per_site = f', per_site: {{roll_up: parts, most_sites: {most}, clause: "1"}}'
    lines = [HEAD, *_kpis(scales, per_site), "scoring:", "  nodes:"]
    lines += [_mean("total", dict.fromkeys(scales, 1), "{mode: half_up, step: 0.1}")]
    return "\n".join([*lines, "  total: total", BANDS])


def of_weights(weights: Mapping[str, int]) -> str:
    """Return an edition of one weighted mean, cut to one decimal."""
    scale = "{kind: number, min: 0, max: 100, decimals: 0}"
    lines = [HEAD, *_kpis(dict.fromkeys(weights, scale)), "scoring:", "  nodes:"]
    lines += [_mean("total", weights, "{mode: truncate, step: 0.1}"), "  total: total"]
    return "\n".join(lines)
