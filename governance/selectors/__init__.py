"""Which matters and applications await a body, and what a body decided."""

from governance.selectors.admissions import (
    Asked,
    asked_about,
    awaiting,
    before_bodies_of,
    comments_on,
    decisions_on,
    evidence_of,
    is_done,
    sits,
)
from governance.selectors.matters import (
    Matter,
    NotADecision,
    bodies,
    body_names,
    decision,
    edition_of_resolutions,
    group_seats,
    matter,
    matters_awaiting,
    membership_deciders,
    missing_bodies,
    stated_seats,
)
from governance.selectors.sitting import sitting

__all__ = [
    "Asked",
    "Matter",
    "NotADecision",
    "asked_about",
    "awaiting",
    "before_bodies_of",
    "bodies",
    "body_names",
    "comments_on",
    "decision",
    "decisions_on",
    "edition_of_resolutions",
    "evidence_of",
    "group_seats",
    "is_done",
    "matter",
    "matters_awaiting",
    "membership_deciders",
    "missing_bodies",
    "sits",
    "sitting",
    "stated_seats",
]
