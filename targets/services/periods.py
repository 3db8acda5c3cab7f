"""The calendar: a row for each period of the adopted editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import models, transaction
from django.utils import timezone

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from members import selectors as members
from rulebooks import selectors as rulebooks
from rulebooks.models import Edition
from rulebooks.rules.facts import known
from rulebooks.rules.timeline.cycles import Cycle, Told, cycles
from targets import events
from targets.models import Period

DAYS = ("about_from", "about_until", "opens_on", "due_on", "late_until")


@transaction.atomic
def open_periods(*, edition: Edition, by: User, on: date) -> list[Period]:
    """Lay out the calendar that holds since ``edition`` was adopted; return what is new or moved.

    A period is governed by the edition that binds when its window opens, as in the timeline. One
    that no adopted edition has any more goes, unless a return or an extension rests on it. Twice
    changes nothing.

    :raises PermissionDenied: ``by`` may not open periods.
    """
    access.require(by, Permission.PERIOD_OPEN)
    list(Edition.objects.adopted().select_for_update().order_by("pk"))  # one at a time
    editions = {row.code: row for row in Edition.objects.adopted()}
    rows = {row.code: row for row in Period.objects.select_for_update().order_by("pk")}
    told = Told.of(known(members.initiative_facts(), at=timezone.now()))
    calendar = cycles(rulebooks.adopted_documents(), replace(told, cancelled=frozenset()))
    governed = {cycle.period.code: cycle for cycle in calendar}
    changed = [
        _laid_out(rows.get(code), cycle, editions[cycle.edition.code])
        for code, cycle in governed.items()
    ]
    changed = [period for period in changed if period is not None]
    gone = [row for code, row in rows.items() if code not in governed]
    withdrawn = [row.code for row in gone if _withdraw(row)]
    if changed or withdrawn:
        event = events.PeriodsOpened(
            edition=edition.code,
            periods=tuple(period.code for period in changed),
            withdrawn=tuple(withdrawn),
        )
        ledger.record(event, subject=edition, actor=by, on=on)
    return changed


def _laid_out(row: Period | None, cycle: Cycle, edition: Edition) -> Period | None:
    """Save the row of a period as its edition has it; None when it stands so already."""
    wanted = {name: getattr(cycle.period, name) for name in ("name", *DAYS)} | {"edition": edition}
    if row is not None and all(getattr(row, name) == value for name, value in wanted.items()):
        return None
    row = row or Period(code=cycle.period.code)
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save()
    return row


def _withdraw(row: Period) -> bool:
    """Remove the row of a period that no edition has; False when something rests on it."""
    try:
        with transaction.atomic():
            row.delete()
    except models.ProtectedError:
        return False
    return True
