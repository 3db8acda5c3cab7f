"""What the sites of members answer, by return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from kpis.models import Return, SiteValue
from rulebooks.rules.answers import MISSING, Answer, OfSite
from rulebooks.rules.edition import Edition


def with_sites(
    edition: Edition, answers: Mapping[int, Mapping[str, Answer]]
) -> dict[int, dict[str, Answer]]:
    """Return ``answers`` (return → KPI → answer) with what the sites of each return answer.

    One query, and none where the edition asks no site. A site that stands in a return is asked
    for every KPI that is answered per site; where it has no answer it is missing.
    """
    made = {pk: dict(own) for pk, own in answers.items()}
    asked = [kpi.code for kpi in edition.kpis if kpi.per_site]
    if not asked:
        return made
    for pk, by_site in _by_site(answers, asked).items():
        for code in asked:
            sites = tuple(OfSite(one, by_site[one].get(code, MISSING)) for one in sorted(by_site))
            own = made[pk].get(code, MISSING)
            made[pk][code] = replace(own, read_with=replace(own.read_with, sites=sites))
    return made


def _by_site(
    returns: Collection[int], asked: Collection[str]
) -> dict[int, dict[str, dict[str, Answer]]]:
    """Return return → site → KPI → answer."""
    found: dict[int, dict[str, dict[str, Answer]]] = {}
    values = SiteValue.objects.filter(of_return__in=returns, kpi__in=asked)
    for value in values.select_related("site").order_by("pk").iterator():
        held = found.setdefault(value.of_return_id, {})
        held.setdefault(value.site.code, {})[value.kpi] = value.answer
    return found


def sites_held(of_return: Return) -> dict[str, int]:
    """Return for how many sites a return holds an answer or a silence, by KPI."""
    if not any(kpi.per_site for kpi in of_return.edition.document.kpis):
        return {}
    return dict(Counter(of_return.site_values.values_list("kpi", flat=True)))
