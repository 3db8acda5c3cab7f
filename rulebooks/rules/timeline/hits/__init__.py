"""What the detectors hit: first what was missed, published or recorded, then what counts that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from rulebooks.rules.facts import BreachCured
from rulebooks.rules.timeline.changes import Change
from rulebooks.rules.timeline.history import History
from rulebooks.rules.timeline.hits.breaches import breach_changes
from rulebooks.rules.timeline.hits.counted import (
    calendars,
    consecutive,
    of_rules,
    runs,
    within_window,
)
from rulebooks.rules.timeline.hits.hit import Cured, Hit
from rulebooks.rules.timeline.hits.missed import missed
from rulebooks.rules.timeline.hits.published import scored
from rulebooks.rules.timeline.hits.recorded import judged, left_open

__all__ = [
    "Cured",
    "Hit",
    "breach_changes",
    "calendars",
    "hits",
    "of_rules",
    "runs",
]

DETECTORS = {
    "below_bar": scored,
    "threshold": scored,
    "verdict": scored,
    "knocked_out": scored,
    "recorded": judged,
    "open_finding": left_open,
}
COUNTING = {"consecutive": consecutive, "within_window": within_window}


def hits(history: History, duties: Iterable[Change]) -> list[Hit]:
    """Return the hits of every rule under every edition, each with the day it was cured."""
    first = [_as_cured(history, hit) for hit in _first(history, list(duties))]
    second = [
        _as_cured(history, hit)
        for edition in history.editions
        for rule in edition.breaches
        if rule.detector.kind in COUNTING
        for hit in COUNTING[rule.detector.kind](history, edition, rule, first)
    ]
    return first + second


def _first(history: History, duties: list[Change]) -> Iterator[Hit]:
    """Yield the hits of rules that count no others."""
    for edition in history.editions:
        for rule in edition.breaches:
            kind = rule.detector.kind
            if kind == "missed_obligation":
                yield from missed(history, edition, rule, duties)
            elif kind in DETECTORS:
                yield from DETECTORS[kind](history, edition, rule)


def _as_cured(history: History, hit: Hit) -> Hit:
    """Return a hit with the earliest day on which it was made good, recorded or derived."""
    recorded = (
        Cured(f.about_on, f.what.kind, (f.id,)) for f in history.facts(BreachCured, hit.key)
    )
    found = [cured for cured in chain((hit.cured,), recorded) if cured is not None]
    return replace(hit, cured=min(found, key=lambda cured: cured.on, default=None))
