"""Which KPIs sites answer, and how many sites there may be."""

from __future__ import annotations

from collections.abc import Sequence

from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi


class TooManySites(ValueError):
    """The rules allow fewer sites; the message says how many, by which clause."""


def asked_per_site(edition: Edition) -> tuple[Kpi, ...]:
    """Return the KPIs that are answered per site, in the order of the edition."""
    return tuple(kpi for kpi in edition.kpis if kpi.is_asked and kpi.per_site)


def require_room(kpis: Sequence[Kpi], sites: int) -> None:
    """Refuse more sites than every one of ``kpis`` allows.

    :raises TooManySites: naming the KPI that allows fewest.
    """
    tightest = min(kpis, key=lambda kpi: kpi.per_site.most_sites)
    if sites > tightest.per_site.most_sites:
        raise TooManySites(
            f"{tightest.title} is answered for at most {tightest.per_site.most_sites} sites"
            f" (clause {tightest.per_site.clause}); leave one out first"
        )
