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
    matter,
    matters_awaiting,
    missing_bodies,
    stated_seats,
)

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
    "is_done",
    "matter",
    "matters_awaiting",
    "missing_bodies",
    "sits",
    "stated_seats",
]
