"""An edition under which members set targets of their own, and proposals to begin with."""

from dataclasses import replace
from decimal import Decimal as D

from targets import services
from targets.rules.ambition import Proposal
from tests.factories import LAMPS

OWN = """member_targets:
  - code: own-days
    title: Faster repayment
    kpis: [days-to-repay]
    applies_to: [full]
    floor:
      change: {percent: 30}
      at_most_years: 8
      latest_due_on: 2032-12-31
      baseline_from: 2022
      clause: "1.5"
    approved_by: APPROVER
    recalculation: {reasons: [structural_change, error], above_percent: 5, clause: "1.6"}
    clause: "1.4"
targets:
"""
FASTER = Proposal("days-to-repay", 2024, D(100), 2030, D(60), baseline_source="Payroll of 2024")


BOARD = """bodies:
  - code: board
    name: The board
    seats:
      - {chamber: companies, count: 2, empty: blocks}
      - {chamber: civil-society, count: 2, empty: blocks}
    clause: "2.5"
  - code: appeals
    name: The appeal panel
    seats: [{chamber: unions, count: 1, empty: blocks}]
    clause: "2.6"
"""


def with_own_targets(approver: str = "{role: secretariat}") -> str:
    text = LAMPS.replace("targets:\n", OWN.replace("APPROVER", approver), 1)
    return text + BOARD if "body" in approver else text


def proposed(member, by, on, *, approved_by=None, **changes):
    """Propose a target for a member; approve it too where somebody is named who does."""
    beside = {name: changes.pop(name) for name in ("reason", "anew") if name in changes}
    target = services.propose_target(
        member=member, rule="own-days", proposal=replace(FASTER, **changes), by=by, on=on, **beside
    )
    if approved_by is not None:
        services.approve_target(target_id=target.pk, by=approved_by, on=on)
        target.refresh_from_db()
    return target
