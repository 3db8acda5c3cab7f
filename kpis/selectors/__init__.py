"""Questions about returns, answers and scores that need several models or the rules."""

from kpis.selectors.answers import Effective, effective_answers
from kpis.selectors.returns import (
    answers_of,
    content_digest,
    content_of,
    covers_period,
    return_for,
    still_missing,
    typed_in,
    values_before,
)
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
    "answers_of",
    "by_band",
    "content_digest",
    "content_of",
    "covers_period",
    "effective_answers",
    "members_to_score",
    "open_shards",
    "outcome_of_run",
    "reading",
    "rescored",
    "return_for",
    "score_now",
    "still_missing",
    "typed_in",
    "values_before",
]
