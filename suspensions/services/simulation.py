"""Trying a draft edition on what is stored. Nothing is written but that it was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import access
from accounts.models import User
from accounts.rules import Permission, Role
from ledger import services as ledger
from members import selectors as members
from members.models import Member
from rulebooks import selectors as rulebooks
from rulebooks.rules import document, edition
from suspensions import events, selectors
from suspensions.models import Simulation
from suspensions.rules.simulation.counting import Counts
from suspensions.rules.simulation.simulating import Batch, Days, Known, Outcome, simulate

SHORTEST_PURPOSE = 10  # characters: a word is no purpose


class CannotSimulate(ValueError):
    """The simulation as asked for cannot be run; the message says what to change."""


@dataclass(frozen=True)
class Simulated:
    """The record of a run; and, for a purpose, whoever would come out otherwise."""

    record: Simulation
    named: tuple[Outcome, ...]


def _nobody_waits(_done: int, _of: int) -> None:
    """Tell nobody how far it has come."""


@transaction.atomic
def simulate_draft(
    *,
    text: str,
    days: Days,
    by: User,
    on: date,
    only: Sequence[str] = (),
    purpose: str = "",
    progress: Callable[[int, int], None] = _nobody_waits,
    at_most: int | None = None,
) -> Simulated:
    """Try the draft in ``text`` on what is stored about some days, and record that it was tried.

    With a ``purpose`` the members who would come out otherwise are named, to the person who asked;
    they are not kept. ``at_most`` is how many members there is time for.

    :raises PermissionDenied: ``by`` may not simulate, or asks for names and is no person.
    :raises document.Invalid: the text is no valid edition.
    :raises CannotSimulate: there is nobody to ask about, or too many, or no purpose that says
        anything.
    """
    access.require(by, Permission.EDITION_SIMULATE)
    purpose = purpose.strip()
    _require_purpose(purpose, by)
    draft = document.load(text, edition.Edition)
    asked = selectors.simulated_members(by, only)
    _require_members(asked, only)
    counts, named, count = Counts(), [], asked.count()
    if at_most is not None and count > at_most:
        raise CannotSimulate(f"{count:,} members take too long here; run manage.py simulate")
    for batch in _batches(draft, days, selectors.known_members(asked)):
        counts.add(batch)
        if purpose:
            named += [outcome for outcome in batch.outcomes if outcome.shifts]
        progress(counts.members, count)
    record = _record(draft, text, days, counts, only=only, purpose=purpose, by=by, on=on)
    return Simulated(record, tuple(named))


def _require_purpose(purpose: str, by: User) -> None:
    if not purpose:
        return
    if Role.SYSTEM in by.roles:
        raise PermissionDenied("names are shown to a person; say who asks")
    access.require(by, Permission.MEMBER_VIEW_ALL)
    access.require(by, Permission.CASE_VIEW)
    if len(purpose) < SHORTEST_PURPOSE:
        message = f"say what the names are for, in at least {SHORTEST_PURPOSE} characters"
        raise CannotSimulate(message)


def _require_members(asked: QuerySet[Member], only: Sequence[str]) -> None:
    found = set(asked.values_list("code", flat=True)) if only else set()
    if missing := [code for code in only if code not in found]:
        raise CannotSimulate(f"{', '.join(missing)}: there is no such member; write M0001,M0002")
    if not asked.exists():
        raise CannotSimulate("there are no members to try it on")


def _batches(draft: edition.Edition, days: Days, known: Iterator[list[Known]]) -> Iterator[Batch]:
    editions = rulebooks.adopted_documents()
    yield from simulate(editions, draft, members.initiative_facts(), known, days)


def _record(
    draft: edition.Edition,
    text: str,
    days: Days,
    counts: Counts,
    *,
    only: Sequence[str],
    purpose: str,
    by: User,
    on: date,
) -> Simulation:
    """Record a run: its parameters and its counts."""
    record = Simulation.objects.create(
        edition=draft.code,
        sha256=sha256(text.encode()).hexdigest(),
        title=draft.title,
        first_on=days.first,
        last_on=days.last,
        only=sorted(set(only)),
        purpose=purpose,
        names_shown=bool(purpose),
        counts=counts.as_json(),
        paper=None if only else counts.paper(),
        ran_at=timezone.now(),
        ran_by=by,
    )
    ledger.record(_event(record), subject=record, actor=by, on=on)
    return record


def _event(record: Simulation) -> events.DraftSimulated:
    return events.DraftSimulated(
        edition=record.edition,
        sha256=record.sha256,
        first_on=record.first_on,
        last_on=record.last_on,
        members=record.counts["members"],
        changed=record.counts["changed"],
        named=record.names_shown,
    )
