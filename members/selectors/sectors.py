"""In which sectors organisations work, and where members and applicants stand in the market."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from members.models import Application, InSector, Member, Organisation
from members.selectors.groups import group_of
from rulebooks import selectors as rulebooks
from rulebooks.rules.joining import Standing, groups_alike
from rulebooks.rules.membership import Sector


def sectors_of(organisations: Collection[int], *, on: date) -> frozenset[str]:
    """Return the sectors, by code, in which any of these organisations works on a day."""
    rows = InSector.objects.in_force(on).filter(organisation__in=organisations)
    return frozenset(rows.values_list("sector", flat=True))


def sectors_named(organisation: Organisation, *, on: date) -> list[tuple[str, InSector]]:
    """Return the name of each sector of an organisation on a day, with how it is known."""
    document = rulebooks.current_document(on)
    names = {one.code: one.name for one in document.sectors} if document else {}
    rows = organisation.in_sectors.in_force(on).order_by("sector", "pk")
    return [(names.get(row.sector, row.sector), row) for row in rows]


def sectors_applied_for(application: Application) -> tuple[Sector, ...]:
    """Return the sectors that an applicant named, as its edition has them."""
    said = application.content.get("sectors", ())
    return tuple(one for one in application.edition.document.sectors if one.code in said)


def standing_of_member(member: Member, *, on: date) -> Standing:
    """Return where a member stands in the market on a day."""
    group = group_of(member.organisation, on=on)
    names = [member.organisation.name, *([group.name] if group else [])]
    return Standing(
        member_class=member.member_class,
        chamber=member.chamber,
        sectors=sectors_of([member.organisation_id], on=on),
        groups=groups_alike(names),
    )


def standing_of_applicant(application: Application, *, on: date) -> Standing:
    """Return where an applicant stands: as it says, and as is known of the organisation it is."""
    said = [one.code for one in sectors_applied_for(application)]
    names = [application.content.get("group", "")]
    if application.organisation is not None:
        said += sectors_of([application.organisation_id], on=on)
        group = group_of(application.organisation, on=on)
        names += [group.name] if group else []
    return Standing(
        member_class=application.member_class,
        chamber=application.chamber,
        sectors=frozenset(said),
        groups=groups_alike(names),
    )
