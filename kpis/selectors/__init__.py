"""Questions about returns, answers and scores that need several models or the rules."""

from kpis.selectors.answers import Effective, effective_answers
from kpis.selectors.scores import (
    Outcome,
    members_to_score,
    open_shards,
    outcome_of_run,
    rescored,
)

__all__ = [
    "Effective",
    "Outcome",
    "effective_answers",
    "members_to_score",
    "open_shards",
    "outcome_of_run",
    "rescored",
]
