"""The tests' edition with a KPI of each kind that is read with more than itself."""

from __future__ import annotations

from tests.factories import LAMPS

KPIS = """
  - code: certified
    title: Share certified, against the year before
    unit: percentage points
    scale:
      {kind: change, numerator: Certified, denominator: Bought, max: 1000, since: period_before}
    direction: higher
    missing: leave_out
    confidentiality: public
    clause: "5.6"
  - code: audit
    title: Findings of the last audit
    unit: points
    scale: {kind: findings, points: {critical: 25, major: 10, minor: 1}, out_of: 100}
    direction: higher
    missing: leave_out
    not_applicable: needs_approval
    confidentiality: public
    clause: "5.7"
  - code: spent
    title: Spent on repayment
    unit: EUR
    scale: {kind: money, currencies: [EUR, USD], min: 0, max: 1000000, decimals: 2}
    direction: higher
    missing: {carry_forward: 1, otherwise: leave_out}
    confidentiality: public
    clause: "5.8"
  - code: effort
    title: Good-faith effort with improvement
    unit: judgement
    scale: {kind: judgement, by: secretariat, points: {improving: 100, standing still: 0}}
    direction: higher
    missing: leave_out
    confidentiality: public
    clause: "5.9"
  - code: trained
    title: Workers trained in the cycle so far
    unit: workers
    scale: {kind: number, min: 0, max: 1000, decimals: 0}
    direction: higher
    missing: leave_out
    cumulative: {over: {years: 3, first: 2023}, gaps: add_nothing}
    confidentiality: public
    clause: "5.10"

attributes:
  - {kind: submission, code: came-in, title: The return, clause: "7.1"}

currencies:
  reporting: EUR
  day: average
  source: A central bank
  rates:
    - {currency: USD, period: "2025", rate: 0.8}
    - {currency: USD, period: "2024", rate: 0.9}
  clause: "5.8"

targets:
"""
NODES = """    - code: how
      title: How the return came in
      op: first_match
      cases:
        - {when: {member: came-in, is: [late, incomplete, missing]}, then: Not as it should}
        - {when: {member: came-in, is: [under_verification]}, then: Under verification}
      otherwise: On time
      clause: "6.7"
    - code: per-worker
      title: Spent for each worker trained
      op: formula
      formula: "spent / trained"
      unit: EUR per worker
      direction: higher
      rounding: {mode: half_up, step: 0.01}
      clause: "6.5"
    - {code: rest, title: The rest, op: sum, of: [certified, audit, effort], clause: "6.6"}
  total: recruitment
"""
MORE = {
    "certified": ("5", "10"),
    "audit": {"critical": 0, "major": 2, "minor": 3},
    "spent": (100, "USD"),
    "trained": 40,
}


def with_more(text: str = LAMPS) -> str:
    """Return an edition with these KPIs and nodes."""
    assert text.count("\ntargets:\n") == text.count("  total: recruitment\n") == 1
    return text.replace("\ntargets:\n", KPIS).replace("  total: recruitment\n", NODES)
