"""Importing a table: all of it in one transaction, or nothing.

What is imported opens no case and sends nothing: its facts are marked as imported. The same file
twice adds nothing. Rows go through temporary tables by COPY, so memory stays small.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from django.db import transaction

from accounts.models import User
from accounts.rules import Permission
from kpis import events
from kpis.rules import tables
from kpis.rules.mapping import Mapper, Refused
from kpis.rules.profiles import Contacts, Facts, GivenPeriod, Profile, Sectors, Values
from kpis.rules.stating import Setting, Texts
from kpis.rules.tables import Fault
from kpis.services.imports.contacts import ContactPlan
from kpis.services.imports.facts import FactPlan
from kpis.services.imports.people import People
from kpis.services.imports.returns import ReturnPlan
from kpis.services.imports.sectors import SectorPlan
from kpis.services.imports.staging import Staging
from ledger import services as ledger
from ledger.models import Entry
from ledger.rules import Tree
from members import access
from members import services as members
from rulebooks import selectors as rulebooks
from rulebooks.rules.edition import Edition
from targets.models import Period

__all__ = ["Imported", "Refused", "import_file"]

PLANS = {Values: ReturnPlan, Facts: FactPlan, Contacts: ContactPlan, Sectors: SectorPlan}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import read, and what of it was new. ``note`` says why nothing could be."""

    rows: int
    skipped: int
    members_added: int = 0
    facts_added: int = 0
    facts_corrected: int = 0
    facts_retracted: int = 0
    returns_filed: int = 0
    values_added: int = 0
    contacts_added: int = 0
    sectors_added: int = 0
    dry_run: bool = False
    note: str = ""


@dataclass
class _Reading:
    """The rows as they pass: counted, and hashed for the record."""

    rows: int = 0
    tree: Tree = field(default_factory=Tree)

    def watch(self, rows: Iterator[tables.Row]) -> Iterator[tables.Row]:
        for self.rows, row in enumerate(rows, start=1):
            self.tree.add(hashlib.sha256(row.as_json().encode()).digest())
            yield row


@transaction.atomic
def import_file(
    *,
    profile: Profile,
    stream: BinaryIO,
    setting: Setting,
    by: User,
    on: date,
    dry_run: bool = False,
) -> Imported:
    """Import a table as ``profile`` says, and return what was new.

    With ``dry_run`` everything is done and then undone.

    :raises PermissionDenied: ``by`` may not import.
    :raises Refused: something is wrong with the file; nothing is imported.
    """
    access.require(by, Permission.FACT_IMPORT)
    _require_setting(profile, setting)
    staging = Staging.begin()
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    if note := _overtaken(profile, setting, digest):
        return Imported(rows=0, skipped=0, dry_run=dry_run, note=note)
    people, reading = People(profile.member), _Reading()
    mapper = Mapper(
        profile, setting, _editions().get, texts=_texts(), roles=_roles(on), sectors=_sectors(on)
    )
    _stage(mapper, stream, staging, people, reading)
    added = people.create(on=on)
    staging.name_members(people.ids())
    plan = PLANS[type(profile.into)](profile, on=on)
    if faults := plan.faults():
        raise Refused([fault._replace(sheet=mapper.sheet) for fault in faults])
    made = plan.counts()
    if added or any(made.values()):
        event = events.FileImported(
            profile=profile.code,
            file_sha256=digest,
            root=reading.tree.root(),
            rows=reading.rows,
            members_added=added,
            as_of=setting.as_of,
            **{name: made[name] for name in made if name in events.FileImported.model_fields},
        )
        entry = ledger.record(event, subject=by, actor=by, on=on)
        members.name_source(entry, label=profile.source or profile.title)
        people.state_admissions(entry)
        plan.carry_out(entry, by=by, also=[member.pk for member in people.created])
    if dry_run:
        transaction.set_rollback(True)
    return Imported(
        rows=reading.rows, skipped=mapper.skipped, members_added=added, dry_run=dry_run, **made
    )


def _require_setting(profile: Profile, setting: Setting) -> None:
    needs_period = isinstance(profile.into, Values) and isinstance(profile.into.period, GivenPeriod)
    if needs_period and setting.period is None:
        raise Refused([Fault(f"profile {profile.code} asks for the period: --period CODE")])
    if profile.as_of is not None and setting.as_of is None:
        missing = "has no day in its name" if profile.as_of == "file_name" else "says no day"
        raise Refused([Fault(f"the file {missing}: give it with --as-of YYYY-MM-DD")])


def _overtaken(profile: Profile, setting: Setting, digest: str) -> str:
    """Return why a snapshot has nothing to add: it was imported, and a newer one after it.

    :raises Refused: it was not, so that it would undo what the newer one says.
    """
    if not isinstance(profile.into, Facts) or setting.as_of is None or not profile.into.facts:
        return ""
    earlier = Entry.objects.filter(
        event=events.FileImported.code, data__profile=profile.code, data__has_key="as_of"
    ).order_by("pk")
    imported = list(earlier.values_list("data__as_of", "data__file_sha256"))
    newest = max((as_of for as_of, _ in imported), default="")
    if setting.as_of.isoformat() >= newest:
        return ""
    if any(sha256 == digest for _, sha256 in imported):
        return f"this file was imported before, and then the snapshot of {newest}"
    message = f"the file is of {setting.as_of}, a snapshot of {newest} was imported already"
    raise Refused([Fault(f"{message}; import snapshots in the order of their days")])


def _stage(
    mapper: Mapper, stream: BinaryIO, staging: Staging, people: People, reading: _Reading
) -> None:
    """Read and map all rows into the temporary tables.

    :raises Refused: with every fault found, up to a hundred.
    """
    profile = mapper.profile
    try:
        table = tables.read(stream, profile.file, columns=profile.columns())
        mapper.sheet = table.sheet
        for row in reading.watch(table.rows):
            mapped = mapper.map(row)
            if mapped is not None:
                people.meet(mapped, mapper)
                staging.add(mapped)
    except tables.Unreadable as unreadable:
        mapper.faults.append(unreadable.fault)
    mapper.finish()
    staging.flush()


def _texts() -> Texts:
    """Return the texts of all editions that were ever in force."""
    editions = rulebooks.adopted_documents()
    return Texts({e.code: {r.code: r.text_sha256 for r in e.requirements} for e in editions})


def _roles(on: date) -> frozenset[str]:
    """Return the roles in which the edition of a day names contacts."""
    edition = rulebooks.current_document(on)
    return frozenset(role.code for role in edition.belonging.contacts) if edition else frozenset()


def _sectors(on: date) -> frozenset[str]:
    """Return the sectors of the edition of a day."""
    edition = rulebooks.current_document(on)
    return frozenset(sector.code for sector in edition.sectors) if edition else frozenset()


def _editions() -> dict[str, Edition]:
    """Return the edition that governs each period."""
    periods = Period.objects.select_related("edition").order_by("pk")
    return {period.code: period.edition.document for period in periods}
