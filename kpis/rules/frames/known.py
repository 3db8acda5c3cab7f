"""What shards of an edition share: how answers are read, what is asked, and texts once told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from kpis.rules import grounds
from kpis.rules.frames.sheets import Readings
from rulebooks.rules.conditions import Condition
from rulebooks.rules.edition import Edition

MOST_KNOWN = 50_000  # texts, some 20 MiB
MOST_EDITIONS = 4  # members are scored anew under several, now one, now another


@dataclass(frozen=True)
class Known:
    """An edition and what is known of it in this process.

    ``left`` holds what grounds leave, by all that it depends on; ``ends`` how published numbers
    end a line, by the step of their rounding. Few numbers are published, many times each.
    """

    edition: Edition
    left: dict[tuple, tuple] = field(default_factory=dict)
    ends: dict[str, dict[int | None, str]] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        return len(self.left) + sum(map(len, self.ends.values())) > MOST_KNOWN

    @cached_property
    def readings(self) -> Readings:
        return Readings.of(self.edition.tree)

    @cached_property
    def rules(self) -> Mapping[str, grounds.Rule]:
        return grounds.rules(self.edition)

    @cached_property
    def whens(self) -> Mapping[str, Condition]:
        return {code: rule.when for code, rule in self.rules.items()}

    @cached_property
    def concerned(self) -> tuple[str, ...]:
        """Return the nodes that grounds, bands and verdict depend on."""
        edition = self.edition
        of_bands = edition.bands.of if edition.bands else None
        wanted = (edition.scoring.total, edition.scoring.verdict, of_bands)
        return tuple(dict.fromkeys(code for code in wanted if code is not None))

    @cached_property
    def strict(self) -> tuple[str, ...]:
        """Return the KPIs that may not be left unanswered."""
        return tuple(kpi.code for kpi in self.edition.kpis if kpi.policy == "knock_out")

    @cached_property
    def calculated(self) -> tuple[str, ...]:
        """Return the nodes that say why they have no number."""
        return tuple(code for code, node in self.edition.tree.nodes.items() if node.calculated)


_KNOWN: dict[int, Known] = {}


def known_of(edition: Edition) -> Known:
    """Return what is known of ``edition``; it is forgotten when it grows large."""
    known = _KNOWN.get(id(edition))
    if known is None or known.edition is not edition or known.is_full:
        if known is None and len(_KNOWN) >= MOST_EDITIONS:
            _KNOWN.pop(next(iter(_KNOWN)), None)  # the oldest; another thread may have been faster
        known = _KNOWN[id(edition)] = Known(edition)
    return known


def joined(parts: Iterable[pl.Series]) -> pl.Series | None:
    """Return texts joined by commas without what is null, None where there are no parts."""
    named = [part.alias(f"{place}") for place, part in enumerate(parts)]
    if not named:
        return None
    told = pl.concat_str(pl.all(), separator=",", ignore_nulls=True)
    return pl.DataFrame(named).select_seq(told).to_series()
