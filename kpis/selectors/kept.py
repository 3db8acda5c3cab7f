"""Totals of targets that were told, kept in the cache: a page that anybody opens adds up nothing.

What is told after a publication counts the cards that stood then, which are never rewritten; so a
total is worked out once for each publication. A change of groups or classes that is dated back
shows within the hour.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from django.core.cache import cache
from redis.exceptions import RedisError

from kpis.models import ScoreRun
from kpis.selectors.totals import Found, Source
from rulebooks.rules.edition import Edition
from rulebooks.rules.targets import Target, Totals

HOUR = 3_600  # seconds


def totals_told(source: Source, edition: Edition, target: Target, told: ScoreRun) -> Found:
    """Return ``source.totals()`` as told of a run and those before it, for a target of an edition.

    An edition that was only read, or a target as it stood before, has totals of its own. Without
    the cache they are added up each time.
    """
    key, found = _key(source, edition, target, told), None
    with suppress(RedisError):
        found = cache.get(key)
    if found is None:
        found = source.totals()
        with suppress(RedisError):
            cache.set(key, found, HOUR)
    return found


def _key(source: Source, edition: Edition, target: Target, told: ScoreRun) -> str:
    told_at = told.published_at.isoformat() if told.published_at else ""
    of_run = (told.pk, told_at, told.root)
    of_target = (edition.code, target.model_dump_json(), source.question)
    # A release that holds more, or elsewhere, works it out anew.
    held = [(kind.__module__, kind.__slots__) for kind in (Found, Totals)]
    parts = (*of_run, *of_target, held)
    return f"totals:{sha256(repr(parts).encode()).hexdigest()}"
