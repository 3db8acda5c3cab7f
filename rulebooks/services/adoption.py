"""Adopting an edition, on the recorded decision of a body."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import access
from accounts.models import User
from accounts.rules import Permission
from ledger import services as ledger
from ledger.models import Entry
from rulebooks import events, selectors
from rulebooks.models import Edition
from rulebooks.rules import adoption
from rulebooks.services.drafting import NotADraft


class CannotAdopt(ValueError):
    """Something that adoption asks for is not there; ``missing`` lists all of it."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__("; ".join(missing))


@transaction.atomic
def adopt_edition(*, edition_id: int, decision: int, by: User, on: date) -> Edition:
    """Adopt a draft on a recorded decision. From now on it can no longer be changed.

    ``decision`` is the number of the ledger entry of the resolution that adopts this very text.

    :raises PermissionDenied: ``by`` may not adopt editions.
    :raises NotADraft: it has been adopted already.
    :raises CannotAdopt: it is illustrative, names no legal text, is not countersigned as it stands
        or takes effect on a day that is taken, or the decision is not one to adopt this text.
    """
    access.require(by, Permission.EDITION_ADOPT)
    row = Edition.objects.visible_to(by).select_for_update().get(pk=edition_id)
    if row.status != Edition.Status.DRAFT:
        raise NotADraft(f"edition {row.code} is {row.status}")
    entry = Entry.objects.filter(pk=decision).first()
    missing = (*selectors.missing_for_adoption(row), *_against(entry, row))
    if missing:
        raise CannotAdopt(missing)
    return _adopt(row, entry, by=by, on=on)


def _against(entry: Entry | None, row: Edition) -> tuple[str, ...]:
    if entry is None or entry.event != adoption.RESOLVED or entry.subject != ledger.address(row):
        return (f"no recorded decision on {row.code} has that number",)
    return selectors.refusals(entry, row)


def _adopt(row: Edition, decision: Entry | None, *, by: User, on: date) -> Edition:
    row.status, row.adopted_at, row.adopted_by = Edition.Status.ADOPTED, timezone.now(), by
    row.decision = decision
    row.save(update_fields=["status", "adopted_at", "adopted_by", "decision"])
    event = events.EditionAdopted(
        edition=row.code, sha256=row.sha256, decision=decision.pk if decision else None
    )
    ledger.record(event, subject=row, actor=by, on=on)
    return row


@transaction.atomic
def enact_on_trial(*, edition_id: int, by: User, on: date) -> Edition:
    """Put a draft into force that nobody adopted, to try it: a replay in a scratch database.

    :raises PermissionDenied: ``by`` is not the machine.
    :raises NotADraft: it has been adopted already.
    :raises CannotAdopt: an edition that was adopted by a decision is here.
    """
    access.require(by, Permission.EDITION_TRY)
    row = Edition.objects.select_for_update().get(pk=edition_id)
    if row.status != Edition.Status.DRAFT:
        raise NotADraft(f"edition {row.code} is {row.status}")
    if Edition.objects.filter(decision__isnull=False).exists():
        raise CannotAdopt(("an adopted edition is here, so nothing can be tried here",))
    return _adopt(row, None, by=by, on=on)
