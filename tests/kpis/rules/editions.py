"""Small editions for tests of scoring: a test states only KPIs and nodes."""

from __future__ import annotations

import yaml

from rulebooks.rules.edition import Edition

SCORING = ("total", "verdict", "knock_outs", "caps")
CLAUSE = {"clause": "1"}
POINTS = {"kind": "points", "allowed": [0, 30, 60, 90, 100]}
NUMBER = {"kind": "number", "min": 0, "max": 100, "decimals": 1}
REST = """
format: 1
code: test-2025
title: Test
initiative: Test
language: en
time_zone: UTC
in_force_from: 2025-01-01
replaces: null
chambers: [{code: all, name: All, clause: "1"}]
classes: [{code: member, name: Member, chambers: [all], rights: [], clause: "1"}]
publicity: {membership: public, standing: public, scorecard: public, clause: "1"}
"""


def kpi(code: str, scale: dict = NUMBER, **fields: object) -> dict:
    return {
        "code": code,
        "title": code,
        "unit": "points",
        "scale": scale,
        "direction": "higher",
        "missing": "leave_out",
        "confidentiality": "public",
        **CLAUSE,
        **fields,
    }


def node(code: str, op: str, **fields: object) -> dict:
    return {"code": code, "title": code, "op": op, **CLAUSE, **fields}


def half_up(step: str) -> dict:
    return {"mode": "half_up", "step": Plain(step)}


class Plain(str):
    """A number written as it stands."""


def make_edition(*, kpis: list[dict], nodes: list[dict], **more: object) -> Edition:
    """Return an edition of ``kpis`` and ``nodes``, read from YAML as all editions are."""
    scoring = {"nodes": nodes, **{k: more.pop(k) for k in SCORING if k in more}}
    return Edition.load(REST + _dump({"kpis": kpis, "scoring": scoring, **more}))


class _Dumper(yaml.SafeDumper):
    """Writes without anchors, and ``Plain`` numbers without quotes."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _as_it_stands(dumper: yaml.SafeDumper, text: Plain) -> yaml.ScalarNode:
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_Dumper.add_representer(Plain, _as_it_stands)


def _dump(plain: dict) -> str:
    return yaml.dump(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
