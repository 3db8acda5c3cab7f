"""In which sectors an organisation works, since when, and how that is known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import access, events
from members.models import InSector, Organisation
from rulebooks import selectors as rulebooks


class NoSuchSector(ValueError):
    """The edition has no such sector, or no source is named."""


@transaction.atomic
def set_sectors(
    *, organisation: Organisation, sectors: Collection[str], source: str, by: User, on: date
) -> list[InSector]:
    """Record that from ``on`` an organisation works in these sectors, and in no other.

    What it is recorded for already stays as it is; the same twice changes nothing.

    :raises PermissionDenied: ``by`` may not manage members.
    :raises NoSuchSector: the edition of the day lacks one of them, or no source is named.
    """
    access.require(by, Permission.MEMBER_MANAGE)
    known = {one.code for one in rulebooks.edition_in_force(on).document.sectors}
    if unknown := sorted(set(sectors) - known):
        allowed = ", ".join(sorted(known)) or "none"
        raise NoSuchSector(f"no sector is called {', '.join(unknown)}; allowed: {allowed}")
    if not source.strip():
        raise NoSuchSector("name the source that says so")
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not keep_sectors(organisation, sectors=sectors, source=source.strip(), on=on):
        return list(organisation.in_sectors.filter(until_on=None))
    event = events.SectorsSet(sectors=tuple(sorted(set(sectors))))
    ledger.record(event, subject=organisation, actor=by, on=on)
    return list(organisation.in_sectors.filter(until_on=None).order_by("sector"))


@transaction.atomic
def keep_sectors(
    organisation: Organisation, *, sectors: Collection[str], source: str, on: date
) -> bool:
    """Write which sectors hold from ``on``, and return whether anything differs.

    Joins the caller's transaction, permission and entry in the record.
    """
    held = organisation.in_sectors.filter(until_on=None)
    gone = held.exclude(sector__in=list(sectors))
    begun = set(sectors) - set(held.values_list("sector", flat=True))
    changed = bool(begun) or gone.exists()
    gone.update(until_on=on)
    InSector.objects.bulk_create(
        InSector(organisation=organisation, sector=code, from_on=on, source=source)
        for code in sorted(begun)
    )
    return changed
