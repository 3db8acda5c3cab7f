"""KPI returns with evidence, what auditors made of them, and the scores that follow."""

from kpis.models.aggregates import Aggregate
from kpis.models.contests import Contest
from kpis.models.moves import Move, MovedReturn
from kpis.models.replaced import ReplacedCard
from kpis.models.returns import Evidence, Return, SentBack, SiteValue, Value
from kpis.models.scores import Scorecard, ScoreRun, Shard
from kpis.models.verification import Verification

__all__ = [
    "Aggregate",
    "Contest",
    "Evidence",
    "Move",
    "MovedReturn",
    "ReplacedCard",
    "Return",
    "ScoreRun",
    "Scorecard",
    "SentBack",
    "Shard",
    "SiteValue",
    "Value",
    "Verification",
]
