"""Which KPIs sites answer, and how many sites there may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpis.rules.reading import DOES_NOT_APPLY, Reading, Typed
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi

CODE_OF_SITE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"


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


def at_a_site(typed: Typed) -> Typed:
    """Return what is typed for a site, which says in one word what does not apply to it.

    Reasons and remarks stand in the return, not with its sites.
    """
    return replace(typed, note="at this site" if typed.instead == DOES_NOT_APPLY else "")


def beside_sites(reading: Reading, sites: int) -> Reading:
    """Return a reading of what is said for the member itself of a KPI that its sites answer.

    Where ``sites`` are held it is a problem to say anything.
    """
    if not sites or reading.problems or reading == Reading():
        return reading
    held = "one site answers" if sites == 1 else f"{sites} sites answer"
    return Reading(problems={"instead": f"{held} this; say it there, or leave them out first"})
