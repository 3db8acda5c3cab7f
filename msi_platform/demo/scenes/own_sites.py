"""Three members answer for their own sites; in the open draft one site is silent yet."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from kpis import services as kpis
from kpis.models import Return
from kpis.rules.reading import Typed
from msi_platform.demo import world

KPI = "workers-in-drills"
# Of each site: its code, name and country, how many took part, and of how many workers.
SITES = {
    world.OPEN_DRAFT: (
        ("penang-1", "Boards, Penang", "Malaysia", 1840, 2105),
        ("penang-2", "Final assembly, Penang", "Malaysia", 960, 1420),
        ("johor", "Store and repair, Johor", "Malaysia", None, None),
    ),
    world.ADJUSTED: (
        ("hsinchu", "Panels, Hsinchu", "Taiwan", 2210, 2390),
        ("tainan", "Modules, Tainan", "Taiwan", 610, 1150),
    ),
    world.EXEMPLARY: (
        ("jena", "Lenses, Jena", "Germany", 402, 410),
        ("wetzlar", "Assembly, Wetzlar", "Germany", 188, 188),
    ),
}


def answer(name: str, draft: Return, *, by: User, on: date) -> None:
    """The representative names the sites of a member that has some, and answers for each."""
    typed = {}
    for code, place, country, part, workers in SITES.get(name, ()):
        kpis.add_site(return_id=draft.pk, code=code, name=place, country=country, by=by, on=on)
        if workers is not None:
            typed[code] = {KPI: Typed(numerator=str(part), denominator=str(workers))}
    kpis.answer_sites(return_id=draft.pk, typed=typed, by=by, on=on)
