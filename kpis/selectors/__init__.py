"""Questions about returns, answers and scores that need several models or the rules."""

from kpis.selectors.answers import Effective, effective_answers
from kpis.selectors.scores import (
    BandCount,
    Outcome,
    Reading,
    by_band,
    members_to_score,
    open_shards,
    outcome_of_run,
    reading,
    rescored,
    score_now,
)

__all__ = [
    "BandCount",
    "Effective",
    "Outcome",
    "Reading",
    "by_band",
    "effective_answers",
    "members_to_score",
    "open_shards",
    "outcome_of_run",
    "reading",
    "rescored",
    "score_now",
]
