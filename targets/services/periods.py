"""The calendar: a row for each period of the adopted editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

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
from rulebooks.rules.periods import Occurrence
from rulebooks.rules.timeline.cycles import Cycle, Told, cycles
from targets import events, selectors
from targets.models import Period

DAYS = (
    *("about_from", "about_until", "opens_on", "due_on", "late_until"),
    *("evidence_until", "sanctions_on", "publication_on"),
)


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
    locked = Period.objects.of_all().select_for_update().order_by("pk")
    rows = {row.code: row for row in locked}
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


@transaction.atomic
def open_own_periods(*, on: date, by: User) -> list[Period]:
    """Lay out the periods on days of members' own whose window is open, or open again, on a day.

    All members for whom one is due on the same day share it. Twice changes nothing.

    :raises PermissionDenied: ``by`` may not open periods.
    """
    access.require(by, Permission.PERIOD_OPEN)
    editions = {row.code: row for row in Edition.objects.adopted()}
    made = [
        _made(code, editions[edition])
        for code, edition in selectors.own_periods_without_row(list(editions.values()), on=on)
    ]
    Period.objects.bulk_create(made, ignore_conflicts=True)
    by_edition: dict[str, list[str]] = {}
    for period in made:
        by_edition.setdefault(period.edition.code, []).append(period.code)
    for code, codes in sorted(by_edition.items()):
        event = events.PeriodsOpened(edition=code, periods=tuple(sorted(codes)))
        ledger.record(event, subject=editions[code], actor=by, on=on)
    return made


def _made(code: str, edition: Edition) -> Period:
    return Period(code=code, **_wanted(edition.document.period(code), edition))


def _wanted(period: Occurrence, edition: Edition) -> dict[str, Any]:
    days = {name: getattr(period, name) for name in DAYS}
    return days | {
        "name": period.name,
        "rule": period.of,
        "is_own": period.own,
        "edition": edition,
    }


def _laid_out(row: Period | None, cycle: Cycle, edition: Edition) -> Period | None:
    """Save the row of a period as its edition has it; None when it stands so already."""
    wanted = _wanted(cycle.period, edition)
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
