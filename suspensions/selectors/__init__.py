"""Questions about breaches and cases."""

from suspensions.selectors.cases import (
    CaseFile,
    Ground,
    case_file,
    decision_to_carry_out,
    grounds,
    next_case_code,
    plan_received,
    ready_for_case,
    stands_still,
    steps_in_force,
    steps_proposed,
    told_on_entry,
)
from suspensions.selectors.daily import (
    REMINDER,
    DueSoon,
    Proposal,
    members_of,
    open_returns,
    proposals,
    proposed,
    returns_due,
)
from suspensions.selectors.errata import Touched, touched
from suspensions.selectors.history import (
    Past,
    case_to_weigh,
    gone,
    history_to_weigh,
    may_weigh,
    way_back,
)
from suspensions.selectors.quiet import (
    counts_by_rule,
    quiet_hits,
    titles_of_rules,
    with_rules,
)
from suspensions.selectors.records import open_findings, recorded
from suspensions.selectors.simulation import known_members, simulated_members
from suspensions.selectors.steps import StepDue, first_step, step_due_on, steps_due, with_steps

__all__ = [
    "REMINDER",
    "CaseFile",
    "DueSoon",
    "Ground",
    "Past",
    "Proposal",
    "StepDue",
    "Touched",
    "case_file",
    "case_to_weigh",
    "counts_by_rule",
    "decision_to_carry_out",
    "first_step",
    "gone",
    "grounds",
    "history_to_weigh",
    "known_members",
    "may_weigh",
    "members_of",
    "next_case_code",
    "open_findings",
    "open_returns",
    "plan_received",
    "proposals",
    "proposed",
    "quiet_hits",
    "ready_for_case",
    "recorded",
    "returns_due",
    "simulated_members",
    "stands_still",
    "step_due_on",
    "steps_due",
    "steps_in_force",
    "steps_proposed",
    "titles_of_rules",
    "told_on_entry",
    "touched",
    "way_back",
    "with_rules",
    "with_steps",
]
