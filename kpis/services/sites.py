"""What the sites of a member answer in a draft: sites added, answered, left out again.

Every service on a return locks the return first and the member after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import Permission
from kpis import events
from kpis.models import Return, SiteValue
from kpis.rules.procedure import Action, NotNow, next_stage
from kpis.rules.reading import Reading, Typed, read
from kpis.rules.sites import TooManySites, asked_per_site, at_a_site, require_room
from kpis.services.returns import ChangedMeanwhile, NoSuchKpi
from ledger import services as ledger
from members import access
from members.models import Member, Site
from targets import selectors as targets

__all__ = [
    "NoSuchSite",
    "TooManySites",
    "add_site",
    "answer_sites",
    "leave_site_out",
]


class NoSuchSite(ValueError):
    """The return holds no site of that code."""


@transaction.atomic
def add_site(
    *, return_id: int, code: str, name: str = "", country: str = "", by: User, on: date
) -> Site:
    """Add a site to a draft; it is silent until it is answered for. Twice changes nothing.

    A site that the member has named before keeps its name and country where none is given.

    :raises PermissionDenied: ``by`` does not fill in returns for the member.
    :raises NotNow: the return is submitted or filed, or its rules ask no site.
    :raises targets.CannotFile: the window has closed.
    :raises TooManySites: naming how many the rules allow, by which clause.
    """
    access.require(by, Permission.RETURN_EDIT, member=Return.objects.member_of(return_id, by))
    draft = _open_draft(return_id, by=by, on=on)
    kpis = asked_per_site(draft.edition.document)
    if not kpis:
        raise NotNow(f"{draft.edition} asks for no answers of sites")
    Member.objects.select_for_update().get(pk=draft.member_id)
    held = set(draft.site_values.values_list("site__code", flat=True))
    if code in held:
        return Site.objects.get(member=draft.member, code=code)
    require_room(kpis, len(held) + 1)
    _unsay(draft, [kpi.code for kpi in kpis])
    given = {k: v for k, v in {"name": name.strip(), "country": country.strip()}.items() if v}
    site, _ = Site.objects.update_or_create(member=draft.member, code=code, defaults=given)
    SiteValue.objects.bulk_create(
        SiteValue(member=draft.member, of_return=draft, site=site, kpi=kpi.code, state="missing")
        for kpi in kpis
    )
    event = events.SiteAdded(**draft.codes(), site=site.pk)
    ledger.record(event, subject=draft, actor=by, on=on)
    _touch(draft, by)
    return site


@transaction.atomic
def answer_sites(
    *,
    return_id: int,
    typed: Mapping[str, Mapping[str, Typed]],
    by: User,
    on: date,
    seen: datetime | None = None,
) -> dict[str, dict[str, Reading]]:
    """Save what was typed for sites of a draft, and return the readings that have problems.

    ``typed`` and what is returned go by site, then by KPI. What can be read is saved; what cannot
    is left as it was. The same sent twice saves once. ``seen`` is ``saved_at`` of the draft that
    was shown: when somebody else has saved since, nothing is saved.

    :raises PermissionDenied: ``by`` does not fill in returns for the member.
    :raises NotNow: the return is submitted or filed.
    :raises targets.CannotFile: the window has closed.
    :raises NoSuchSite: the return holds no such site.
    :raises NoSuchKpi: ``typed`` names one that is not answered per site.
    :raises ChangedMeanwhile: naming who, when and which KPIs.
    """
    access.require(by, Permission.RETURN_EDIT, member=Return.objects.member_of(return_id, by))
    draft = _open_draft(return_id, by=by, on=on)
    problems, changed = {}, []
    for site, texts in typed.items():
        readings = _readings(draft, texts)
        changed += _changed(draft, site, readings)
        problems[site] = {code: reading for code, reading in readings.items() if reading.problems}
    if changed and seen is not None and seen != draft.saved_at:
        raise ChangedMeanwhile(draft, tuple(dict.fromkeys(row.kpi for row in changed)))
    for row in changed:
        row.save()
    if changed:
        _touch(draft, by)
    return {site: found for site, found in problems.items() if found}


def _readings(draft: Return, texts: Mapping[str, Typed]) -> dict[str, Reading]:
    kpis = {kpi.code: kpi for kpi in asked_per_site(draft.edition.document)}
    for code in texts:
        if code not in kpis:
            asked = ", ".join(kpis) or "none is"
            raise NoSuchKpi(f"{code[:40]!r} is not answered per site by {draft.edition}: {asked}")
    return {code: read(kpis[code].of_one_site, at_a_site(text)) for code, text in texts.items()}


def _changed(draft: Return, site: str, readings: Mapping[str, Reading]) -> list[SiteValue]:
    """Return the rows of a site that take another answer, with it; not saved yet."""
    held = draft.site_values.filter(site__code=site).select_related("site")
    rows = {row.kpi: row for row in held}
    if not rows:
        raise NoSuchSite(f"the return for {draft.period} holds no site {site[:40]!r}")
    at, changed = next(iter(rows.values())).site, []
    for code, reading in readings.items():
        new = SiteValue(member=draft.member, of_return=draft, kpi=code, site=at)
        row = rows.get(code, new)
        if not reading.problems and (row.pk is None or row.answer != reading.answer):
            row.take(reading.answer)
            changed.append(row)
    return changed


@transaction.atomic
def leave_site_out(*, return_id: int, site: str, by: User, on: date) -> Return:
    """Take a site with its answers out of a draft. The member keeps the site.

    :raises PermissionDenied: ``by`` does not fill in returns for the member.
    :raises NotNow: the return is submitted or filed.
    :raises targets.CannotFile: the window has closed.
    :raises NoSuchSite: the return holds no such site.
    """
    access.require(by, Permission.RETURN_EDIT, member=Return.objects.member_of(return_id, by))
    draft = _open_draft(return_id, by=by, on=on)
    gone, _ = draft.site_values.filter(site__code=site).delete()
    if not gone:
        raise NoSuchSite(f"the return for {draft.period} holds no site {site[:40]!r}")
    _touch(draft, by)
    return draft


def _open_draft(return_id: int, *, by: User, on: date) -> Return:
    """Return a draft that can be changed on a day, locked."""
    draft = Return.objects.visible_to(by).for_change().get(pk=return_id)
    next_stage(draft.status, Action.SAVE, stands=draft.stands)
    targets.open_window(draft.member, draft.period, on=on)
    return draft


def _unsay(draft: Return, kpis: Sequence[str]) -> None:
    """Take back what was said of KPIs for the member itself: from now on its sites say it."""
    draft.values_reported.filter(kpi__in=kpis).delete()
    draft.unread = {code: text for code, text in draft.unread.items() if code not in kpis}
    draft.save(update_fields=["unread"])


def _touch(draft: Return, by: User) -> None:
    draft.saved_at, draft.saved_by = timezone.now(), by
    draft.save(update_fields=["saved_at", "saved_by"])
