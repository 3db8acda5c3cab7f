"""All that changes about returns, verification and scores."""

from kpis.services.publication import CannotPublish, publish_run
from kpis.services.runs import CannotScore, start_run, work_open_shards, work_shard

__all__ = [
    "CannotPublish",
    "CannotScore",
    "publish_run",
    "start_run",
    "work_open_shards",
    "work_shard",
]
