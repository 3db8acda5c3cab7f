"""What the sites of members answer, by return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Count, QuerySet

from kpis.models import Return, SiteValue
from kpis.rules.reading import words
from kpis.rules.sites import asked_per_site
from members.models import Site
from rulebooks.rules.answers import MISSING, Answer, OfSite
from rulebooks.rules.edition import Edition
from rulebooks.rules.indicators import Kpi


def answers_asked(member_ids: Collection[int], edition: Edition) -> list[int]:
    """Return how many answers each of these members may give, its sites included."""
    at_sites = sum(kpi.per_site is not None for kpi in edition.kpis)
    own = len(edition.kpis) - at_sites
    if not at_sites:
        return [own] * len(member_ids)
    sites = dict(
        Site.objects.filter(member__in=member_ids)
        .values_list("member")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return [own + at_sites * sites.get(pk, 0) for pk in member_ids]


def with_sites(
    edition: Edition,
    answers: Mapping[int, Mapping[str, Answer]],
    *,
    kpis: Collection[str] | None = None,
) -> dict[int, dict[str, Answer]]:
    """Return ``answers`` (return → KPI → answer) with what the sites of each return answer.

    One query, and none where the edition asks no site. A site that stands in a return is asked
    for every KPI that is answered per site; where it has no answer it is missing. With ``kpis``
    only these are looked at.
    """
    made = {pk: dict(own) for pk, own in answers.items()}
    asked = [kpi.code for kpi in edition.kpis if kpi.per_site]
    wanted = asked if kpis is None else [code for code in asked if code in kpis]
    if not wanted:
        return made
    for pk, by_site in _by_site(answers, asked).items():
        for code in wanted:
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


def site_table(of_return: Return, *, kpis: Collection[str]) -> dict[str, Any]:
    """Return the sites of a return with their answers in words, and what they come to, by KPI.

    Only of the KPIs in ``kpis``: what a reader may not see is not read.
    """
    asked = [kpi for kpi in asked_per_site(of_return.edition.document) if kpi.code in kpis]
    codes = [kpi.code for kpi in asked]
    found: dict[Site, dict[str, str]] = {}
    values = of_return.site_values.filter(kpi__in=codes).select_related("site")
    for value in values.order_by("site__code", "kpi"):
        found.setdefault(value.site, {})[value.kpi] = words(value.answer)
    with_own = with_sites(of_return.edition.document, {of_return.pk: {}})[of_return.pk]
    return {
        "kpis": asked,
        "rows": [(site, [said.get(code, "") for code in codes]) for site, said in found.items()],
        "rolled": [(kpi, _rolled(kpi, with_own.get(kpi.code, MISSING))) for kpi in asked],
    }


def rolled_up(of_return: Return, *, kpis: Collection[str]) -> dict[str, Answer]:
    """Return what the sites of a return come to, by KPI: of ``kpis`` for which any is held."""
    edition = of_return.edition.document
    asked = [kpi for kpi in asked_per_site(edition) if kpi.code in kpis]
    if not asked:
        return {}
    answers = with_sites(edition, {of_return.pk: {}})[of_return.pk]
    held = [kpi for kpi in asked if kpi.code in answers and answers[kpi.code].read_with.sites]
    return {kpi.code: kpi.counted(answers[kpi.code]) for kpi in held}


def _rolled(kpi: Kpi, answer: Answer) -> str:
    """Return what the sites come to, and how."""
    made = kpi.per_site.exact(answer, kpi.scale, kpi.direction, kpi.policy)
    said = words(made)
    return f"{said}: {made.read_with.remark}" if said else made.read_with.remark


def sites_held(of_return: Return) -> dict[str, int]:
    """Return for how many sites a return holds an answer or a silence, by KPI."""
    if not any(kpi.per_site for kpi in of_return.edition.document.kpis):
        return {}
    return dict(Counter(of_return.site_values.values_list("kpi", flat=True)))


def site_values(of_return: Return, *, kpis: Collection[str]) -> dict[str, list[SiteValue]]:
    """Return what the sites of a return answer, by KPI and then by the code of the site.

    Only of the KPIs in ``kpis``: what a reader may not see is not read.
    """
    codes = [kpi.code for kpi in asked_per_site(of_return.edition.document) if kpi.code in kpis]
    found: dict[str, list[SiteValue]] = {}
    if codes:
        held = of_return.site_values.filter(kpi__in=codes).select_related("site")
        for value in held.order_by("site__code", "pk"):
            found.setdefault(value.kpi, []).append(value)
    return found


def sites_of(of_return: Return, *, kpis: Collection[str]) -> QuerySet[Site]:
    """Return the sites of a return that are asked for one of ``kpis``, by code."""
    held = of_return.site_values.filter(kpi__in=kpis).values("site")
    return Site.objects.filter(member=of_return.member_id, pk__in=held).order_by("code")
