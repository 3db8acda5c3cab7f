"""Questions about breaches and cases."""

from suspensions.selectors.cases import next_case_code, steps_in_force
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

__all__ = [
    "REMINDER",
    "DueSoon",
    "Proposal",
    "members_of",
    "next_case_code",
    "open_returns",
    "proposals",
    "proposed",
    "returns_due",
    "steps_in_force",
]
