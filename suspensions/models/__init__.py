"""Breaches, cases, what people recorded, and drafts that were tried."""

from suspensions.models.cases import (
    Breach,
    BreachQuerySet,
    Case,
    CaseQuerySet,
    FollowUpQuerySet,
    Paper,
)
from suspensions.models.reasons import Reason
from suspensions.models.simulations import PAPER_READERS, Simulation, SimulationQuerySet

__all__ = [
    "PAPER_READERS",
    "Breach",
    "BreachQuerySet",
    "Case",
    "CaseQuerySet",
    "FollowUpQuerySet",
    "Paper",
    "Reason",
    "Simulation",
    "SimulationQuerySet",
]
