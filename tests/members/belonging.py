"""The edition with all that it may say of a membership that changes, and members under it."""

from __future__ import annotations

from tests.factories import LAMPS

FEES = """  - code: fees
    title: Pay the membership fee
    what: fee
    within: {days: 30}
    late: {months: 3}
    amounts:
      - {applies_to: [full], sizes: [large], amount: 8000, currency: EUR, clause: "6.1"}
      - {applies_to: [full], sizes: [small], amount: 500.50, currency: EUR, clause: "6.1"}
    group_cap: {amount: 10000, currency: EUR, clause: "6.2"}
    enforced_from: 2025-01-01
    clause: "6"

kpis:
"""
BELONGING = """
sizes:
  - {code: large, name: Turnover of 50 million or more, clause: "6.1"}
  - {code: small, name: Turnover below 50 million, clause: "6.1"}
belonging:
  withdrawal: {notice: {months: 3}, clause: "2.6"}
  contacts:
    - {code: main, name: Main contact, main: true, required: true, clause: "2.7"}
    - {code: finance, name: Finance, letters: [return-due], clause: "2.7"}
  corporate_groups: {counts_as_one: [votes, disclosure, fees], clause: "2.8"}
"""
UNPAID = """
breaches:
  - code: fee-unpaid
    title: Fee not paid
    detector: {kind: missed_obligation, obligation: fees}
    correction_days: 14
    clause: "6.3"
"""
EDITION = LAMPS.replace("\nkpis:\n", "\n" + FEES, 1).replace("\nbreaches:\n", UNPAID, 1) + BELONGING


def with_rules(**parts: str) -> str:
    """Return the edition with further parts of ``belonging``, each written as YAML."""
    lines = "".join(f"  {name}: {written}\n" for name, written in parts.items())
    return EDITION.replace("belonging:\n", f"belonging:\n{lines}", 1)
